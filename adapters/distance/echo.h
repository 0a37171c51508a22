/*
 * A server that sends back what it gets, within the process that includes this: of a round trip measured with it, what it takes
 * another process to wake up is no part. It is for small messages and belongs into that process's own poll loop.
 *
 * Nobody can keep it from answering: where all places are taken, the connection that was silent longest is closed, and so is one
 * that does not read what it was sent.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#define ECHO_CONNECTIONS 8
/* What to poll: the listener, then a place for each connection. */
#define ECHO_WATCHED (1 + ECHO_CONNECTIONS)
#define ECHO_BYTES 2048

/* Listens on a port of 127.0.0.1 that the kernel chooses; gives it back, or 0 with errno set. */
static uint16_t echo_open(struct pollfd *watched) {
  struct sockaddr_in end = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof end;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&end, length) || listen(listener, SOMAXCONN) ||
      getsockname(listener, (struct sockaddr *)&end, &length))
    return 0;
  for (int n = 0; n < ECHO_WATCHED; n++) watched[n] = (struct pollfd){.fd = n == 0 ? listener : -1, .events = POLLIN};
  return ntohs(end.sin_port);
}

/* Sends back what came; 0 where the connection is of no use any more. */
static int echo_back(int connection) {
  uint8_t bytes[ECHO_BYTES];
  ssize_t got = recv(connection, bytes, sizeof bytes, 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  return got > 0 && send(connection, bytes, (size_t)got, MSG_NOSIGNAL) == got;
}

/* Does what poll found to do. */
static void echo_answer(struct pollfd *watched) {
  static uint64_t turn, heard[ECHO_WATCHED];
  for (int n = 1; n < ECHO_WATCHED; n++) {
    if (watched[n].fd < 0 || watched[n].revents == 0) continue;
    heard[n] = ++turn;
    if (echo_back(watched[n].fd)) continue;
    close(watched[n].fd);
    watched[n].fd = -1;
    heard[n] = 0;
  }
  if (watched[0].revents == 0) return;
  int connection = accept4(watched[0].fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (connection < 0) return;
  int place = 1;
  for (int n = 2; n < ECHO_WATCHED; n++)
    if (heard[n] < heard[place]) place = n;
  if (watched[place].fd >= 0) close(watched[place].fd);
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
  watched[place].fd = connection;
  heard[place] = ++turn;
}
