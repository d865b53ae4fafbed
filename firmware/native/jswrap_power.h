// require('power') in the image.
#include "jsvar.h"

void jswrap_power_init(void);
bool jswrap_power_idle(void);
void jswrap_power_sleep(bool mayRecord, int seconds);
bool jswrap_power_isWokenByPaw(void);
bool jswrap_power_isPowerOn(void);
JsVarFloat jswrap_power_askedS(void);
JsVarFloat jswrap_power_sleptS(void);
void jswrap_power_setTime(JsVarFloat unixS);
JsVarFloat jswrap_power_unixS(void);
