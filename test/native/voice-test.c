// The codec's one arena: what comes out of it is what libopus makes with memory of its own, and nothing is ever allocated.
#include "check.h"
#include "voice.h"
#include <math.h>
#include <opus/opus.h>

/** None of ours may call these: the states lie in the arena. */
OpusEncoder *opus_encoder_create(opus_int32 rate, int channels, int application, int *error) {
  (void)rate, (void)channels, (void)application, (void)error;
  fprintf(stderr, "an encoder was allocated\n");
  exit(1);
}
OpusDecoder *opus_decoder_create(opus_int32 rate, int channels, int *error) {
  (void)rate, (void)channels, (void)error;
  fprintf(stderr, "a decoder was allocated\n");
  exit(1);
}

#define FRAMES 20

static void say(int frame, int16_t *samples) {
  for (int i = 0; i < VOICE_FRAME; i++) {
    double t = (frame * VOICE_FRAME + i) / (double)VOICE_RATE;
    samples[i] = (int16_t)lrint(6000 * sin(2 * M_PI * 300 * t) * sin(2 * M_PI * 3 * t) + 1000 * sin(2 * M_PI * 1700 * t));
  }
}

/** A recording of FRAMES packets; returns its bytes. */
static size_t record(uint8_t *out, size_t room) {
  int16_t samples[VOICE_FRAME];
  size_t length = 0;
  CHECK(encoderOpen());
  for (int i = 0; i < FRAMES; i++) {
    say(i, samples);
    encodeFrame(samples);
    length += takePackets(out + length, room - length);
  }
  CHECK(encodedPackets() == FRAMES && droppedPackets() == 0);
  return length;
}

/** Plays it all; returns samples. */
static int play(const uint8_t *bytes, size_t length, int16_t *out, int room) {
  int count, total = 0;
  CHECK(decoderOpen(100));
  for (size_t given = 0; given < length;) {
    size_t taken = givePackets(bytes + given, length - given < 37 ? length - given : 37);
    CHECK(taken > 0);
    given += taken;
    if (given == length) endPackets();
    int16_t samples[VOICE_LONGEST];
    while ((count = decodeNext(samples)) > 0) {
      CHECK(total + count <= room);
      memcpy(out + total, samples, (size_t)count * 2);
      total += count;
    }
    if (given == length) CHECK(count == -1);
  }
  return total;
}

static uint8_t packets[2][FRAMES * 260];
static int16_t heard[2][FRAMES * VOICE_FRAME];

static void sameAgain(void) {
  size_t first = record(packets[0], sizeof(packets[0]));
  int count = play(packets[0], first, heard[0], FRAMES * VOICE_FRAME);
  size_t second = record(packets[1], sizeof(packets[1]));
  CHECK(first == second && memcmp(packets[0], packets[1], first) == 0);
  CHECK(play(packets[1], second, heard[1], FRAMES * VOICE_FRAME) == count);
  CHECK(count == FRAMES * VOICE_FRAME - 104 && memcmp(heard[0], heard[1], (size_t)count * 2) == 0);
}

static void sameAsOwnMemory(void) {
  size_t length = record(packets[0], sizeof(packets[0])), at = 0;
  int count = play(packets[0], length, heard[0], FRAMES * VOICE_FRAME), total = 0;
  OpusDecoder *decoder = malloc((size_t)opus_decoder_get_size(1));
  CHECK(opus_decoder_init(decoder, VOICE_RATE, 1) == OPUS_OK);
  while (at < length) {
    size_t packet = packets[0][at] < 128 ? packets[0][at] : (packets[0][at] & 127u) | (size_t)packets[0][at + 1] << 7;
    at += packets[0][at] < 128 ? 1 : 2;
    total += opus_decode(decoder, packets[0] + at, (opus_int32)packet, heard[1] + total, VOICE_LONGEST, 0);
    at += packet;
  }
  free(decoder);
  CHECK(total == count + 104 && memcmp(heard[0], heard[1] + 104, (size_t)count * 2) == 0);
}

static void quieter(void) {
  size_t length = record(packets[0], sizeof(packets[0]));
  int count = play(packets[0], length, heard[0], FRAMES * VOICE_FRAME), done = 0, got;
  int16_t samples[VOICE_LONGEST];
  CHECK(decoderOpen(50) && givePackets(packets[0], length) == length);
  endPackets();
  while ((got = decodeNext(samples)) > 0) {
    for (int i = 0; i < got; i++) CHECK(abs(samples[i] - heard[0][done + i] / 2) <= 1);
    done += got;
  }
  CHECK(done == count);
}

static void anyBytes(void) {
  for (int round = 0; round < 2000; round++) {
    uint8_t bytes[512];
    int16_t samples[VOICE_LONGEST];
    for (size_t i = 0; i < sizeof(bytes); i++) bytes[i] = (uint8_t)anyNumber();
    CHECK(decoderOpen((int)(anyNumber() % 101)));
    givePackets(bytes, anyNumber() % sizeof(bytes));
    endPackets();
    int rounds = 0, got;
    while ((got = decodeNext(samples)) >= 0) CHECK(got <= VOICE_LONGEST && rounds++ < 600);
    CHECK(givePackets(bytes, 10) == 0); // after its end a stream takes no more
  }
}

static void fullRing(void) {
  int16_t samples[VOICE_FRAME];
  unsigned taken = 0;
  uint8_t out[260];
  CHECK(encoderOpen());
  for (int i = 0; i < 200; i++) {
    say(i, samples);
    encodeFrame(samples);
  }
  CHECK(!encoderHasRoom() && droppedPackets() > 0);
  while (takePackets(out, sizeof(out)) > 0) taken++;
  CHECK(taken > 0 && encodedPackets() == 200);
}

CASES(
  {"recording and playing by turns in one arena is as if each had its own", sameAgain},
  {"the packets decode alike in memory of libopus's own size", sameAsOwnMemory},
  {"half the volume is half the sample", quieter},
  {"random packets end the stream and break nothing", anyBytes},
  {"a full ring drops whole packets and says how many", fullRing},
)
