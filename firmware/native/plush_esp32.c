// Microphone and speaker of an ESP32: one task with a stack for Opus, which does one job at a time. No JavaScript value comes near it.
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "freertos/task.h"
#include "level.h"
#include "plush_port.h"
#include "selftest.h"
#include "sound_esp32.h"
#include "tones.h"
#include "voice.h"
#include <stdatomic.h>
#include <string.h>

#define STACK_BYTES 32768 // libopus's encoder takes 26,748 at most (measured on RV32), and our frames
#define PRIORITY 6        // above the interpreter's 5, or sound would wait for JavaScript; far below Bluetooth's

static TaskHandle_t task;
static SemaphoreHandle_t begin, finished;
static void (*job)(void);
static bool running;         // a job was begun whose end nobody has waited for
static atomic_bool stopping; // it shall end
static atomic_bool playing, listening;
static Level level;
static Meter meter;
static Echo *echo; // of the job `hearItself`; NULL when it could not be

static void work(void *unused) {
  (void)unused;
  for (;;) {
    xSemaphoreTake(begin, portMAX_DELAY);
    job();
    xSemaphoreGive(finished);
  }
}

static void stop(void) {
  if (!running) return;
  stopping = true;
  xSemaphoreTake(finished, portMAX_DELAY);
  running = false;
}

static bool start(void (*next)(void)) {
  if (!begin) begin = xSemaphoreCreateBinary();
  if (!finished) finished = xSemaphoreCreateBinary();
  if (!begin || !finished) return false;
  if (!task && xTaskCreate(work, "voice", STACK_BYTES, NULL, PRIORITY, &task) != pdPASS) return false;
  stop();
  stopping = false;
  job = next;
  running = true;
  xSemaphoreGive(begin);
  return true;
}

static void listen(void) {
  int32_t words[SOUND_CHUNK];
  int16_t frame[VOICE_FRAME];
  bool hears = soundListen(); // else the recording is silent: better than a toy that stops
  microphoneLevelStart(&level);
  while (!stopping) {
    int made = 0;
    for (; made < VOICE_FRAME && !stopping; made += SOUND_CHUNK) {
      if (hears) soundRead(words);
      else vTaskDelay(pdMS_TO_TICKS(10));
      if (!hears) memset(words, 0, sizeof(words));
      meterHear(&meter, words, SOUND_CHUNK);
      microphoneLevel(&level, words, frame + made, SOUND_CHUNK);
    }
    memset(frame + made, 0, (size_t)(VOICE_FRAME - made) * sizeof(*frame));
    encodeFrame(frame);
  }
  memset(frame, 0, sizeof(frame));
  encodeFrame(frame); // brings out the samples that the encoder still looks ahead at
}

static void wake(void) { soundHush(true); }

void microphoneWake(void) { start(wake); }

static void rest(void) { soundRest(); }

void microphoneRest(void) {
  if (!listening && !playing) start(rest);
}

bool microphoneOpen(void) {
  meterStart(&meter);
  listening = encoderOpen() && start(listen);
  return listening;
}

bool microphoneIsOpen(void) { return listening; }

int microphoneLoudness(void) { return listening ? meterLevel(&meter) : LEVEL_NOTHING; }

void microphoneClose(void) {
  if (!listening) return;
  stop();
  listening = false;
}

static void hear(int16_t *samples, int count) {
  speakerLevel(&level, samples, count);
  for (int done = 0; done < count && !stopping; done += SOUND_CHUNK)
    soundWrite(samples + done, count - done < SOUND_CHUNK ? count - done : SOUND_CHUNK);
}

static void speak(void) {
  int16_t samples[VOICE_LONGEST]; // the decoder leaves room for it on this stack
  int count;
  if (soundSpeak()) {
    speakerLevelStart(&level);
    while (!stopping && (count = decodeNext(samples)) >= 0) {
      if (count > 0) hear(samples, count);
      else vTaskDelay(1); // nothing to play yet
    }
  }
  soundHush(stopping);
  playing = false;
}

static void sing(void) {
  int16_t samples[SOUND_CHUNK];
  int count;
  if (soundSpeak()) {
    speakerLevelStart(&level);
    while (!stopping && (count = toneNext(samples, SOUND_CHUNK)) > 0) hear(samples, count);
  }
  soundHush(stopping);
}

bool speakerPlay(void) {
  playing = true; // before the task may set it false
  bool begun = start(speak);
  if (!begun) playing = false;
  return begun;
}

bool speakerTone(void) { return start(sing); }

bool speakerIsPlaying(void) { return playing; }

void speakerClose(void) {
  if (listening) return;
  stop();
  playing = false;
}

static void hearItself(void) {
  int16_t samples[SOUND_CHUNK];
  int32_t words[SOUND_CHUNK];
  if (soundBoth()) {
    speakerLevelStart(&level);
    do {
      echoMake(echo, samples, SOUND_CHUNK);
      speakerLevel(&level, samples, SOUND_CHUNK);
      soundExchange(samples, words);
    } while (echoHear(echo, words, SOUND_CHUNK));
  } else {
    echo = NULL;
  }
  soundHush(true);
}

bool speakerEcho(Echo *next) {
  stop(); // the tone before it
  echo = next;
  if (!start(hearItself)) return false;
  xSemaphoreTake(finished, portMAX_DELAY);
  running = false;
  return echo != NULL;
}
