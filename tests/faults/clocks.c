/* Clocks that are wrong; LD_PRELOAD it.
   WALL_CLOCK_IS_SET_AFTER_S: the wall clock is an hour ahead from that second of the process on, a minute back at each
   second after. Instants that are measured go by the monotonic clock, which nobody sets.
   CLOCK_IS_FAST_BY: the monotonic clock itself is by so much (0.01: a hundredth) faster than the machine's, and
   timers that are set to its instants ring at them.
   CLOCK_JUMPS_BY_S: it is ahead by so much, and timers ring so much sooner, from when the file CLOCK_JUMPS_WITH is there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static const long S = 1000000000L;
static int (*real)(clockid_t, struct timespec *);
static struct timespec first;

static void begin(void) {
  if (real) return;
  real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  real(CLOCK_MONOTONIC, &first);
}

/* An instant, moved away from the first one by a factor, and then by so much. */
static void move(struct timespec *at, double by, long ahead) {
  long past = (long)(((at->tv_sec - first.tv_sec) * S + at->tv_nsec - first.tv_nsec) * by) + first.tv_nsec + ahead;
  long seconds = past / S - (past % S < 0);
  at->tv_sec = first.tv_sec + seconds;
  at->tv_nsec = past - seconds * S;
}

static double fast(void) {
  const char *by = getenv("CLOCK_IS_FAST_BY");
  return 1 + (by ? atof(by) : 0);
}

static long jumped(void) {
  const char *by = getenv("CLOCK_JUMPS_BY_S"), *with = getenv("CLOCK_JUMPS_WITH");
  int before = errno, there = by && with && !access(with, F_OK);
  errno = before;
  return there ? (long)(atof(by) * S) : 0;
}

int clock_gettime(clockid_t which, struct timespec *at) {
  begin();
  int failed = real(which, at);
  const char *set = getenv("WALL_CLOCK_IS_SET_AFTER_S");
  if (failed) return failed;
  if (which == CLOCK_MONOTONIC) move(at, fast(), jumped());
  if (which == CLOCK_REALTIME && set) {
    struct timespec now;
    real(CLOCK_MONOTONIC, &now);
    long passed = now.tv_sec - first.tv_sec, from = atol(set);
    if (passed >= from) at->tv_sec += 3600 - 60 * (passed - from);
  }
  return 0;
}

int timerfd_settime(int fd, int flags, const struct itimerspec *wanted, struct itimerspec *old) {
  begin();
  struct itimerspec set = *wanted;
  if (flags & TFD_TIMER_ABSTIME) {
    move(&set.it_value, 1, -jumped());
    move(&set.it_value, 1 / fast(), 0);
  }
  int (*settime)(int, int, const struct itimerspec *, struct itimerspec *) = dlsym(RTLD_NEXT, "timerfd_settime");
  return settime(fd, flags, &set, old);
}
