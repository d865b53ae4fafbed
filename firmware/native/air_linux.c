// The Linux board's one line to the outside: frames over the unix socket PAWPOST_RADIO, for the radio's values and the pins.
#define _GNU_SOURCE
#include "air_linux.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define HEAD_BYTES 3

static int line = -1;
static uint8_t incoming[HEAD_BYTES + AIR_FRAME_BYTES];
static size_t have;

bool airIsOpen(void) { return line >= 0; }

bool airOpen(void) {
  const char *path = getenv("PAWPOST_RADIO");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (line >= 0) return true;
  if (!path || strlen(path) >= sizeof(address.sun_path)) return false;
  strcpy(address.sun_path, path);
  line = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  // Small, so that a reader who does not read is felt here, as congestion is on a radio.
  int buffer = 4608;
  setsockopt(line, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof(buffer));
  if (connect(line, (struct sockaddr *)&address, sizeof(address)) != 0) {
    close(line);
    line = -1;
  }
  have = 0;
  return line >= 0;
}

static int cut(void) {
  close(line);
  line = -1;
  return -1;
}

/** Reads until `want` bytes of the frame are here. 1: they are; 0: not yet; -1: the line has been cut. */
static int fill(size_t want) {
  while (have < want) {
    ssize_t got = read(line, incoming + have, want - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return 0;
    if (got <= 0) return cut();
    have += (size_t)got;
  }
  return 1;
}

int airNext(uint8_t *body, size_t *length) {
  if (line < 0) return 0;
  int state = fill(HEAD_BYTES);
  if (state <= 0) return state;
  *length = incoming[1] | (size_t)incoming[2] << 8;
  if (*length > AIR_FRAME_BYTES) return cut();
  state = fill(HEAD_BYTES + *length);
  if (state <= 0) return state;
  memcpy(body, incoming + HEAD_BYTES, *length);
  have = 0;
  return incoming[0];
}

bool airSend(int kind, const uint8_t *body, size_t length) {
  uint8_t frame[HEAD_BYTES + AIR_FRAME_BYTES] = {(uint8_t)kind, (uint8_t)length, (uint8_t)(length >> 8)};
  if (line < 0) return false;
  memcpy(frame + HEAD_BYTES, body, length);
  ssize_t sent = send(line, frame, HEAD_BYTES + length, MSG_NOSIGNAL);
  if (sent < 0) return false; // also when the line is cut: the next read finds out
  // A frame once begun must be finished, or all that follows is out of step.
  for (size_t done = (size_t)sent; done < HEAD_BYTES + length;) {
    struct pollfd room = {line, POLLOUT, 0};
    poll(&room, 1, 1000);
    sent = send(line, frame + done, HEAD_BYTES + length - done, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (sent > 0) done += (size_t)sent;
  }
  return true;
}

void airWait(long us) {
  struct pollfd reading = {line, POLLIN, 0};
  struct timespec time = {us / 1000000, us % 1000000 * 1000};
  ppoll(&reading, line >= 0 ? 1 : 0, &time, NULL);
}
