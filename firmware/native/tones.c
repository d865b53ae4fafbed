// The sounds that are built in: sixteen animals, and what the toy says about itself. Each is a short call of sliding notes, made of
// integers alone: a C3 has no floating point unit.
#include "tones.h"

#define RATE 16000
#define NOTES 5

// A note slides from one pitch to another in Hz; 0 is a rest. A duration of 0 ends the sound.
typedef struct {
  uint16_t from, to, ms;
} Note;

// The animals in the order of protocol/link/animals.ts: what the toy sings is what the parent is shown.
static const Note SOUNDS[TONES][NOTES] = {
    {{523, 784, 250}, {784, 523, 450}},                                  // cat
    {{392, 262, 130}, {0, 0, 80}, {392, 262, 130}},                      // dog
    {{440, 330, 350}, {330, 440, 350}},                                  // cow
    {{330, 311, 200}, {311, 330, 200}, {330, 294, 300}},                 // sheep
    {{900, 700, 120}, {0, 0, 60}, {900, 700, 120}},                      // duck
    {{262, 220, 180}, {0, 0, 40}, {262, 220, 180}},                      // frog
    {{494, 440, 400}, {0, 0, 100}, {392, 392, 400}},                     // owl
    {{784, 1175, 120}, {1175, 784, 120}, {784, 1175, 240}},              // horse
    {{196, 131, 700}},                                                   // lion
    {{247, 262, 150}, {262, 247, 150}, {247, 262, 150}, {262, 247, 150}}, // bee
    {{1047, 1047, 60}, {0, 0, 40}, {1047, 1047, 60}, {0, 0, 40}, {1319, 1319, 60}}, // mouse
    {{659, 880, 120}, {880, 880, 120}, {0, 0, 40}, {880, 1319, 150}, {1319, 659, 450}}, // rooster
    {{294, 247, 90}, {0, 0, 50}, {294, 247, 90}, {0, 0, 50}, {294, 247, 90}}, // pig
    {{349, 523, 150}, {523, 698, 300}},                                  // elephant
    {{659, 988, 500}, {988, 659, 200}},                                  // wolf
    {{784, 784, 200}, {0, 0, 60}, {622, 622, 300}},                      // cuckoo
    {{523, 523, 150}, {659, 659, 150}, {784, 784, 150}, {1047, 1047, 400}}, // 16 paired
    {{220, 220, 200}, {0, 0, 80}, {175, 175, 400}},                      // 17 error
    {{784, 784, 150}, {659, 659, 150}, {784, 784, 150}, {523, 523, 300}}, // 18 paired yesterday
};

static const Note *note;
static int left, volumePercent, position;
static uint32_t phase;

void toneOpen(int sound, int volume) {
  note = SOUNDS[sound];
  left = NOTES;
  position = 0;
  phase = 0;
  volumePercent = volume < 0 ? 0 : volume > 100 ? 100 : volume;
}

/** A sine of one turn in 65536 steps, by a parabola: within 6 %, which no small speaker shows. */
static int sine(uint32_t turn) {
  int x = (int16_t)(turn & 0xffff);
  int magnitude = x < 0 ? -x : x;
  return (x * (32768 - magnitude)) >> 14;
}

int toneNext(int16_t *samples, int count) {
  int made = 0;
  while (made < count && left > 0 && note->ms > 0) {
    int length = note->ms * (RATE / 1000);
    int pitch = note->from + (note->to - note->from) * position / length;
    int fade = position < 160 ? position : length - position < 160 ? length - position : 160; // 10 ms, against clicks
    phase += (uint32_t)pitch * 65536u / RATE;
    samples[made++] = (int16_t)(sine(phase) / 2 * fade / 160 * volumePercent / 100);
    if (++position < length) continue;
    note++;
    left--;
    position = 0;
  }
  return made;
}
