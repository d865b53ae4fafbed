// The GATT server against a stack that loses, refuses, congests and interrupts: nothing lost without being told, order kept, one central.
#include "radio-steps.h"

static void carryAll(void) {
  for (int i = 0; i < 200; i++) {
    fakeCarry();
    step();
  }
}

static void bothWays(void) {
  uint8_t out[RADIO_VALUE_BYTES], bytes[RADIO_VALUE_BYTES];
  meet(247);
  CHECK(mtu == 247);
  for (int i = 0; i < RADIO_VALUE_BYTES; i++) bytes[i] = (uint8_t)i;
  fakeWrite(0, bytes, RADIO_VALUE_BYTES, false);
  fakeWrite(0, bytes + 7, 1, true);
  step();
  CHECK(fakeLastStatus == 0);
  CHECK(receive(out) == RADIO_VALUE_BYTES && memcmp(out, bytes, RADIO_VALUE_BYTES) == 0);
  CHECK(receive(out) == 1 && out[0] == 7 && receive(out) == 0);
  CHECK(send(bytes, 5) && send(bytes, RADIO_VALUE_BYTES));
  carryAll();
  CHECK(fakeNotifiedCount == 2 && fakeNotified[0].length == 5 && fakeNotified[1].length == RADIO_VALUE_BYTES);
  CHECK(memcmp(fakeNotified[1].bytes, bytes, RADIO_VALUE_BYTES) == 0);
}

static void beforeSubscribing(void) {
  uint8_t byte = 1;
  advertise();
  fakeConnect(0);
  fakeWrite(0, &byte, 1, true);
  CHECK(step() == RADIO_NOTHING && !radioIsConnected() && ringUsed(&radioReceived) == 0 && fakeLastStatus == 6);
  fakePass(9000);
  step();
  CHECK(fakeIsConnected(0));
  fakePass(1000);
  step();
  CHECK(!fakeIsConnected(0));
  CHECK(step() == RADIO_NOTHING && fakeAdvertises); // what JavaScript never saw come, it does not see go
}

static void mtuFollowed(void) {
  uint8_t bytes[RADIO_VALUE_BYTES] = {0};
  meet(0);
  CHECK(mtu == 23);
  fakeMtu(0, 100);
  step();
  CHECK(send(bytes, 97));
  carryAll();
  CHECK(fakeNotifiedCount == 1 && fakeNotified[0].length == 97);
  // One byte more would be cut by the stack without a word.
  CHECK(send(bytes, 98) && step() == RADIO_DISCONNECTED);
  carryAll();
  CHECK(fakeNotifiedCount == 1);
  meet(600);
  CHECK(mtu == 247);
}

static void tooLong(void) {
  uint8_t bytes[600] = {0}, out[RADIO_VALUE_BYTES];
  meet(247);
  fakeWrite(0, bytes, RADIO_VALUE_BYTES + 1, true);
  step();
  CHECK(fakeLastStatus == 13);
  fakeWrite(0, bytes, 500, false);
  fakeWrite(0, bytes, 0, false);
  fakePrepare(0, bytes, 18);
  step();
  CHECK(fakeLastStatus == 6 && receive(out) == 0 && radioIsConnected());
}

static void congestion(void) {
  uint8_t bytes[200] = {0};
  fakeTrouble.queue = 4;
  meet(247);
  for (int i = 0; i < 30; i++) {
    bytes[0] = (uint8_t)i;
    CHECK(send(bytes, sizeof(bytes)));
  }
  for (int i = 0; i < 50; i++) step();
  CHECK(fakeMostHeld == 4 && fakeNotifiedCount == 0 && ringUsed(&radioSending) == 26 * 201);
  carryAll();
  CHECK(fakeNotifiedCount == 30 && ringUsed(&radioSending) == 0 && fakeMostHeld == 4);
  for (int i = 0; i < 30; i++) CHECK(fakeNotified[i].bytes[0] == i);
}

