// A chat server that does the least that one can: a single thread with epoll writes each message to each socket of its
// channel once. It stores nothing, checks nothing and trusts its clients: only the benchmark's generator talks to it.
//
// Usage: limit PORT, on 127.0.0.1; 0 for a free one. Over the descriptor in NODE_CHANNEL_FD, one JSON object a line, it tells
// its port and answers the benchmark's probe, and it ends when that channel closes.
#define _GNU_SOURCE
#include "accept-key.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CHANNELS = 1024, INPUT = 8192, EVENTS = 256, PENDING_MAX = 16 << 20 };
/** Lists that a client is in: all clients, and its channel. */
enum { EVERYONE, CHANNEL, LISTS };

struct client {
  int fd, id, is_open;
  struct list *lists[LISTS];
  int places[LISTS];
  size_t have;
  unsigned char input[INPUT];
  /** What the kernel did not take yet. */
  char *pending;
  size_t pending_length;
};

struct list {
  struct client **members;
  int count, capacity;
};

/** The raw JSON of a value, a string without its quotes. */
struct span {
  const char *at;
  int length;
};

static int poll_fd, listener_fd, runner_fd = -1, last_user_id, last_message_id;
static struct list everyone, channels[CHANNELS];
static char payload[INPUT * 2];

static void *grown(void *memory, size_t bytes) {
  void *larger = realloc(memory, bytes);
  if (!larger) abort();
  return larger;
}

static void watch(int operation, int fd, uint32_t events, void *what) {
  struct epoll_event event = {.events = events, .data.ptr = what};
  epoll_ctl(poll_fd, operation, fd, &event);
}

static void enter(struct client *client, int which, struct list *list) {
  if (client->lists[which]) return;
  if (list->count == list->capacity) {
    list->capacity = list->capacity ? 2 * list->capacity : 64;
    list->members = grown(list->members, (size_t)list->capacity * sizeof *list->members);
  }
  client->lists[which] = list;
  client->places[which] = list->count;
  list->members[list->count++] = client;
}

static void leave(struct client *client, int which) {
  struct list *list = client->lists[which];
  if (!list) return;
  struct client *last = list->members[--list->count];
  list->members[client->places[which]] = last;
  last->places[which] = client->places[which];
}

static void drop(struct client *client) {
  for (int which = 0; which < LISTS; which += 1) leave(client, which);
  close(client->fd);
  free(client->pending);
  free(client);
}

/** Never drops the client, which may be in a list that is being gone through: epoll tells of the shutdown later. */
static void write_to(struct client *client, const char *bytes, size_t length) {
  size_t written = 0;
  if (client->pending_length == 0) {
    ssize_t taken = send(client->fd, bytes, length, MSG_NOSIGNAL);
    if (taken == (ssize_t)length) return;
    if (taken < 0 && errno != EAGAIN) return;
    written = taken < 0 ? 0 : (size_t)taken;
    watch(EPOLL_CTL_MOD, client->fd, EPOLLIN | EPOLLOUT, client);
  }
  size_t rest = length - written;
  if (client->pending_length + rest > PENDING_MAX) {
    shutdown(client->fd, SHUT_RDWR);
    return;
  }
  client->pending = grown(client->pending, client->pending_length + rest);
  memcpy(client->pending + client->pending_length, bytes + written, rest);
  client->pending_length += rest;
}

static void write_pending(struct client *client) {
  ssize_t taken = send(client->fd, client->pending, client->pending_length, MSG_NOSIGNAL);
  if (taken < 0) return;
  client->pending_length -= (size_t)taken;
  memmove(client->pending, client->pending + taken, client->pending_length);
  if (client->pending_length == 0) watch(EPOLL_CTL_MOD, client->fd, EPOLLIN, client);
}

