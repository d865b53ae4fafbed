// require('plush') in the image: microphone, speaker and Opus, in tasks of their own. Half duplex: opening one closes the other.
#include "jswrap_plush.h"
#include "bytes.h"
#include "jsinteractive.h"
#include "plush_port.h"
#include "power.h"
#include "tones.h"
#include "voice.h"

/*JSON{ "type" : "library", "class" : "plush"
}
Microphone, speaker and Opus. */

/*JSON{ "type" : "kill", "generate" : "jswrap_plush_kill"
}*/
void jswrap_plush_kill(void) {
  powerRefuseMicrophone();
  microphoneClose();
  speakerClose();
}

/*JSON{ "type" : "staticmethod", "class" : "plush", "name" : "record", "generate" : "jswrap_plush_record"
}*/
void jswrap_plush_record(void) {
  powerSounds();
  if (powerClaimMicrophone()) return; // what the touch has brought is the beginning
  jswrap_plush_kill();
  if (!microphoneOpen()) jsExceptionHere(JSET_ERROR, "plush: no microphone");
}

/*JSON{ "type" : "staticmethod", "class" : "plush", "name" : "read", "generate" : "jswrap_plush_read",
  "params" : [["out", "JsVar", ""], ["offset", "int", ""], ["length", "int", ""]], "return" : ["int", "bytes moved"]
}*/
int jswrap_plush_read(JsVar *outVar, int offset, int length) {
  BYTES(out);
  if (!bytesOpen(&out, outVar, "out") || !bytesHold(&out, offset, length, "out")) return 0;
  size_t moved = takePackets(out.data + offset, (size_t)length);
  bytesWriteBack(&out);
  return (int)moved;
}

/*JSON{ "type" : "staticmethod", "class" : "plush", "name" : "stop", "generate" : "jswrap_plush_stop"
}*/
void jswrap_plush_stop(void) {
  powerRefuseMicrophone();
  microphoneClose();
}

/*JSON{ "type" : "staticmethod", "class" : "plush", "name" : "recordedMs", "generate" : "jswrap_plush_recordedMs",
  "return" : ["int", "milliseconds"]
}*/
int jswrap_plush_recordedMs(void) { return (int)encodedPackets() * VOICE_FRAME_MS; }

/*JSON{ "type" : "staticmethod", "class" : "plush", "name" : "dropped", "generate" : "jswrap_plush_dropped",
  "return" : ["int", "packets"]
}*/
int jswrap_plush_dropped(void) { return (int)droppedPackets(); }

/*JSON{ "type" : "staticmethod", "class" : "plush", "name" : "level", "generate" : "jswrap_plush_level",
  "return" : ["int", "hundredths of dBFS"]
}*/
int jswrap_plush_level(void) { return microphoneLoudness(); }

/*JSON{ "type" : "staticmethod", "class" : "plush", "name" : "play", "generate" : "jswrap_plush_play",
  "params" : [["volume", "int", "percent"]]
}*/
void jswrap_plush_play(int volume) {
  powerSounds();
  jswrap_plush_kill();
  if (!decoderOpen(volume) || !speakerPlay()) jsExceptionHere(JSET_ERROR, "plush: no speaker");
}

/*JSON{ "type" : "staticmethod", "class" : "plush", "name" : "write", "generate" : "jswrap_plush_write",
  "params" : [["bytes", "JsVar", ""], ["offset", "int", ""], ["length", "int", ""]], "return" : ["int", "bytes taken"]
}*/
int jswrap_plush_write(JsVar *bytesVar, int offset, int length) {
  BYTES(bytes);
  if (!bytesOpen(&bytes, bytesVar, "bytes") || !bytesHold(&bytes, offset, length, "bytes")) return 0;
  if (!speakerIsPlaying()) return 0;
  return (int)givePackets(bytes.data + offset, (size_t)length);
}

/*JSON{ "type" : "staticmethod", "class" : "plush", "name" : "end", "generate" : "jswrap_plush_end"
}*/
void jswrap_plush_end(void) { endPackets(); }

/*JSON{ "type" : "staticmethod", "class" : "plush", "name" : "isPlaying", "generate" : "jswrap_plush_isPlaying",
  "return" : ["bool", "true until the last sample has been heard"]
}*/
bool jswrap_plush_isPlaying(void) { return speakerIsPlaying(); }

/*JSON{ "type" : "staticmethod", "class" : "plush", "name" : "halt", "generate" : "jswrap_plush_halt"
}*/
void jswrap_plush_halt(void) { speakerClose(); }

/*JSON{ "type" : "staticmethod", "class" : "plush", "name" : "tone", "generate" : "jswrap_plush_tone",
  "params" : [["sound", "int", "below TONES"], ["volume", "int", "percent"]]
}*/
void jswrap_plush_tone(int sound, int volume) {
  if (sound < 0 || sound >= TONES) {
    jsExceptionHere(JSET_TYPEERROR, "tone: no such sound");
    return;
  }
  // What a child says or hears is not cut short by a beep.
  if (microphoneIsOpen() || speakerIsPlaying()) return;
  powerSounds();
  speakerClose(); // the tone before it
  toneOpen(sound, volume);
  if (!speakerTone()) jsExceptionHere(JSET_ERROR, "plush: no speaker");
}

/*JSON{ "type" : "staticmethod", "class" : "plush", "name" : "echo", "generate" : "jswrap_plush_echo",
  "params" : [["hz", "int", ""], ["ms", "int", ""], ["volume", "int", "percent"]], "return" : ["int", "hundredths of dBFS"]
}*/
int jswrap_plush_echo(int hz, int ms, int volume) {
  if (hz < ECHO_HZ_LEAST || hz > ECHO_HZ_MOST || ms < ECHO_MS_LEAST || ms > ECHO_MS_MOST) {
    jsExceptionHere(JSET_TYPEERROR, "echo: no such tone");
    return LEVEL_NOTHING;
  }
  Echo echo;
  powerSounds();
  jswrap_plush_kill();
  echoStart(&echo, hz, ms, volume);
  if (!speakerEcho(&echo)) jsExceptionHere(JSET_ERROR, "plush: it cannot hear itself");
  return echoLevel(&echo);
}
