// The interpreter's side of the radio, as tests of the GATT server drive it: included once by each.
#include "bluetooth.h"
#include "check.h"
#include "radio_port.h"

Ring radioReceived, radioSending; // as jswrap_radio.c holds them
static int mtu;

static atomic_uint wakes;
void jshHadEvent(void) { wakes++; }

/** The interpreter's step, until nothing more happens; returns the last event. */
static inline RadioEvent step(void) {
  RadioEvent seen = RADIO_NOTHING;
  for (int i = 0; i < 10; i++) {
    RadioEvent event = radioStep(&mtu);
    if (event != RADIO_NOTHING) seen = event;
    fakeRun();
    fakePass(1);
  }
  return seen;
}

static inline bool send(const uint8_t *bytes, size_t length) {
  uint8_t head = (uint8_t)length;
  return radioIsConnected() && ringPut(&radioSending, &head, 1, bytes, length);
}

/** The next value for the toy; returns its length, 0 if none waits. */
static inline size_t receive(uint8_t *out) {
  uint8_t length;
  if (ringUsed(&radioReceived) == 0) return 0;
  ringPeek(&radioReceived, 0, &length, 1);
  ringPeek(&radioReceived, 1, out, length);
  ringDrop(&radioReceived, 1u + length);
  return length;
}

static inline void advertise(void) {
  uint8_t data[ADVERTISEMENT_BYTES];
  CHECK(radioStart());
  for (int i = 0; i < ADVERTISEMENT_BYTES; i++) data[i] = (uint8_t)anyNumber();
  radioAdvertise(data);
  for (int i = 0; i < 100 && !(fakeAdvertises && memcmp(fakeAdvertisement, data, ADVERTISEMENT_BYTES) == 0); i++) {
    step();
    fakePass(100);
  }
  CHECK(fakeAdvertises && memcmp(fakeAdvertisement, data, ADVERTISEMENT_BYTES) == 0);
}

static inline void meet(uint16_t wanted) {
  if (!fakeAdvertises) advertise();
  fakeConnect(0);
  if (wanted) fakeMtu(0, wanted);
  fakeSubscribe(0, true);
  CHECK(step() == RADIO_NOTHING || radioIsConnected());
  CHECK(radioIsConnected());
}