static void leaving(void) {
  uint8_t bytes[100] = {0}, out[RADIO_VALUE_BYTES];
  for (int round = 0; round < 3; round++) {
    meet(247);
    for (int i = 0; i < 10; i++) CHECK(send(bytes, sizeof(bytes)));
    fakeWrite(0, bytes, 50, false);
    step();
    if (round == 0) fakeLeave(0);
    if (round == 1) radioDisconnect();
    if (round == 2) fakeSubscribe(0, false);
    CHECK(round != 1 || !radioIsConnected());
    size_t before = fakeNotifiedCount;
    CHECK(step() == RADIO_DISCONNECTED && !send(bytes, 1) && receive(out) == 0 && ringUsed(&radioSending) == 0);
    for (int i = 0; i < 20 && !fakeAdvertises; i++) step();
    CHECK(fakeAdvertises);
    meet(247);
    carryAll();
    CHECK(fakeNotifiedCount == before && receive(out) == 0); // nothing of one connection is left for the next
    fakeLeave(0);
    CHECK(step() == RADIO_DISCONNECTED);
  }
}

static void notLeaving(void) {
  meet(247);
  fakeTrouble.refuses = 100;
  radioDisconnect();
  step();
  CHECK(fakeIsConnected(0));
  fakeTrouble.refuses = 0;
  fakePass(1000);
  CHECK(step() == RADIO_DISCONNECTED && !fakeIsConnected(0));
}

static void second(void) {
  uint8_t byte = 9, out[RADIO_VALUE_BYTES];
  meet(247);
  fakeConnect(1);
  fakeMtu(1, 50);
  fakeSubscribe(1, true);
  fakeWrite(1, &byte, 1, false);
  step();
  CHECK(!fakeIsConnected(1) && fakeIsConnected(0) && radioIsConnected() && receive(out) == 0);
  CHECK(send(out, 244));
  carryAll();
  CHECK(fakeNotifiedCount == 1);
}

static void tooMuch(void) {
  uint8_t bytes[RADIO_VALUE_BYTES] = {0};
  meet(247);
  for (int i = 0; i < 33; i++) fakeWrite(0, bytes, sizeof(bytes), false); // 30 is the widest window
  CHECK(step() == RADIO_NOTHING && radioIsConnected());
  fakeWrite(0, bytes, sizeof(bytes), false);
  CHECK(step() == RADIO_DISCONNECTED && ringUsed(&radioReceived) == 0);
}

static void sleeping(void) {
  uint8_t byte = 1;
  meet(247);
  wakes = 0;
  fakeWrite(0, &byte, 1, false);
  fakeRun();
  CHECK(wakes == 1);
  CHECK(send(&byte, 1) && radioStep(&mtu) == RADIO_NOTHING);
  fakeRun(); // the link has it: there may be room again
  CHECK(wakes == 2);
  fakeLeave(0);
  fakeRun();
  CHECK(wakes == 3 && step() == RADIO_DISCONNECTED);
  CHECK(wakes > 3); // each answer to the advertiser, or its next step would wait
}

static void addresses(void) {
  uint8_t before[6];
  advertise();
  for (int i = 0; i < 20; i++) {
    memcpy(before, fakeAddress, 6);
    CHECK((fakeAddress[0] & 0xC0) == 0xC0);
    fakeTrouble.refuses = i % 2 * 50;
    advertise();
    CHECK(memcmp(before, fakeAddress, 6) != 0);
  }
}

static void restart(void) {
  uint8_t bytes[10] = {0};
  meet(247);
  CHECK(send(bytes, 10));
  radioStop();
  CHECK(!fakeIsConnected(0) && !radioIsConnected() && ringUsed(&radioSending) == 0);
  for (int i = 0; i < 30; i++) step();
  CHECK(!fakeAdvertises);
  meet(100);
  CHECK(mtu == 100);
}