/** Writes the JSON in `payload` as one text frame. `list` null: to the client alone. */
static void write_event(struct client *client, struct list *list, int length) {
  static char frame[sizeof payload + 4];
  size_t head = length < 126 ? 2 : 4;
  frame[0] = (char)0x81;
  frame[1] = (char)(length < 126 ? length : 126);
  if (head == 4) frame[2] = (char)(length >> 8), frame[3] = (char)length;
  memcpy(frame + head, payload, (size_t)length);
  if (!list) write_to(client, frame, head + (size_t)length);
  else
    for (int index = 0; index < list->count; index += 1) write_to(list->members[index], frame, head + (size_t)length);
}

#define EVENT(client, list, ...) write_event(client, list, snprintf(payload, sizeof payload, __VA_ARGS__))
#define USER "{\"id\":%d,\"username\":\"user%d\"}"

/** `name` with its quotes and colon. Within a string it cannot occur, since quotes are escaped there. */
static struct span field(const char *json, const char *name) {
  const char *at = strstr(json, name);
  if (!at) return (struct span){"", 0};
  at += strlen(name);
  const char *end = at;
  if (*at != '"') return (struct span){at, (int)strcspn(at, ",}")};
  for (end = ++at; *end && *end != '"'; end += 1)
    if (*end == '\\' && end[1]) end += 1;
  return (struct span){at, (int)(end - at)};
}

static int is(struct span span, const char *text) {
  return span.length == (int)strlen(text) && memcmp(span.at, text, (size_t)span.length) == 0;
}

static void send_message(struct client *client, int channel, struct span content) {
  struct timespec now;
  char stamp[32];
  clock_gettime(CLOCK_REALTIME, &now);
  strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", gmtime(&now.tv_sec));
  EVENT(client, &channels[channel],
        "{\"type\":\"new_message\",\"channel_id\":%d,\"data\":{\"id\":%d,\"channel_id\":%d,\"content\":\"%.*s\","
        "\"timestamp\":\"%s.%03ldZ\",\"author\":" USER "}}",
        channel, ++last_message_id, channel, content.length, content.at, stamp, now.tv_nsec / 1000000, client->id,
        client->id);
}

static void handle_command(struct client *client, const char *json) {
  struct span type = field(json, "\"type\":");
  int channel = atoi(field(json, "\"channel_id\":").at);
  if (channel < 0 || channel >= CHANNELS) return;
  struct list *room = &channels[channel];
  if (is(type, "join_channel")) {
    enter(client, CHANNEL, room);
    EVENT(client, NULL, "{\"type\":\"channel_synced\",\"channel_id\":%d}", channel);
  } else if (is(type, "chat_message")) {
    send_message(client, channel, field(json, "\"content\":"));
  } else if (is(type, "typing")) {
    EVENT(client, room, "{\"type\":\"typing\",\"channel_id\":%d,\"user\":" USER "}", channel, client->id, client->id);
  } else if (is(type, "reaction_add")) {
    struct span message = field(json, "\"message_id\":"), emoji = field(json, "\"emoji\":");
    EVENT(client, room,
          "{\"type\":\"reaction_updated\",\"channel_id\":%d,\"data\":{\"message_id\":%.*s,\"emoji\":\"%.*s\",\"user\":" USER "}}",
          channel, message.length, message.at, emoji.length, emoji.at, client->id, client->id);
  } else if (is(type, "set_status")) {
    struct span status = field(json, "\"status\":");
    EVENT(client, &everyone, "{\"type\":\"user_status_changed\",\"user_id\":%d,\"status\":\"%.*s\"}", client->id,
          status.length, status.at);
  } else if (is(type, "heartbeat")) {
    EVENT(client, NULL, "{\"type\":\"heartbeat_ack\",\"timestamp\":%ld}", (long)time(NULL));
  }
}

/** Answers the handshake once its head is there. The number of bytes that were used; -1: not a handshake. */
static int open_socket(struct client *client) {
  static const char name[] = "Sec-WebSocket-Key: ";
  char *head = (char *)client->input, accept[29], answer[160];
  head[client->have] = 0;
  char *end = strstr(head, "\r\n\r\n"), *key = strstr(head, name);
  if (!end) return 0;
  if (!key) return -1;
  accept_key(key + strlen(name), accept);
  int length = snprintf(answer, sizeof answer,
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Accept: %s\r\n\r\n",
                        accept);
  write_to(client, answer, (size_t)length);
  client->is_open = 1;
  client->id = ++last_user_id;
  enter(client, EVERYONE, &everyone);
  EVENT(client, NULL, "{\"type\":\"connection_established\",\"user_id\":%d}", client->id);
  return (int)(end + 4 - head);
}

