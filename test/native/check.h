// The little that a test of C needs: cases by name, one a run, and a check that says where it failed.
#ifndef PAWPOST_CHECK_H
#define PAWPOST_CHECK_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *name;
  void (*run)(void);
} Case;

#define CHECK(condition) \
  do { \
    if (!(condition)) { \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      exit(1); \
    } \
  } while (0)

/** As CHECK of `low <= value <= high`; prints the value. */
#define CHECK_WITHIN(value, low, high) \
  do { \
    double checked = (value); \
    if (!(checked >= (low) && checked <= (high))) { \
      fprintf(stderr, "%s:%d: %s is %g, not %g to %g\n", __FILE__, __LINE__, #value, checked, (double)(low), (double)(high)); \
      exit(1); \
    } \
  } while (0)

/** Runs the case that the first argument names. */
static inline int runCase(const Case *cases, size_t count, int argc, char **argv) {
  for (size_t i = 0; argc == 2 && i < count; i++) {
    if (strcmp(cases[i].name, argv[1]) != 0) continue;
    cases[i].run();
    return 0;
  }
  fprintf(stderr, "no such case\n");
  return 2;
}

/** The program's end: its table of cases, one a line, which native.test.ts reads. */
#define CASES(...) \
  int main(int argc, char **argv) { \
    static const Case cases[] = {__VA_ARGS__}; \
    return runCase(cases, sizeof(cases) / sizeof(*cases), argc, argv); \
  }

/** The same numbers in every run: xorshift. */
static inline unsigned anyNumber(void) {
  static _Thread_local unsigned state = 2463534242u;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

#endif
