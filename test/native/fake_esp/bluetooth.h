// A central and the stack between it and the toy's server, as Bluedroid behaves where it is hard: it takes a value and says "congested", loses
// what it has no memory for, answers late, and calls back while the toy's own call still lasts.
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAKE_CENTRALS 2

typedef struct {
  uint8_t bytes[600];
  size_t length;
} FakeValue;

/** What goes wrong, in percent of calls. */
typedef struct {
  int refuses;      // a value is refused at once (no memory for the message)
  int loses;        // a value is taken and then reported as not sent
  int interrupts;   // Bluedroid's task runs while one of the toy's calls lasts
  int queue;        // values the link holds before it is congested
  int reorders;     // of two values that wait for the stack it looks at the later one first
} FakeTrouble;

extern FakeTrouble fakeTrouble;
extern FakeValue fakeNotified[20000]; // what central 0 got, oldest first
extern size_t fakeNotifiedCount, fakeMostHeld;
extern atomic_bool fakeAdvertises;
extern uint8_t fakeAddress[6], fakeAdvertisement[31];
extern atomic_int fakeLastStatus; // of the last response; -1: none since it was set so

/** Runs Bluedroid's task until nothing waits; time stands still. */
void fakeRun(void);
/** Lets the link carry one value, if it holds any. */
void fakeCarry(void);
void fakePass(uint32_t ms);

// A central's doings; they reach the toy when Bluedroid's task next runs.
void fakeConnect(int central);
void fakeLeave(int central);
void fakeMtu(int central, uint16_t mtu);
void fakeSubscribe(int central, bool on);
void fakeWrite(int central, const uint8_t *bytes, size_t length, bool withResponse);
void fakePrepare(int central, const uint8_t *bytes, size_t length);
bool fakeIsConnected(int central);
/** Events that the toy may miss, as it asked last; -1: never asked. And how often it has asked. */
extern int fakeLatency, fakePaces;
