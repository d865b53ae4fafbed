// require('radio') in the image: values between JavaScript and the radio's stack, through rings; handlers are called from the interpreter's own
// event queue, never from the stack (stock Espruino frees variables from Bluedroid's task, and races).
#include "jswrap_radio.h"
#include "bytes.h"
#include "jsinteractive.h"
#include "jsparse.h"
#include "meter.h"
#include "radio_port.h"

#define HANDLERS "pawRadio" // in Espruino's hidden root, which keeps them from being collected

/*JSON{ "type" : "library", "class" : "radio"
}
The toy's GATT server. */

Ring radioReceived, radioSending;
static bool started, announced, refused;

static void call(const char *name, JsVar *argument) {
  JsVar *handlers = jsvObjectGetChildIfExists(execInfo.hiddenRoot, HANDLERS);
  JsVar *handler = handlers ? jsvObjectGetChildIfExists(handlers, name) : 0;
  if (handler) jsiQueueEvents(handlers, handler, &argument, argument ? 1 : 0);
  jsvUnLock2(handler, handlers);
}

/*JSON{ "type" : "idle", "generate" : "jswrap_radio_idle"
}*/
bool jswrap_radio_idle(void) {
  int mtu = 0;
  meterSample();
  if (!started) return false;
  RadioEvent event = radioStep(&mtu);
  if (event == RADIO_CONNECTED) {
    announced = refused = false;
    JsVar *argument = jsvNewFromInteger(mtu);
    call("connected", argument);
    jsvUnLock(argument);
  }
  // Not before `connected`: a stack with a task of its own may have values of a central that JavaScript has not heard of.
  bool isKnown = radioIsConnected() || event == RADIO_DISCONNECTED;
  if (isKnown && !announced && ringUsed(&radioReceived) > 0) {
    announced = true; // until the next read: one event for all that came in the meantime
    call("received", 0);
  }
  if (refused && ringRoom(&radioSending) >= RING_BYTES / 2) {
    refused = false;
    call("room", 0);
  }
  if (event == RADIO_DISCONNECTED) call("disconnected", 0);
  return event != RADIO_NOTHING;
}

/*JSON{ "type" : "kill", "generate" : "jswrap_radio_kill"
}*/
void jswrap_radio_kill(void) {
  if (started) radioStop();
  started = false;
}

/*JSON{ "type" : "staticmethod", "class" : "radio", "name" : "start", "generate" : "jswrap_radio_start",
  "params" : [["handlers", "JsVar", "object of four functions"]]
}*/
void jswrap_radio_start(JsVar *handlers) {
  if (!jsvIsObject(handlers)) {
    jsExceptionHere(JSET_TYPEERROR, "handlers: not an object");
    return;
  }
  jsvObjectSetChild(execInfo.hiddenRoot, HANDLERS, handlers);
  if (started) return;
  ringClear(&radioReceived);
  ringClear(&radioSending);
  announced = refused = false;
  started = radioStart();
  if (!started) jsExceptionHere(JSET_ERROR, "radio: none");
}

/*JSON{ "type" : "staticmethod", "class" : "radio", "name" : "advertise", "generate" : "jswrap_radio_advertise",
  "params" : [["data", "JsVar", "31 bytes"]]
}*/
void jswrap_radio_advertise(JsVar *dataVar) {
  BYTES(data);
  if (bytesOpenExactly(&data, dataVar, ADVERTISEMENT_BYTES, "data")) radioAdvertise(data.data);
}

/*JSON{ "type" : "staticmethod", "class" : "radio", "name" : "read", "generate" : "jswrap_radio_read",
  "params" : [["out", "JsVar", "at least 244 bytes"]], "return" : ["int", "length; 0 if none waits"]
}*/
int jswrap_radio_read(JsVar *outVar) {
  BYTES(out);
  uint8_t length;
  if (!bytesOpen(&out, outVar, "out")) return 0;
  if (out.length < RADIO_VALUE_BYTES) {
    jsExceptionHere(JSET_TYPEERROR, "out: less than %d bytes", RADIO_VALUE_BYTES);
    return 0;
  }
  announced = false;
  if (ringUsed(&radioReceived) == 0) return 0;
  ringPeek(&radioReceived, 0, &length, 1);
  ringPeek(&radioReceived, 1, out.data, length);
  ringDrop(&radioReceived, 1u + length);
  return length;
}

/*JSON{ "type" : "staticmethod", "class" : "radio", "name" : "send", "generate" : "jswrap_radio_send",
  "params" : [["buffer", "JsVar", ""], ["offset", "int", ""], ["length", "int", ""]], "return" : ["bool", "false: no room"]
}*/
bool jswrap_radio_send(JsVar *bufferVar, int offset, int length) {
  BYTES(buffer);
  if (!bytesOpen(&buffer, bufferVar, "buffer") || !bytesHold(&buffer, offset, length, "buffer")) return false;
  if (length < 1 || length > RADIO_VALUE_BYTES) {
    jsExceptionHere(JSET_TYPEERROR, "length: not 1 to %d", RADIO_VALUE_BYTES);
    return false;
  }
  if (!radioIsConnected()) return false; // nobody to send to; `disconnected` says so
  uint8_t head = (uint8_t)length;
  refused = !ringPut(&radioSending, &head, 1, buffer.data + offset, (size_t)length);
  return !refused;
}

/*JSON{ "type" : "staticmethod", "class" : "radio", "name" : "disconnect", "generate" : "jswrap_radio_disconnect"
}*/
void jswrap_radio_disconnect(void) {
  if (started) radioDisconnect();
}
