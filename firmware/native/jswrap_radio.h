// The wrapper functions behind require('radio'); native.d.ts says what each does.
#include "jsvar.h"

bool jswrap_radio_idle(void);
void jswrap_radio_kill(void);
void jswrap_radio_start(JsVar *handlers);
void jswrap_radio_advertise(JsVar *data);
int jswrap_radio_read(JsVar *out);
bool jswrap_radio_send(JsVar *buffer, int offset, int length);
void jswrap_radio_disconnect(void);
