// Microphone and speaker over one I2S port: nothing of before the recording, nothing of a microphone that is not awake, nothing too loud.
#include "check.h"
#include "plush_port.h"
#include "sound.h"
#include "sound_pins_esp32.h"
#include "sound_pins_esp32.h"
#include "tones.h"
#include "voice.h"
#include <math.h>
#include <unistd.h>

static atomic_bool closing;

// 2^18 clocks after power-on; 2^14 after the clock stood still, with an INMP441.
#define AWAKE_SAMPLES 4096
#define RESUMED_SAMPLES (MICROPHONE_IS_PDM ? 4096 : 256)

/** A room that is loud while the microphone wakes, and then has a voice of 70 dB SPL. Its time waits for the reader of packets. */
static int32_t wakingRoom(long index) {
  while (!encoderHasRoom() && !closing) usleep(100);
  if (index < (fakeInstalls > 1 ? RESUMED_SAMPLES : AWAKE_SAMPLES)) return index % 2 ? 8000000 : -8000000;
  return (int32_t)lrint(26500 * sin(2 * M_PI * 500 * index / 16000.0));
}

static bool recordedTen(void) { return encodedPackets() >= 10; }
static bool hasPlayed(void) { return !speakerIsPlaying(); }
static bool hasHeardSome(void) { return fakeHeardCount > 3000; }

static uint8_t packets[16384];
static size_t recorded;

static void record(void) {
  CHECK(microphoneOpen() && microphoneIsOpen());
  fakeUntil(recordedTen);
  closing = true;
  microphoneClose();
  closing = false;
  CHECK(!microphoneIsOpen());
  recorded = takePackets(packets, sizeof(packets));
  CHECK(recorded > 0 && droppedPackets() == 0);
}

static int peak(void) {
  int most = 0;
  for (long i = 0; i < fakeHeardCount; i++) most = abs(fakeHeard[i]) > most ? abs(fakeHeard[i]) : most;
  return most;
}

static void play(void) {
  CHECK(decoderOpen(100) && speakerPlay());
  CHECK(givePackets(packets, recorded) == recorded);
  endPackets();
  fakeUntil(hasPlayed);
}

/** From `from` on, the voice at its level. */
static void heardVoice(long from) {
  double sum = 0;
  for (long i = from; i < from + 7200; i++) sum += (double)fakeHeard[i] * fakeHeard[i];
  CHECK_WITHIN(20 * log10(sqrt(sum / 7200) / 32768), -22, -18);
}

static void records(void) {
  fakeRoom = wakingRoom;
  record();
  CHECK(fakeFirstTaken == 4160); // 2^18 clocks are 4096 samples, read in chunks of 160
  unsigned made = encodedPackets();
  play();
  CHECK(fakeHeardCount >= (long)(made - 1) * VOICE_FRAME);
  // A microphone that is not awake gives full scale here; the gain, 33 dB at the start, was for what came after.
  heardVoice(800);
}

static void rests(void) {
  fakeRoom = wakingRoom;
  record();
  int before = fakeInstalls;
  microphoneRest();
  record(); // its clock begins anew, and what it says while it wakes is nobody's
  CHECK(fakeInstalls == before + 1);
  // Of a first word no more is lost than the microphone needs.
  CHECK(fakeMicrophoneSamples < RESUMED_SAMPLES + 160 + (encodedPackets() + 1l) * VOICE_FRAME);
  play();
  heardVoice(800);
  record();
  before = fakeInstalls;
  CHECK(microphoneOpen());
  microphoneRest(); // not while it records
  CHECK(microphoneIsOpen());
  closing = true;
  microphoneClose();
  CHECK(fakeInstalls == before);
}

static bool hasClock(void) { return fakeInstalls > 0; }

static void firstWord(void) {
  fakeRoom = wakingRoom;
  microphoneWake();
  fakeUntil(hasClock);
  fakeIdle(16000);
  record();
  CHECK(fakeInstalls == 1 && fakeMicrophoneSamples < 16000 + (encodedPackets() + 1l) * VOICE_FRAME); // nothing was waited for, nothing lost
}

static void nothingOfThePast(void) {
  fakeRoom = wakingRoom;
  record();
  long clocked = fakeMicrophoneSamples;
  fakeIsStale = true; // the microphone's clock has run on: its memory is full of what nobody asked for
  record();
  CHECK(!fakeIsStale && fakeMicrophoneSamples > clocked); // the same clock: no second waking
}

static void amplifierSleeps(void) {
  fakeRoom = wakingRoom;
  record();
  play();
  CHECK(fakeAmplifier <= 0);
  CHECK(peak() <= 11626);
}

