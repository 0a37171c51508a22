/*
 * A distance made of packets. Usage: tun <mode> [port]...   (mode: "delay", or "reflect" where a qdisc of the device delays)
 *
 * Opens a TUN device, gives it an address L and a peer P, and says "up <device> <L> <P> <port>". Whatever a client of this machine
 * sends to P comes back from the device after the delay as if P had sent it to 127.0.0.1, where the server listens; the
 * server's answers go to P and come back to the client the same way. Both ends speak real TCP over real packets, so the
 * handshake, the slow start and the acknowledgements take the time that they take over such a distance. On the port that it says,
 * this process itself sends back what it gets (echo.h): from P over the distance, from 127.0.0.1 without it.
 *
 * Lines on stdin set "<one-way delay> <jitter> <bytes per second, 0 for no limit>", in nanoseconds. The end of stdin ends
 * this process, and the device with it: nothing of it is kept anywhere.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "echo.h"

/* 198.18.0.0/15 is set aside for measuring networks (RFC 2544); each device takes four addresses of it by its number. */
#define RANGE 0xc6120000u
#define DEVICES 32768u
#define LOOPBACK 0x7f000001u

#define MTU 1500
#define SLOTS 32768u /* packets under way in one direction; more are dropped, as a router would */
#define BURST 64     /* packets read before due ones are looked at again */

/* A sleeping thread wakes late, the later the longer it slept, so the last stretch is spent asking the clock. */
#define SPIN_LEAST 100000
#define SPIN_MOST 1000000

struct packet {
  uint64_t due;
  uint16_t length;
  uint8_t bytes[MTU];
};

/* One direction: a ring, first in first out whatever the jitter. */
struct lane {
  struct packet *packets;
  uint32_t head, tail;
  uint64_t free_at, last_due;
};

static uint64_t delay, jitter, rate;
static uint16_t echo_port;

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

static uint32_t read32(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, 4);
  return ntohl(value);
}

static void write32(uint8_t *at, uint32_t value) {
  value = htonl(value);
  memcpy(at, &value, 4);
}

static uint16_t read16(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }

/* Brings a checksum up to date after one address was put in the place of another (RFC 1624, equation 3). */
static void amend(uint8_t *checksum, uint32_t before, uint32_t after) {
  uint32_t sum = (uint16_t)~read16(checksum);
  sum += (uint16_t)~(before >> 16);
  sum += (uint16_t)~before;
  sum += (uint16_t)(after >> 16);
  sum += (uint16_t)after;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  sum = ~sum;
  checksum[0] = (uint8_t)(sum >> 8);
  checksum[1] = (uint8_t)sum;
}

static int is_open(uint16_t port, int count, char **ports) {
  for (int n = 0; n < count; n++)
    if (port == atoi(ports[n])) return 1;
  return port == echo_port;
}

static int open_device(char *name) {
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device < 0) fail("/dev/net/tun");
  struct ifreq request = {0};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  strcpy(request.ifr_name, "sqlatency%d"); /* the kernel puts in a number that is free */
  if (ioctl(device, TUNSETIFF, &request)) fail("TUNSETIFF");
  strcpy(name, request.ifr_name);
  return device;
}

static void set_address(int socket, struct ifreq *request, unsigned long what, uint32_t address) {
  struct sockaddr_in *in = (struct sockaddr_in *)&request->ifr_addr;
  memset(in, 0, sizeof *in);
  in->sin_family = AF_INET;
  in->sin_addr.s_addr = htonl(address);
  if (ioctl(socket, what, request)) fail("address");
}

/* Addresses, a queue that does not overflow, and leave to deliver to 127.0.0.1: on this device only. */
static void configure(const char *name, uint32_t local, uint32_t peer) {
  int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct ifreq request = {0};
  strcpy(request.ifr_name, name);
  set_address(control, &request, SIOCSIFADDR, local);
  set_address(control, &request, SIOCSIFDSTADDR, peer);
  set_address(control, &request, SIOCSIFNETMASK, 0xffffffffu);
  request.ifr_qlen = 10000;
  if (ioctl(control, SIOCSIFTXQLEN, &request)) fail("queue");
  if (ioctl(control, SIOCGIFFLAGS, &request)) fail("flags");
  request.ifr_flags |= IFF_UP;
  if (ioctl(control, SIOCSIFFLAGS, &request)) fail("up");
  close(control);
  char path[128];
  snprintf(path, sizeof path, "/proc/sys/net/ipv4/conf/%s/route_localnet", name);
  int setting = open(path, O_WRONLY | O_CLOEXEC);
  if (setting < 0 || write(setting, "1", 1) != 1) fail(path);
  close(setting);
}

