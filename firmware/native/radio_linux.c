// The Linux board's radio: the central is a process at the other end of the unix socket (air_linux.h).
#include "air_linux.h"
#include "jshardware.h"
#include "meter_linux.h"
#include "radio_port.h"
#include <string.h>

#define RETRY_US 200000 // between attempts to reach a process that is not there

static bool connected, dropped, hasAdvertisement;
static uint8_t advertisement[ADVERTISEMENT_BYTES];
static JsSysTime lastAttempt;

static void advertise(void) {
  if (hasAdvertisement && !connected) airSend(AIR_ADVERTISE, advertisement, ADVERTISEMENT_BYTES);
}

bool radioStart(void) { return airOpen(); }

void radioStop(void) {
  if (connected) radioDisconnect();
  dropped = hasAdvertisement = false;
}

void radioAdvertise(const uint8_t *data) {
  memcpy(advertisement, data, ADVERTISEMENT_BYTES);
  hasAdvertisement = true;
  advertise();
}

bool radioIsConnected(void) { return connected; }

/** The connection has ended, by whomever: what waited to be sent goes with it. */
static RadioEvent gone(void) {
  if (!connected) return RADIO_NOTHING;
  connected = false;
  ringClear(&radioSending);
  advertise();
  return RADIO_DISCONNECTED;
}

void radioDisconnect(void) {
  if (!connected) return;
  while (airIsOpen() && !airSend(AIR_DROP, NULL, 0)) airWait(1000);
  dropped = gone() == RADIO_DISCONNECTED;
}

static void sendWaiting(void) {
  uint8_t length, value[RADIO_VALUE_BYTES];
  while (ringUsed(&radioSending) > 0) {
    ringPeek(&radioSending, 0, &length, 1);
    ringPeek(&radioSending, 1, value, length);
    if (!airSend(AIR_NOTIFY, value, length)) return;
    ringDrop(&radioSending, 1u + length);
  }
}

/** A written value. The ring full, it is lost without a word, as in a chip; the link's credits see to it that it never is. */
static void receive(const uint8_t *value, size_t length) {
  uint8_t head = (uint8_t)length;
  if (connected && length > 0 && length <= RADIO_VALUE_BYTES) ringPut(&radioReceived, &head, 1, value, length);
}

RadioEvent radioStep(int *mtu) {
  uint8_t body[AIR_FRAME_BYTES];
  size_t length;
  int kind;
  if (dropped) {
    dropped = false;
    return RADIO_DISCONNECTED;
  }
  if (!airIsOpen()) {
    if (jshGetSystemTime() - lastAttempt < RETRY_US) return RADIO_NOTHING;
    lastAttempt = jshGetSystemTime();
    if (airOpen()) advertise();
    return RADIO_NOTHING;
  }
  sendWaiting();
  while ((kind = airNext(body, &length)) != 0) {
    if (kind == AIR_CONNECT && length == 2 && !connected) {
      connected = true;
      ringClear(&radioReceived);
      ringClear(&radioSending);
      *mtu = body[0] | body[1] << 8;
      return RADIO_CONNECTED;
    }
    if (kind == AIR_DISCONNECT || kind < 0) {
      RadioEvent event = gone();
      if (event != RADIO_NOTHING) return event;
      if (kind < 0) break;
    }
    if (kind == AIR_WRITE) receive(body, length);
    if (kind == AIR_INPUT && length == 2) pinsInput(body[0], body[1] != 0);
    if (kind == AIR_MARK) meterMark((const char *)body, length);
    if (kind == AIR_ANALOG && length == 3) pinsAnalog(body[0], body[1] | body[2] << 8);
  }
  return RADIO_NOTHING;
}