/** Numbered values both ways through every trouble: each side sees an unbroken row, as long as the other's disconnection is not told. */
static void everything(void) {
  uint16_t sent = 0, got = 0, written = 0, read = 0;
  size_t checked = 0;
  unsigned carried = 0, links = 0;
  for (int round = 0; round < 60000; round++) {
    unsigned kind = anyNumber() % 100;
    uint8_t bytes[RADIO_VALUE_BYTES], out[RADIO_VALUE_BYTES];
    if (round % 500 == 0)
      fakeTrouble = (FakeTrouble){(int)(anyNumber() % 30), (int)(anyNumber() % 30), (int)(anyNumber() % 60), 1 + (int)(anyNumber() % 9), 50};
    if (kind < 35) {
      size_t length = 2 + anyNumber() % 90;
      memset(bytes, 0, length);
      memcpy(bytes, &sent, 2);
      if (send(bytes, length)) sent++;
    } else if (kind < 55 && ringUsed(&radioReceived) < RING_BYTES / 2) {
      memcpy(bytes, &written, 2);
      if (fakeIsConnected(0) && radioIsConnected()) {
        fakeWrite(0, bytes, 2 + anyNumber() % 100, false);
        written++;
      }
    } else if (kind < 75) {
      fakeCarry();
    } else if (kind < 90) {
      fakeRun();
    } else if (anyNumber() % 50 == 0) {
      fakeLeave(0);
    }
    if (!fakeIsConnected(0) && fakeAdvertises) {
      fakeConnect(0);
      fakeMtu(0, 150);
      fakeSubscribe(0, true);
    } else if (!fakeAdvertises && round == 0) {
      advertise();
    }
    for (; checked < fakeNotifiedCount; checked++, got++, carried++) CHECK(memcmp(fakeNotified[checked].bytes, &got, 2) == 0);
    fakePass(anyNumber() % 3);
    RadioEvent event = radioStep(&mtu);
    if (event == RADIO_CONNECTED) links++;
    if (event != RADIO_NOTHING) sent = got = written = read = 0;
    while (receive(out) > 0) {
      CHECK(memcmp(out, &read, 2) == 0);
      read++;
    }
    if (fakeNotifiedCount > 19000) fakeNotifiedCount = checked = 0;
  }
  printf("%u values over %u connections\n", carried, links);
  CHECK(carried > 2000 && links > 5);
}

static void pace(void) {
  uint8_t out[RADIO_VALUE_BYTES], bytes[3] = {1, 2, 3};
  meet(247);
  fakePass(9000);
  step();
  CHECK(fakePaces == 0);
  fakePass(1000);
  step();
  CHECK(fakeLatency == 30 && fakePaces == 1);
  fakePass(60000);
  step();
  CHECK(fakePaces == 1); // once
  fakeWrite(0, bytes, 3, false);
  step();
  CHECK(fakeLatency == 0 && receive(out) == 3);
  fakePass(11000);
  step();
  CHECK(fakeLatency == 30);
  CHECK(send(bytes, 3));
  fakePass(1000);
  carryAll();
  CHECK(fakeLatency == 0);
  // A stack that refuses is asked again, once a second.
  fakeTrouble.refuses = 100;
  int before = fakePaces;
  fakePass(10000);
  for (int i = 0; i < 5; i++, fakePass(1000)) step();
  CHECK(fakePaces - before == 5 && fakeLatency == 0);
  fakeTrouble.refuses = 0;
  step();
  CHECK(fakeLatency == 30);
  // The next central begins at its own pace.
  fakeLeave(0);
  step();
  before = fakePaces;
  meet(247);
  step();
  CHECK(fakePaces == before);
}

CASES(
  {"a link on which nothing moves meets seldom, and at each event when something does", pace},
  {"values go both ways, each with its own length", bothWays},
  {"a central that does not subscribe is refused, and after 10 s sent away", beforeSubscribing},
  {"the MTU is followed, and nothing is cut", mtuFollowed},
  {"a write longer than the limit is refused, as are long writes in parts", tooLong},
  {"congestion waits: nothing more is handed over, nothing twice", congestion},
  {"a disconnection empties the rings, and is told", leaving},
  {"a central whose disconnection is refused is sent away again", notLeaving},
  {"a second central is sent away and disturbs nothing", second},
  {"a central that ignores the window is sent away", tooMuch},
  {"the sleeping interpreter is woken for each value, each room and each end", sleeping},
  {"each new advertisement has a new address, even when the controller refuses", addresses},
  {"a restart of JavaScript keeps nothing of the last", restart},
  {"through refusals, losses, interruptions and reordering nothing is lost untold, nothing out of order", everything},
)
