// I2S ports with a room before the microphone and an ear at the speaker, and FreeRTOS's tasks as threads. Time passes as samples do.
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The sample of 24 bits that the room gives after `index` samples of the microphone's clock. */
extern int32_t (*fakeRoom)(long index);
extern atomic_int fakeInstalls;            // of the driver so far
extern atomic_long fakeMicrophoneSamples;  // since its clock started
extern atomic_long fakeFirstTaken;         // index of the first sample that was read in good time (not from the past); -1: none yet
extern int16_t fakeHeard[64 * 16000];
extern atomic_long fakeHeardCount;
extern atomic_bool fakeIsBroken;           // the driver refuses
extern atomic_int fakeAmplifier;           // level of its pin; -1: never set
extern atomic_bool fakeIsStale;            // the microphone's DMA is full of the past

/** Lets time pass in which nobody reads: the microphone's clock, if it has one, fills the DMA. */
void fakeIdle(long samples);
/** Waits until `isSo` says so; the test fails after ten seconds. */
void fakeUntil(bool (*isSo)(void));
