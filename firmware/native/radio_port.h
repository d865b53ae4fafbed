// Between require('radio') and the stack that carries its values. The stack's side runs in the interpreter's task here or in its own
// elsewhere: all that passes between them are the two rings and the events, and no JavaScript value.
#ifndef PAWPOST_RADIO_PORT_H
#define PAWPOST_RADIO_PORT_H
#include "ring.h"
#include <stdbool.h>
#include <stdint.h>

#define RADIO_VALUE_BYTES 244 // the longest value: ATT_MTU 247 less 3
#define ADVERTISEMENT_BYTES 31

typedef enum { RADIO_NOTHING, RADIO_CONNECTED, RADIO_DISCONNECTED } RadioEvent;

/** Values, each after its length in one byte: from the central, and to it. */
extern Ring radioReceived, radioSending;

/** Starts the stack. False if there is none. */
bool radioStart(void);
void radioStop(void);
/** Advertises `data` whenever nobody is connected. */
void radioAdvertise(const uint8_t *data);
void radioDisconnect(void);
/** Lets the stack work, if it has no task of its own, and takes the oldest event; `mtu` is set with RADIO_CONNECTED. */
RadioEvent radioStep(int *mtu);
bool radioIsConnected(void);

/** Espruino's own: wakes the interpreter, which else sleeps for up to a second. A stack with a task of its own calls it when there is news. */
void jshHadEvent(void);

#endif
