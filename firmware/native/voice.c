// The codec between sound and packets: what microphone and speaker tasks of every board share.
#include "voice.h"
#include "level.h"
#include "ring.h"
#include <opus/opus.h>

#define PACKET_LONGEST 1275      // RFC 6716 section 3.4
#define PACKET_LIMIT 250         // of our own: 16 kbit/s never needs more than 164 (docs of the codec's measurements)
#define RESERVE (2 * (PACKET_LIMIT + 2)) // for the packets that a stop still makes
#define PRE_SKIP 104             // samples at 16 kHz: 312 at 48 kHz
// One arena for both, initialised in place: encoder and decoder are never open at once, and the heap has no room that is sure.
#ifdef ESP_PLATFORM
#define ARENA_BYTES 18432        // libopus 1.6.1 in fixed point: the encoder needs 15,228, the decoder 18,340
#else
#define ARENA_BYTES 49152        // libopus 1.3 in floating point needs 43,572
#endif

static _Alignas(16) uint8_t arena[ARENA_BYTES];
static Ring ring;
static atomic_uint packets, dropped;
static int32_t gain; // of the volume, Q15
static int skipLeft;
static atomic_bool ended;    // the stream said so, or broke
static atomic_bool complete; // no more will be given

bool encoderOpen(void) {
  OpusEncoder *encoder = (OpusEncoder *)arena;
  ringClear(&ring);
  packets = dropped = 0;
  if (opus_encoder_get_size(1) > ARENA_BYTES) return false;
  if (opus_encoder_init(encoder, VOICE_RATE, 1, OPUS_APPLICATION_VOIP) != OPUS_OK) return false;
  opus_encoder_ctl(encoder, OPUS_SET_BITRATE(16000));
  opus_encoder_ctl(encoder, OPUS_SET_VBR(1));
  opus_encoder_ctl(encoder, OPUS_SET_VBR_CONSTRAINT(1));
  opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(0));
  opus_encoder_ctl(encoder, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
  opus_encoder_ctl(encoder, OPUS_SET_INBAND_FEC(0));
  opus_encoder_ctl(encoder, OPUS_SET_DTX(0));
  return true;
}

void encodeFrame(const int16_t *samples) {
  uint8_t packet[PACKET_LIMIT], varint[2];
  int length = opus_encode((OpusEncoder *)arena, samples, VOICE_FRAME, packet, PACKET_LIMIT);
  varint[0] = (uint8_t)(length < 128 ? length : length | 128);
  varint[1] = (uint8_t)(length >> 7);
  packets++;
  if (length <= 0 || !ringPut(&ring, varint, length < 128 ? 1 : 2, packet, (size_t)length)) dropped++;
}

bool encoderHasRoom(void) { return ringRoom(&ring) >= PACKET_LIMIT + 2 + RESERVE; }

unsigned encodedPackets(void) { return packets; }
unsigned droppedPackets(void) { return dropped; }

/** Bytes of the oldest packet with its length, or 0 if it is not all there. `head` gets the bytes of the length, `length` the packet's. */
static size_t oldest(size_t *head, size_t *length) {
  uint8_t varint[2];
  size_t used = ringUsed(&ring);
  if (used < 1) return 0;
  ringPeek(&ring, 0, varint, 1);
  *head = varint[0] < 128 ? 1 : 2;
  if (used < *head) return 0;
  if (*head == 2) ringPeek(&ring, 1, varint + 1, 1);
  *length = *head == 1 ? varint[0] : (varint[0] & 127u) | ((size_t)varint[1] << 7);
  return *head + *length;
}

size_t takePackets(uint8_t *out, size_t length) {
  size_t moved = 0, head, packet, whole;
  while ((whole = oldest(&head, &packet)) != 0 && whole <= length - moved) {
    ringPeek(&ring, 0, out + moved, whole);
    ringDrop(&ring, whole);
    moved += whole;
  }
  return moved;
}

bool decoderOpen(int volume) {
  ringClear(&ring);
  ended = complete = false;
  gain = volumeGain(volume);
  skipLeft = PRE_SKIP;
  if (opus_decoder_get_size(1) > ARENA_BYTES) return false;
  return opus_decoder_init((OpusDecoder *)arena, VOICE_RATE, 1) == OPUS_OK;
}

size_t givePackets(const uint8_t *bytes, size_t length) {
  if (ended || complete) return 0;
  size_t room = ringRoom(&ring);
  if (length > room) length = room;
  ringPut(&ring, bytes, length, NULL, 0);
  return length;
}

void endPackets(void) { complete = true; }

int decodeNext(int16_t *samples) {
  uint8_t packet[PACKET_LONGEST];
  size_t head, length;
  bool last = complete; // before looking: what is given before `complete` is set must still be found
  size_t whole = ended ? 0 : oldest(&head, &length);
  if (whole != 0 && (length == 0 || length > PACKET_LONGEST)) ended = true;
  if (ended) return -1;
  if (whole == 0 || whole > ringUsed(&ring)) return last ? -1 : 0;
  ringPeek(&ring, head, packet, length);
  ringDrop(&ring, whole);
  int count = opus_decode((OpusDecoder *)arena, packet, (opus_int32)length, samples, VOICE_LONGEST, 0);
  if (count <= 0) {
    ended = true;
    return -1;
  }
  int skipped = skipLeft < count ? skipLeft : count;
  skipLeft -= skipped;
  for (int i = skipped; i < count; i++) samples[i - skipped] = (int16_t)(samples[i] * gain / 32768);
  return count - skipped;
}
