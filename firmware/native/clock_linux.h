// The Linux board's clock: PAWPOST_CLOCK=20 lets a day of the toy's pass in a twentieth of it, for tests of long lives.
#ifndef PAWPOST_CLOCK_LINUX_H
#define PAWPOST_CLOCK_LINUX_H

/** The world's microseconds for `us` of the toy's. */
long clockOutside(long us);

#endif