static void halts(void) {
  fakeRoom = wakingRoom;
  record();
  CHECK(decoderOpen(100) && speakerPlay());
  CHECK(givePackets(packets, recorded) == recorded); // and no end: it would wait for ever
  fakeUntil(hasHeardSome);
  CHECK(speakerIsPlaying());
  speakerClose();
  long heard = fakeHeardCount;
  CHECK(!speakerIsPlaying() && fakeAmplifier <= 0);
  record(); // and the port is the microphone's again
  CHECK(fakeHeardCount == heard);
}

static void tones(void) {
  fakeRoom = wakingRoom;
  for (int sound = 0; sound < TONES; sound++) {
    speakerClose(); // the tone before it, as jswrap_plush.c does
    toneOpen(sound, 100);
    CHECK(speakerTone());
    if (sound % 2) fakeUntil(hasHeardSome);
  }
  speakerClose();
  CHECK(fakeHeardCount > 0 && peak() <= 11626);
}

static int loudest; // of what the room sends back, in steps of 24 bits for each of 16
static bool isNoisy;

/** A room in which the speaker is heard 50 samples later, and a microphone that needs 2^18 clocks to wake. */
static int32_t echoingRoom(long index) {
  long at = fakeHeardCount - 160 + index % 160 - 50;
  if (index < (fakeInstalls > 1 ? RESUMED_SAMPLES : AWAKE_SAMPLES)) return index % 2 ? 8000000 : -8000000;
  return (at < 0 ? 0 : fakeHeard[at] * loudest) + (isNoisy ? (int32_t)(anyNumber() % 4000) - 2000 : 0);
}

static int echoOf(int hz, int volume) {
  Echo echo;
  echoStart(&echo, hz, 500, volume);
  CHECK(speakerEcho(&echo));
  CHECK(fakeAmplifier <= 0 && !speakerIsPlaying() && !microphoneIsOpen());
  return echoLevel(&echo);
}

static void hearsItself(void) {
  fakeRoom = echoingRoom;
  isNoisy = true;
  if (HEARS_ITSELF == 0) {
    Echo echo;
    echoStart(&echo, 1000, 500, 100);
    CHECK(!speakerEcho(&echo) && fakeHeardCount == 0);
    return;
  }
  loudest = 8; // the speaker's -20 dBFS, 30 dB fainter
  CHECK_WITHIN(echoOf(1000, 100), -5060, -4940);
  CHECK_WITHIN(echoOf(440, 100), -5060, -4940);
  CHECK(peak() <= 11626);
  CHECK(echoOf(1000, 0) < -8500);
  loudest = 0;
  CHECK(echoOf(1000, 100) < -8500); // a speaker that is dead
  fakeRoom = wakingRoom;
  record(); // and the port is the microphone's again
  play();
  CHECK(fakeAmplifier <= 0);
}

static bool isLoud(void) { return microphoneLoudness() > -6000; }

static void loudness(void) {
  fakeRoom = wakingRoom;
  CHECK(microphoneLoudness() == LEVEL_NOTHING);
  CHECK(microphoneOpen());
  uint8_t some[4096];
  for (int i = 0; i < 1000 && encodedPackets() < 30; i++) {
    usleep(1000);
    takePackets(some, sizeof(some));
  }
  CHECK(isLoud());
  CHECK_WITHIN(microphoneLoudness(), -5301 - 50, -5301 + 50); // a sine with a peak of 26500 of 24 bits
  closing = true;
  microphoneClose();
  CHECK(microphoneLoudness() == LEVEL_NOTHING);
}

static void broken(void) {
  fakeRoom = wakingRoom;
  fakeIsBroken = true;
  record(); // silence, but the toy goes on
  play();
  CHECK(fakeHeardCount == 0);
  fakeIsBroken = false;
  record();
  play();
  CHECK(fakeHeardCount > 0);
}

CASES(
  {"a microphone that rests has no clock, and is awake before the next recording", rests},
  {"a recording begins when the microphone is awake, at a voice's level", records},
  {"a toy that has been on for a second records the first word", firstWord},
  {"what the microphone heard before the recording is thrown away", nothingOfThePast},
  {"the amplifier sleeps when nothing is played, and nothing is too loud", amplifierSleeps},
  {"a message that is halted is silent, and the microphone is back", halts},
  {"tones follow one another and can be cut", tones},
  {"it hears its own speaker at a level, or says that it cannot", hearsItself},
  {"the loudness of the room, before the gain", loudness},
  {"a port that refuses gives silence, not a stop", broken},
)
