// The wrapper functions behind require('plush'); native.d.ts says what each does.
#include "jsvar.h"

void jswrap_plush_kill(void);
void jswrap_plush_record(void);
int jswrap_plush_read(JsVar *out, int offset, int length);
void jswrap_plush_stop(void);
int jswrap_plush_recordedMs(void);
int jswrap_plush_dropped(void);
int jswrap_plush_level(void);
void jswrap_plush_play(int volume);
int jswrap_plush_write(JsVar *bytes, int offset, int length);
void jswrap_plush_end(void);
bool jswrap_plush_isPlaying(void);
void jswrap_plush_halt(void);
void jswrap_plush_tone(int sound, int volume);
int jswrap_plush_echo(int hz, int ms, int volume);
