// require('program') in the image, and what of Espruino must give way to signed programs: its own boot code, its saved state, and writes to
// flash. Needs the linker's --wrap for each __wrap_ here; without it, __real_ is missing and the image is not linked.
#include "jswrap_program.h"
#include "bytes.h"
#include "jsinteractive.h"
#include "jsparse.h"
#include "power.h"
#include "program.h"
#include "program_layout.h"
#include "program_running.h"

/** As long as the program's own (firmware/main.ts): longer than evaluating it takes. */
#define WATCHDOG_S 30

/*JSON{ "type" : "library", "class" : "program"
}
Signed programs: receiving, confirming. */

bool __real_jsfLoadBootCodeFromFlash(bool isReset);
void __real_jsfLoadStateFromFlash(void);
void __real_jsfSaveToFlash(void);

bool __wrap_jsfLoadBootCodeFromFlash(bool isReset) {
  if (runsUnsigned()) return __real_jsfLoadBootCodeFromFlash(isReset);
  if (isReset) return false; // reset(), said on the cable: a console without the program
  const uint8_t *code;
  uint32_t length;
  if (!programStart(powerHasSlept(), &code, &length)) return false;
  jsiStatus |= JSIS_WATCHDOG_AUTO;
  jshEnableWatchDog(WATCHDOG_S);
  // A string over the flash, so that the bodies of functions stay there.
  JsVar *source = jsvNewNativeString((char *)code, length);
  if (source) jsvUnLock2(jspEvaluateVar(source, 0, "program"), source);
  jsiCheckErrors(false);
  return true;
}

/** Variables that save() left in Storage are code, too. */
void __wrap_jsfLoadStateFromFlash(void) {
  if (runsUnsigned()) __real_jsfLoadStateFromFlash();
}

/** Nor are they kept: save() stops the interpreter first, and a refused write would then be raised in what is no more. */
void __wrap_jsfSaveToFlash(void) {
  if (runsUnsigned()) __real_jsfSaveToFlash();
  else jsiConsolePrint("Not in this image.\n");
}

static bool mayWrite(uint32_t address, uint32_t length) {
#ifdef LINUX
  if (address >= FLASH_START) address -= FLASH_START; // as flash_linux.c does
#endif
  if (programMayWrite(address, length)) return true;
  jsExceptionHere(JSET_ERROR, "flash: not the program's");
  return false;
}

void __wrap_jshFlashErasePage(uint32_t address) {
  if (mayWrite(address & ~(SECTOR_BYTES - 1), SECTOR_BYTES)) flashErase(address);
}

void __wrap_jshFlashWrite(void *bytes, uint32_t address, uint32_t length) {
  if (mayWrite(address, length)) flashWrite(address, bytes, length);
}

/*JSON{ "type" : "hwinit", "generate" : "jswrap_program_hwinit"
}*/
void jswrap_program_hwinit(void) {
  // Referred to from here, what is wrapped cannot be left out by the linker together with the wish to wrap it.
  void *volatile wrapped = (void *)__real_jsfLoadBootCodeFromFlash;
  wrapped = (void *)__real_jsfLoadStateFromFlash;
  wrapped = (void *)__real_jsfSaveToFlash;
  (void)wrapped;
}

/*JSON{ "type" : "staticmethod", "class" : "program", "name" : "take", "generate" : "jswrap_program_take",
  "params" : [["record", "JsVar", "PROGRAM or PIECE"]], "return" : ["bool", "true: a STATE is due"]
}*/
bool jswrap_program_take(JsVar *recordVar) {
  BYTES(record);
  return bytesOpen(&record, recordVar, "record") && programTake(record.data, record.length);
}

/*JSON{ "type" : "staticmethod", "class" : "program", "name" : "state", "generate" : "jswrap_program_state",
  "params" : [["out", "JsVar", ""], ["offset", "int", ""]], "return" : ["int", "length of STATE"]
}*/
int jswrap_program_state(JsVar *outVar, int offset) {
  BYTES(out);
  if (!bytesOpen(&out, outVar, "out") || !bytesHold(&out, offset, STATE_BYTES, "out")) return 0;
  programState(out.data + offset);
  bytesWriteBack(&out);
  return STATE_BYTES;
}

/*JSON{ "type" : "staticmethod", "class" : "program", "name" : "isReady", "generate" : "jswrap_program_isReady",
  "return" : ["bool", "true: a restart starts a newer program"]
}*/
bool jswrap_program_isReady(void) { return programIsReady(); }

/*JSON{ "type" : "staticmethod", "class" : "program", "name" : "isOnTrial", "generate" : "jswrap_program_isOnTrial",
  "return" : ["bool", "true: an update that has had no healthy link"]
}*/
bool jswrap_program_isOnTrial(void) { return programIsOnTrial(); }

/*JSON{ "type" : "staticmethod", "class" : "program", "name" : "confirm", "generate" : "jswrap_program_confirm"
}*/
void jswrap_program_confirm(void) { programConfirm(); }

/*JSON{ "type" : "staticmethod", "class" : "program", "name" : "own", "generate" : "jswrap_program_own",
  "params" : [["key", "JsVar", "32 bytes"]], "return" : ["bool", "true: the maker's key is this one"]
}*/
bool jswrap_program_own(JsVar *keyVar) {
  BYTES(key);
  return bytesOpenExactly(&key, keyVar, MAKER_KEY_BYTES, "key") && programOwn(key.data);
}
