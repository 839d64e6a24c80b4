/* A server that answers at once, and notes when each request came: server PORT NOTES.
 *
 * One thread, epoll, keep-alive; plain HTTP/1.1. Requests whose path begins with /in are noted, as
 * instants of CLOCK_MONOTONIC in nanoseconds (int64), and written to NOTES when SIGTERM comes.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_FILES = 65536, BUFFER = 8192, MOST_NOTES = 1 << 23 };

struct connection {
    char *data;
    int length;
};

static struct connection connections[MOST_FILES];
static int64_t *notes;
static int noted;
static volatile sig_atomic_t ended;

static const char ANSWER[] =
    "HTTP/1.1 200 OK\r\nServer: c\r\nDate: Sun, 29 Nov 2026 03:26:00 GMT\r\n"
    "Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"id\": 7}";

static void end(int signal) {
    (void)signal;
    ended = 1;
}

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void drop(int file) {
    close(file);
    connections[file].length = 0;
}

/* The bytes of the first request in the buffer; 0 where it is not whole yet. */
static int request_bytes(const char *data, int length) {
    const char *head_end = memmem(data, length, "\r\n\r\n", 4);
    if (!head_end) return 0;
    int head = head_end + 4 - data, body = 0;
    for (const char *line = data; line && line < head_end; line = memmem(line, head_end - line, "\r\n", 2)) {
        line += line == data ? 0 : 2;
        if (!strncasecmp(line, "content-length:", 15)) body = atoi(line + 15);
        if (line == data) line++;
    }
    return length >= head + body ? head + body : 0;
}

static void answer(int file) {
    struct connection *c = &connections[file];
    if (!c->data) c->data = malloc(BUFFER);
    int got = read(file, c->data + c->length, BUFFER - c->length);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN) drop(file);
        return;
    }
    int64_t came_ns = now_ns();
    c->length += got;
    int used;
    while ((used = request_bytes(c->data, c->length))) {
        const char *path = memchr(c->data, ' ', used);
        if (path && !strncmp(path, " /in", 4) && noted < MOST_NOTES) notes[noted++] = came_ns;
        memmove(c->data, c->data + used, c->length - used);
        c->length -= used;
        if (write(file, ANSWER, sizeof ANSWER - 1) < 0) {
            drop(file);
            return;
        }
    }
    if (c->length == BUFFER) drop(file);
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "usage: server PORT NOTES\n"), 2;
    signal(SIGTERM, end);
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files = {MOST_FILES, MOST_FILES};
    if (setrlimit(RLIMIT_NOFILE, &files)) {
        getrlimit(RLIMIT_NOFILE, &files);
        files.rlim_cur = files.rlim_max < MOST_FILES ? files.rlim_max : MOST_FILES;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    notes = malloc(sizeof *notes * MOST_NOTES);
    int door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(door, (struct sockaddr *)&here, sizeof here) || listen(door, 4096)) return perror("server"), 1;
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = door}, ready[512];
    epoll_ctl(poll, EPOLL_CTL_ADD, door, &event);
    puts("ready");
    fflush(stdout);
    while (!ended) {
        int many = epoll_wait(poll, ready, 512, -1);
        for (int i = 0; i < many; i++) {
            int file = ready[i].data.fd;
            if (file != door) {
                answer(file);
                continue;
            }
            while ((file = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                if (file >= MOST_FILES) {
                    close(file);
                    continue;
                }
                setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                connections[file].length = 0;
                event = (struct epoll_event){.events = EPOLLIN, .data.fd = file};
                epoll_ctl(poll, EPOLL_CTL_ADD, file, &event);
                answer(file); /* the request is often there already */
            }
        }
    }
    FILE *out = fopen(argv[2], "wb");
    if (!out || fwrite(notes, sizeof *notes, noted, out) != (size_t)noted) return perror(argv[2]), 1;
    fclose(out);
    return 0;
}
