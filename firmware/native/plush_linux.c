// Microphone and speaker of the Linux board, each in a thread: sound comes from the file PAWPOST_MICROPHONE (16 kHz mono PCM of 16 bits, bare
// or as WAV) and goes to the file PAWPOST_SPEAKER (bare PCM). PAWPOST_PACE=fast takes a recording as fast as it is read.
#define _GNU_SOURCE
#include "plush_port.h"
#include "selftest.h"
#include "tones.h"
#include "voice.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake;
static pthread_t task;
static bool running;            // a task exists and must be joined
static atomic_bool stopping;    // it shall end
static atomic_bool playing;
static FILE *microphone, *speaker;
static struct timespec due;
static Meter meter;

static bool isFast(void) {
  const char *pace = getenv("PAWPOST_PACE");
  return pace && !strcmp(pace, "fast");
}

/** Waits until `ms` after the last wait's end, or until the task shall stop. */
static void waitMs(long ms) {
  due.tv_nsec += ms * 1000000;
  due.tv_sec += due.tv_nsec / 1000000000;
  due.tv_nsec %= 1000000000;
  pthread_mutex_lock(&mutex);
  while (!stopping && pthread_cond_timedwait(&wake, &mutex, &due) == 0) {
  }
  pthread_mutex_unlock(&mutex);
}

static bool start(void *(*work)(void *)) {
  static bool clockSet;
  if (!clockSet) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&wake, &attributes);
    clockSet = true;
  }
  stopping = false;
  clock_gettime(CLOCK_MONOTONIC, &due);
  running = pthread_create(&task, NULL, work, NULL) == 0;
  return running;
}

static void stop(void) {
  if (!running) return;
  pthread_mutex_lock(&mutex);
  stopping = true;
  pthread_cond_broadcast(&wake);
  pthread_mutex_unlock(&mutex);
  pthread_join(task, NULL);
  running = false;
}

/** Moves to the samples of a WAV file; a file without its mark is bare PCM. False if it is another kind of sound. */
static bool skipWavHead(FILE *file) {
  uint8_t head[12], chunk[8], format[16];
  if (fread(head, 1, 12, file) != 12 || memcmp(head, "RIFF", 4) || memcmp(head + 8, "WAVE", 4)) {
    rewind(file);
    return true;
  }
  while (fread(chunk, 1, 8, file) == 8 && memcmp(chunk, "data", 4)) {
    long length = (long)(chunk[4] | chunk[5] << 8 | chunk[6] << 16 | (uint32_t)chunk[7] << 24);
    if (!memcmp(chunk, "fmt ", 4)) {
      if (length < 16 || fread(format, 1, 16, file) != 16) return false;
      // PCM, one channel, 16000 Hz, 16 bits
      if (format[0] != 1 || format[2] != 1 || (format[4] | format[5] << 8) != VOICE_RATE || format[14] != 16) return false;
      length -= 16;
    }
    fseek(file, length + (length & 1), SEEK_CUR);
  }
  return !feof(file);
}

/** Samples as a microphone's I2S words. */
static void toWords(const int16_t *samples, int32_t *words, int count) {
  for (int i = 0; i < count; i++) words[i] = samples[i] * 65536;
}

static void *listen(void *unused) {
  int16_t frame[VOICE_FRAME];
  int32_t words[VOICE_FRAME];
  bool fast = isFast(), silent = false;
  while (!stopping) {
    size_t got = silent ? 0 : fread(frame, 2, VOICE_FRAME, microphone);
    if (got < VOICE_FRAME) silent = true; // the file is over, the room is not: it goes on as silence
    memset(frame + got, 0, (VOICE_FRAME - got) * 2);
    if (fast) clock_gettime(CLOCK_MONOTONIC, &due);
    if (!fast || got == 0) waitMs(VOICE_FRAME_MS);
    while (fast && !stopping && !encoderHasRoom()) {
      clock_gettime(CLOCK_MONOTONIC, &due);
      waitMs(1);
    }
    if (stopping) break;
    toWords(frame, words, VOICE_FRAME);
    meterHear(&meter, words, VOICE_FRAME);
    encodeFrame(frame);
  }
  memset(frame, 0, sizeof(frame));
  encodeFrame(frame);
  return unused;
}

void microphoneWake(void) {} // a file does not sleep
void microphoneRest(void) {}

static FILE *openRoom(void) {
  const char *path = getenv("PAWPOST_MICROPHONE");
  FILE *room = path ? fopen(path, "rb") : NULL;
  if (room && skipWavHead(room)) return room;
  if (room) fclose(room);
  return NULL;
}

bool microphoneOpen(void) {
  meterStart(&meter);
  microphone = openRoom();
  if (microphone && encoderOpen() && start(listen)) return true;
  if (microphone) fclose(microphone);
  microphone = NULL;
  return false;
}

bool microphoneIsOpen(void) { return microphone != NULL; }

int microphoneLoudness(void) { return microphone ? meterLevel(&meter) : LEVEL_NOTHING; }

void microphoneClose(void) {
  if (!microphone) return;
  stop();
  fclose(microphone);
  microphone = NULL;
}

/** Plays `count` samples and waits while they are heard. */
static void hear(const int16_t *samples, int count) {
  fwrite(samples, 2, (size_t)count, speaker);
  if (!isFast()) waitMs(count * 1000L / VOICE_RATE);
}

static void *speak(void *unused) {
  int16_t samples[VOICE_LONGEST];
  int count;
  while (!stopping && (count = decodeNext(samples)) >= 0) {
    if (count > 0) {
      hear(samples, count);
    } else {
      clock_gettime(CLOCK_MONOTONIC, &due); // nothing to play yet
      waitMs(1);
    }
  }
  fflush(speaker);
  playing = false;
  return unused;
}

static void *sing(void *unused) {
  int16_t samples[VOICE_FRAME];
  int count;
  while (!stopping && (count = toneNext(samples, VOICE_FRAME)) > 0) hear(samples, count);
  fflush(speaker);
  return unused;
}

/** All that is ever played stands in one file, over power cuts too. */
static bool speakerOpen(void) {
  const char *path = getenv("PAWPOST_SPEAKER");
  if (!speaker && path) speaker = fopen(path, "ab");
  return speaker != NULL;
}

bool speakerPlay(void) {
  playing = speakerOpen() && start(speak);
  return playing;
}

bool speakerTone(void) { return speakerOpen() && start(sing); }

bool speakerIsPlaying(void) { return playing; }

void speakerClose(void) {
  if (microphone) return;
  stop();
  playing = false;
}

/** Takes no time, whatever the pace. The two files may be one: then it hears itself. */
bool speakerEcho(Echo *echo) {
  int16_t samples[VOICE_FRAME];
  int32_t words[VOICE_FRAME];
  bool hearsMore = true;
  stop(); // the tone before it
  FILE *room = openRoom();
  if (!room || !speakerOpen()) {
    if (room) fclose(room);
    return false;
  }
  while (hearsMore) {
    echoMake(echo, samples, VOICE_FRAME);
    fwrite(samples, 2, VOICE_FRAME, speaker);
    fflush(speaker);
    clearerr(room); // what was its end may have grown
    size_t got = fread(samples, 2, VOICE_FRAME, room);
    memset(samples + got, 0, (VOICE_FRAME - got) * 2);
    toWords(samples, words, VOICE_FRAME);
    hearsMore = echoHear(echo, words, VOICE_FRAME);
  }
  fclose(room);
  return true;
}
