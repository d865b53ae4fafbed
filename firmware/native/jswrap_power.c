// require('power') in the image: deep sleep, why the chip has started, and the time, which outlasts sleep.
#include "jswrap_power.h"
#include "jsinteractive.h"
#include "power.h"

/*JSON{ "type" : "library", "class" : "power"
}
Sleep. */

/*JSON{ "type" : "init", "generate" : "jswrap_power_init"
}*/
void jswrap_power_init(void) {
  static bool hasBegun;
  powerBegin(!hasBegun);
  hasBegun = true;
}

/*JSON{ "type" : "idle", "generate" : "jswrap_power_idle"
}*/
bool jswrap_power_idle(void) {
  powerStep();
  return false;
}

/*JSON{ "type" : "staticmethod", "class" : "power", "name" : "sleep", "generate" : "jswrap_power_sleep",
  "params" : [["mayRecord", "bool", "a touch may open the microphone"], ["seconds", "int", "at most"]]
}*/
void jswrap_power_sleep(bool mayRecord, int seconds) {
  if (seconds < 1) jsExceptionHere(JSET_TYPEERROR, "seconds: less than 1");
  else powerSleep(mayRecord, (uint32_t)seconds);
}

/*JSON{ "type" : "staticmethod", "class" : "power", "name" : "isWokenByPaw", "generate" : "jswrap_power_isWokenByPaw",
  "return" : ["bool", "true, once, after a touch"]
}*/
bool jswrap_power_isWokenByPaw(void) { return powerTakeTouch(); }

/*JSON{ "type" : "staticmethod", "class" : "power", "name" : "isPowerOn", "generate" : "jswrap_power_isPowerOn",
  "return" : ["bool", "true if the power came on"]
}*/
bool jswrap_power_isPowerOn(void) { return powerIsPowerOn(); }

/*JSON{ "type" : "staticmethod", "class" : "power", "name" : "askedS", "generate" : "jswrap_power_askedS",
  "return" : ["float", "seconds"]
}*/
JsVarFloat jswrap_power_askedS(void) { return powerAskedS(); }

/*JSON{ "type" : "staticmethod", "class" : "power", "name" : "sleptS", "generate" : "jswrap_power_sleptS",
  "return" : ["float", "seconds"]
}*/
JsVarFloat jswrap_power_sleptS(void) { return powerSleptS(); }

/*JSON{ "type" : "staticmethod", "class" : "power", "name" : "setTime", "generate" : "jswrap_power_setTime",
  "params" : [["unixS", "float", "seconds"]]
}*/
void jswrap_power_setTime(JsVarFloat unixS) { powerSetTime((int64_t)unixS); }

/*JSON{ "type" : "staticmethod", "class" : "power", "name" : "unixS", "generate" : "jswrap_power_unixS",
  "return" : ["float", "seconds; -1 while not known"]
}*/
JsVarFloat jswrap_power_unixS(void) { return (JsVarFloat)powerUnixS(); }
