// What programs need of the Linux board: its number, the deadline of a trial, and restarts. A restart ends the process with RESTART_CODE, for
// whoever started it to start it again; so do the watchdog and the deadline.
#define _GNU_SOURCE
#include "jshardware.h"
#include "program_port.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define RESTART_CODE 75
#define BOARD 100 // boards/linux.ts
#define TRIAL_MS 600000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static pthread_t trial;
static bool isTrial;
static struct timespec deadline;
static unsigned watchdogS;

static long numberOf(const char *name, long otherwise) {
  const char *text = getenv(name);
  return text ? atol(text) : otherwise;
}

uint16_t programBoard(void) { return (uint16_t)numberOf("PAWPOST_BOARD", BOARD); }

bool runsUnsigned(void) { return numberOf("PAWPOST_UNSIGNED", 0) == 1; }

/** From a thread or a signal: says why, and leaves at once, as a chip does. */
static void restart(const char *why) {
  if (write(STDERR_FILENO, why, strlen(why)) < 0) _exit(1);
  _exit(RESTART_CODE);
}

static void *waitForEnd(void *unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  while (isTrial)
    if (pthread_cond_timedwait(&ended, &lock, &deadline) == ETIMEDOUT && isTrial) restart("trial: not confirmed in time\n");
  pthread_mutex_unlock(&lock);
  return NULL;
}

void trialStart(void) {
  long ms = numberOf("PAWPOST_TRIAL_MS", TRIAL_MS);
  clock_gettime(CLOCK_REALTIME, &deadline);
  deadline.tv_sec += ms / 1000;
  deadline.tv_nsec += ms % 1000 * 1000000;
  if (deadline.tv_nsec >= 1000000000) {
    deadline.tv_nsec -= 1000000000;
    deadline.tv_sec++;
  }
  isTrial = true;
  if (pthread_create(&trial, NULL, waitForEnd, NULL) != 0) restart("pawpost: no thread for the trial\n");
}

void trialEnd(void) {
  if (!isTrial) return;
  pthread_mutex_lock(&lock);
  isTrial = false;
  pthread_cond_signal(&ended);
  pthread_mutex_unlock(&lock);
  pthread_join(trial, NULL);
}

static void barked(int signal) {
  (void)signal;
  restart("pawpost: watchdog\n");
}

void __wrap_jshEnableWatchDog(JsVarFloat timeoutS) {
  watchdogS = timeoutS < 1 ? 1 : (unsigned)(timeoutS + 0.5);
  signal(SIGALRM, barked);
  alarm(watchdogS);
}

void __wrap_jshKickWatchDog(void) {
  if (watchdogS > 0) alarm(watchdogS);
}

void __wrap_jshReboot(void) { exit(RESTART_CODE); }