/** Handles one frame. The number of bytes that were used; 0: it is not complete; -1: the client closes. */
static int read_frame(struct client *client, const unsigned char *bytes, size_t have) {
  static char text[INPUT];
  if (have < 2) return 0;
  size_t length = bytes[1] & 0x7f, head = length == 126 ? 8 : 6;
  if (length == 127 || (bytes[0] & 0x0f) == 8) return -1;
  if (have < head) return 0;
  if (length == 126) length = (size_t)(bytes[2] << 8 | bytes[3]);
  if (head + length >= INPUT) return -1;
  if (have < head + length) return 0;
  for (size_t index = 0; index < length; index += 1)
    text[index] = (char)(bytes[head + index] ^ bytes[head - 4 + index % 4]);
  text[length] = 0;
  if ((bytes[0] & 0x0f) == 1) handle_command(client, text);
  return (int)(head + length);
}

static void read_from(struct client *client) {
  ssize_t length = read(client->fd, client->input + client->have, INPUT - 1 - client->have);
  if (length < 0 && errno == EAGAIN) return;
  if (length <= 0) return drop(client);
  client->have += (size_t)length;
  size_t used = 0;
  for (;;) {
    int step = client->is_open ? read_frame(client, client->input + used, client->have - used) : open_socket(client);
    if (step < 0) return drop(client);
    if (step == 0) break;
    used += (size_t)step;
  }
  client->have -= used;
  memmove(client->input, client->input + used, client->have);
}

static void accept_clients(void) {
  for (;;) {
    int fd = accept4(listener_fd, NULL, NULL, SOCK_NONBLOCK), on = 1;
    if (fd < 0) return;
    struct client *client = calloc(1, sizeof *client);
    if (!client) abort();
    client->fd = fd;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(EPOLL_CTL_ADD, fd, EPOLLIN, client);
  }
}

/** There are no timers here that could be late, so the probe reads 0. */
static void answer_runner(void) {
  char text[4096];
  ssize_t length = read(runner_fd, text, sizeof text - 1);
  if (length <= 0) exit(0);
  text[length] = 0;
  if (strstr(text, "\"read\"")) dprintf(runner_fd, "{\"loopLagP99Ms\":0,\"loopLagMaxMs\":0}\n");
}

static int listen_on(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  socklen_t size = sizeof address;
  int on = 1;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  listener_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(listener_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener_fd, (struct sockaddr *)&address, size) || listen(listener_fd, 4096)) perror("limit"), exit(1);
  getsockname(listener_fd, (struct sockaddr *)&address, &size);
  return ntohs(address.sin_port);
}

int main(int count, char **arguments) {
  struct epoll_event events[EVENTS];
  const char *channel = getenv("NODE_CHANNEL_FD");
  poll_fd = epoll_create1(0);
  int port = listen_on(count > 1 ? atoi(arguments[1]) : 0);
  watch(EPOLL_CTL_ADD, listener_fd, EPOLLIN, &listener_fd);
  if (channel) {
    runner_fd = atoi(channel);
    watch(EPOLL_CTL_ADD, runner_fd, EPOLLIN, &runner_fd);
    dprintf(runner_fd, "{\"port\":%d}\n", port);
  }
  for (;;) {
    int ready = epoll_wait(poll_fd, events, EVENTS, -1);
    for (int index = 0; index < ready; index += 1) {
      void *what = events[index].data.ptr;
      if (what == &listener_fd) accept_clients();
      else if (what == &runner_fd) answer_runner();
      else {
        if (events[index].events & EPOLLOUT) write_pending(what);
        if (events[index].events & ~(uint32_t)EPOLLOUT) read_from(what);
      }
    }
  }
}
