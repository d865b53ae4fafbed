// Writes a built-in sound, as the toy's C makes it, to its output: bare PCM. Arguments: the sound, the volume, how many samples at a time.
#include "tones.h"
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  int16_t samples[4096];
  int count = argc == 4 ? atoi(argv[3]) : 0;
  if (count < 1 || count > 4096) return 2;
  toneOpen(atoi(argv[1]), atoi(argv[2]));
  for (int made; (made = toneNext(samples, count)) > 0;) fwrite(samples, 2, (size_t)made, stdout);
  return toneNext(samples, count) == 0 ? 0 : 1;
}