static void accept_packet(struct lane *lane, const uint8_t *bytes, int length) {
  static uint32_t random = 2463534242u;
  if (lane->tail - lane->head == SLOTS) return;
  uint64_t leaves = now();
  if (rate > 0) {
    if (lane->free_at > leaves) leaves = lane->free_at;
    leaves += (uint64_t)length * 1000000000u / rate;
    lane->free_at = leaves;
  }
  uint64_t due = leaves + delay;
  if (jitter > 0) {
    random ^= random << 13;
    random ^= random >> 17;
    random ^= random << 5;
    due += random % (2 * jitter + 1);
    due = due > jitter ? due - jitter : 0;
  }
  if (due < lane->last_due) due = lane->last_due;
  lane->last_due = due;
  struct packet *packet = &lane->packets[lane->tail++ % SLOTS];
  packet->due = due;
  packet->length = (uint16_t)length;
  memcpy(packet->bytes, bytes, (size_t)length);
}

/* Hands over what is due; gives back when the next one is, or UINT64_MAX. */
static uint64_t deliver(struct lane *lane, int device) {
  while (lane->head != lane->tail) {
    struct packet *packet = &lane->packets[lane->head % SLOTS];
    if (packet->due > now()) return packet->due;
    if (write(device, packet->bytes, packet->length) < 0 && errno == EAGAIN) return packet->due;
    lane->head++;
  }
  return UINT64_MAX;
}

/* Reads settings; 0 at the end of stdin. */
static int obey(void) {
  static char line[128];
  static size_t held;
  ssize_t got = read(STDIN_FILENO, line + held, sizeof line - 1 - held);
  if (got <= 0) return 0;
  held += (size_t)got;
  line[held] = 0;
  if (strchr(line, '\n') == NULL) return held < sizeof line - 1;
  unsigned long long d, j, r;
  if (sscanf(line, "%llu %llu %llu", &d, &j, &r) != 3) return 0;
  delay = d;
  jitter = j;
  rate = r;
  held = 0;
  return 1;
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  int reflects = strcmp(arguments[1], "reflect") == 0;
  prctl(PR_SET_TIMERSLACK, 1);
  char name[IFNAMSIZ];
  int device = open_device(name);
  uint32_t local = RANGE + 4 * ((uint32_t)atoi(name + strlen("sqlatency")) % DEVICES) + 1;
  uint32_t peer = local + 1;
  configure(name, local, peer);
  struct lane lanes[2] = {{0}, {0}};
  for (int n = 0; n < 2; n++) {
    lanes[n].packets = calloc(SLOTS, sizeof(struct packet));
    if (lanes[n].packets == NULL) fail("memory");
  }
  char text[2][INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &(struct in_addr){htonl(local)}, text[0], INET_ADDRSTRLEN);
  inet_ntop(AF_INET, &(struct in_addr){htonl(peer)}, text[1], INET_ADDRSTRLEN);
  struct pollfd watched[2 + ECHO_WATCHED] = {{.fd = device, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
  echo_port = echo_open(watched + 2);
  if (echo_port == 0) fail("echo");
  printf("up %s %s %s %u\n", name, text[0], text[1], echo_port);
  fflush(stdout);

  uint8_t bytes[MTU];
  for (;;) {
    uint64_t next = deliver(&lanes[0], device);
    uint64_t other = deliver(&lanes[1], device);
    if (other < next) next = other;
    struct timespec sleep = {0}, *until = NULL;
    if (next != UINT64_MAX) {
      uint64_t spin = delay / 25;
      if (spin < SPIN_LEAST) spin = SPIN_LEAST;
      if (spin > SPIN_MOST) spin = SPIN_MOST;
      uint64_t at = now();
      uint64_t wait = next > at + spin ? next - at - spin : 0;
      sleep.tv_sec = (time_t)(wait / 1000000000u);
      sleep.tv_nsec = (long)(wait % 1000000000u);
      until = &sleep;
      if (wait == 0) sched_yield(); /* a server on the same processor goes first */
    }
    if (ppoll(watched, 2 + ECHO_WATCHED, until, NULL) <= 0) continue;
    if (watched[1].revents != 0 && !obey()) return 0;
    echo_answer(watched + 2);
    for (int burst = 0; burst < BURST; burst++) {
      ssize_t length = read(device, bytes, sizeof bytes);
      if (length <= 0) break;
      int header = (bytes[0] & 15) * 4;
      /* TCP over IPv4, whole, between this machine and an open port: nothing else goes through. */
      if (bytes[0] >> 4 != 4 || bytes[9] != 6 || (read16(bytes + 6) & 0x3fff) != 0 || length < header + 20) continue;
      uint32_t from = read32(bytes + 12);
      if (read32(bytes + 16) != peer) continue;
      int up = from == local && is_open(read16(bytes + header + 2), count - 2, arguments + 2);
      int down = from == LOOPBACK && is_open(read16(bytes + header), count - 2, arguments + 2);
      if (!up && !down) continue;
      uint32_t to = up ? LOOPBACK : local;
      amend(bytes + 10, from, to);
      amend(bytes + header + 16, from, to);
      write32(bytes + 12, peer);
      write32(bytes + 16, to);
      if (reflects) {
        if (write(device, bytes, (size_t)length) < 0 && errno != EAGAIN) fail("write");
      } else
        accept_packet(&lanes[up ? 0 : 1], bytes, (int)length);
    }
  }
}
