// The GATT server while the stack's task and the interpreter's run at once: nothing lost untold, order kept.
#include "radio-steps.h"
#include <pthread.h>
#include <sched.h>

static atomic_uint centralRead; // unbroken values that the central has got
static atomic_bool over;

/** Bluedroid's task and the central: writes a row of numbers, checks the row that it gets, and goes away now and then. */
static void *bluedroid(void *unused) {
  uint16_t written = 0, got = 0;
  size_t checked = 0;
  while (!over) {
    fakeRun();
    fakeCarry();
    for (; checked < fakeNotifiedCount; checked++, centralRead++) {
      uint16_t number;
      memcpy(&number, fakeNotified[checked].bytes, 2);
      if (number == 0) got = 0; // a new connection
      CHECK(number == got);
      got++;
    }
    if (anyNumber() % 3 == 0 && ringRoom(&radioReceived) > 4096) {
      fakeWrite(0, (uint8_t *)&written, 2, false);
      written++;
    }
    if (anyNumber() % 4000 == 0) fakeLeave(0);
    if (!fakeIsConnected(0) && fakeAdvertises) {
      written = 0;
      fakeConnect(0);
      fakeMtu(0, 150);
      fakeSubscribe(0, true);
      fakeRun();
    }
    fakePass(1);
    if (anyNumber() % 16 == 0) sched_yield();
  }
  return unused;
}

static void twoTasks(void) {
  pthread_t task;
  uint16_t sent = 0, read = 0;
  unsigned links = 0, taken = 0;
  advertise();
  fakeTrouble = (FakeTrouble){.refuses = 5, .loses = 5, .queue = 4};
  CHECK(pthread_create(&task, NULL, bluedroid, NULL) == 0);
  while (centralRead < 2000 || taken < 1000 || links < 3) {
    uint8_t out[RADIO_VALUE_BYTES];
    RadioEvent event = radioStep(&mtu);
    if (event == RADIO_CONNECTED) links++;
    if (event != RADIO_NOTHING) sent = read = 0;
    if (send((uint8_t *)&sent, 2)) sent++;
    // As jswrap_radio.c: not before it knows.
    for (; radioIsConnected() && receive(out) > 0; read++, taken++) CHECK(memcmp(out, &read, 2) == 0);
    sched_yield();
  }
  over = true;
  pthread_join(task, NULL);
  printf("%u to the central, %u from it, %u connections\n", centralRead, taken, links);
  CHECK(centralRead > 1000 && taken > 500 && links > 1);
}

CASES(
  {"through refusals and losses, values go both ways in order", twoTasks},
)
