// Writes to the file PAWPOST_METER the most variables that a program has held, as this machine counts them and as a C3 would, where a
// variable is 13 bytes and holds less text; then how many marks there were, and what a C3 would have held at the last.
#include "meter.h"
#include "jsvar.h"
#include "meter_linux.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_DUMP_STATS_AT(name) (void)(name)
#endif

// Of a JsVar with 12-bit references on a 32-bit machine (jsutils.h, jsvar.h)
#define VAR_BYTES 13
#define STRING_BYTES 8
#define NAME_BYTES 4
#define EXTENSION_BYTES 9

/** Variables that `v`, with the text that hangs on it, takes on a C3. */
static unsigned onChip(JsVar *v) {
  if (jsvIsStringExt(v)) return 0; // counted with the string it extends
  if (jsvIsFlatString(v)) return 1 + (unsigned)(jsvGetStringLength(v) + VAR_BYTES - 1) / VAR_BYTES;
  if (!jsvHasCharacterData(v) || jsvIsNativeString(v) || jsvIsFlashString(v) || jsvIsUTF8String(v)) return 1;
  size_t length = jsvGetStringLength(v), first = jsvIsName(v) ? NAME_BYTES : STRING_BYTES;
  return 1 + (length > first ? (unsigned)(length - first + EXTENSION_BYTES - 1) / EXTENSION_BYTES : 0);
}

/** Counts what is in use, as this machine and as a chip would. */
static void countVariables(unsigned *used, unsigned *usedOnChip) {
  unsigned total = jsvGetMemoryTotal();
  *used = *usedOnChip = 0;
  for (unsigned i = 1; i <= total; i++) {
    JsVar *v = _jsvGetAddressOf((JsVarRef)i);
    if ((v->flags & JSV_VARTYPEMASK) == JSV_UNUSED) continue;
    (*used)++;
    *usedOnChip += onChip(v);
    if (jsvIsFlatString(v)) {
      unsigned blocks = (unsigned)jsvGetFlatStringBlocks(v);
      *used += blocks;
      i += blocks;
    }
  }
}

static unsigned peak, peakOnChip; // the most so far
static unsigned marks, heldAtMark; // marks so far; what a C3 would hold at the last of them, garbage not counted

/** The file for what is measured; -1 if nobody wants it. */
static int meterFile(void) {
  static int file = -2;
  if (file == -2) {
    const char *path = getenv("PAWPOST_METER");
    file = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
  }
  return file;
}

static void writeMeter(void) {
  char text[64];
  int length = snprintf(text, sizeof(text), "%8u %8u %8u %8u\n", peak, peakOnChip, marks, heldAtMark);
  if (pwrite(meterFile(), text, (size_t)length, 0) != length) exit(1);
}

void meterSample(void) {
  unsigned used, usedOnChip;
  if (meterFile() < 0) return;
  countVariables(&used, &usedOnChip);
  if (used <= peak && usedOnChip <= peakOnChip) return;
  // Garbage does not count: Espruino collects it when it needs the room.
  jsvGarbageCollect();
  countVariables(&used, &usedOnChip);
  if (used <= peak && usedOnChip <= peakOnChip) return;
  if (used > peak) peak = used;
  if (usedOnChip > peakOnChip) peakOnChip = usedOnChip;
  writeMeter();
}

void meterMark(const char *name, size_t length) {
  char text[32];
  snprintf(text, sizeof(text), "%.*s", (int)length, name);
  CALLGRIND_DUMP_STATS_AT(text);
  if (meterFile() < 0) return;
  unsigned used;
  jsvGarbageCollect();
  countVariables(&used, &heldAtMark);
  marks++;
  writeMeter();
}
