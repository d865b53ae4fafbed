// The wrapper functions behind require('program'); native.d.ts says what each does.
#include "jsvar.h"

void jswrap_program_hwinit(void);
bool jswrap_program_take(JsVar *record);
int jswrap_program_state(JsVar *out, int offset);
bool jswrap_program_isReady(void);
bool jswrap_program_isOnTrial(void);
void jswrap_program_confirm(void);
bool jswrap_program_own(JsVar *key);
