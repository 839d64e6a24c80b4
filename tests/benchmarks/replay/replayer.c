/* What one core can send at planned instants: replayer PORT PLAN KEPT.
 *
 * PLAN holds int64 nanoseconds since the opening, in order; each is one POST /in. KEPT is how many
 * connections are kept and shared, or 0: each request has a connection of its own. One thread, epoll with
 * timeouts in nanoseconds. Prints one JSON object: the opening (CLOCK_MONOTONIC), requests sent and
 * answered, the processor's seconds, and how late requests were sent.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_FILES = 65536, AHEAD_NS = 300000000, GRACE_NS = 2000000000 };

static const char BODY[] = "{\"email\": \"visitor-0000000@bench.example\", \"name\": \"A Visitor\"}";
static char request[1024], heard[1 << 16];
static int request_length, poll_file, unsent_to[MOST_FILES];
static int *idle, idles, fresh, port;

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int by_size(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int connected(void) {
    int file = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (file < 0 || file >= MOST_FILES) return perror("socket"), exit(1), -1;
    if (connect(file, (struct sockaddr *)&there, sizeof there) && errno != EINPROGRESS)
        return perror("connect"), exit(1), -1;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.fd = file};
    epoll_ctl(poll_file, EPOLL_CTL_ADD, file, &event);
    return file;
}

static void ask(int file) {
    int sent = send(file, request, request_length, MSG_NOSIGNAL);
    unsent_to[file] = sent != request_length;
    if (sent >= 0 && sent != request_length) exit(1);
    if (sent < 0 && errno != EAGAIN) return perror("send"), exit(1);
}

int main(int argc, char **argv) {
    if (argc != 4) return fprintf(stderr, "usage: replayer PORT PLAN KEPT\n"), 2;
    port = atoi(argv[1]);
    int kept = atoi(argv[3]);
    fresh = !kept;
    FILE *in = fopen(argv[2], "rb");
    if (!in) return perror(argv[2]), 1;
    fseek(in, 0, SEEK_END);
    int many = ftell(in) / sizeof(int64_t);
    rewind(in);
    int64_t *plan = malloc(sizeof(int64_t) * (many + 1)), *late = malloc(sizeof(int64_t) * (many + 1));
    if (fread(plan, sizeof(int64_t), many, in) != (size_t)many) return perror(argv[2]), 1;
    struct rlimit files = {MOST_FILES, MOST_FILES};
    if (setrlimit(RLIMIT_NOFILE, &files)) {
        getrlimit(RLIMIT_NOFILE, &files);
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    request_length = sprintf(request,
                             "POST /in HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: c\r\n"
                             "Accept-Encoding: gzip, deflate, br\r\nContent-Type: application/json\r\n"
                             "Accept: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                             port, sizeof BODY - 1, BODY);
    poll_file = epoll_create1(0);
    idle = malloc(sizeof(int) * MOST_FILES);
    struct epoll_event ready[512];
    for (int i = 0; i < kept; i++) idle[idles++] = connected();
    if (kept) usleep(100000);
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    int64_t opening = now_ns() + AHEAD_NS, end = opening + (many ? plan[many - 1] : 0) + GRACE_NS;
    int sent = 0, answered = 0, nobody = 0;
    while (answered < many && now_ns() < end) {
        int64_t now = now_ns() - opening;
        while (sent < many && plan[sent] <= now) {
            int file = fresh ? connected() : idles ? idle[--idles] : (nobody++, connected());
            late[sent] = now_ns() - opening - plan[sent];
            ask(file);
            sent++;
            if (!(sent & 15)) now = now_ns() - opening;
        }
        int64_t ahead = sent < many ? plan[sent] - (now_ns() - opening) : 10000000;
        if (ahead < 0) ahead = 0;
        struct timespec timeout = {ahead / 1000000000, ahead % 1000000000};
        int found = epoll_pwait2(poll_file, ready, 512, &timeout, NULL);
        for (int i = 0; i < found; i++) {
            int file = ready[i].data.fd;
            if ((ready[i].events & EPOLLOUT) && unsent_to[file]) ask(file);
            if (!(ready[i].events & EPOLLIN)) continue;
            if (recv(file, heard, sizeof heard, 0) <= 0) continue;
            answered++;
            if (fresh) close(file);
            else idle[idles++] = file;
        }
    }
    getrusage(RUSAGE_SELF, &after);
    double cpu_s = after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_stime.tv_sec +
                   (after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e6;
    qsort(late, sent, sizeof *late, by_size);
    printf("{\"opening_ns\": %lld, \"sent\": %d, \"answered\": %d, \"beyond\": %d, \"cpu_s\": %.6f, "
           "\"lag_p50_ns\": %lld, \"lag_p99_ns\": %lld, \"lag_max_ns\": %lld}\n",
           (long long)opening, sent, answered, nobody, cpu_s, sent ? (long long)late[sent / 2] : 0,
           sent ? (long long)late[(int64_t)sent * 99 / 100] : 0, sent ? (long long)late[sent - 1] : 0);
    return 0;
}
