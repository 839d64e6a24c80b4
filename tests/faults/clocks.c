/* Clocks that are wrong; LD_PRELOAD it.
   WALL_CLOCK_IS_SET_AFTER_S: the wall clock is an hour ahead from that second of the process on, a minute back at each
   second after. Instants that are measured go by the monotonic clock, which nobody sets.
   CLOCK_IS_FAST_BY: the monotonic clock itself is by so much (0.01: a hundredth) faster than the machine's, and
   timers that are set to its instants ring at them. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>

static const long S = 1000000000L;
static int (*real)(clockid_t, struct timespec *);
static struct timespec first;

static void begin(void) {
  if (real) return;
  real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  real(CLOCK_MONOTONIC, &first);
}

/* An instant, moved away from the first one by a factor. */
static void stretch(struct timespec *at, double by) {
  long past = (long)(((at->tv_sec - first.tv_sec) * S + at->tv_nsec - first.tv_nsec) * by) + first.tv_nsec;
  long seconds = past / S - (past % S < 0);
  at->tv_sec = first.tv_sec + seconds;
  at->tv_nsec = past - seconds * S;
}

int clock_gettime(clockid_t which, struct timespec *at) {
  begin();
  int failed = real(which, at);
  const char *set = getenv("WALL_CLOCK_IS_SET_AFTER_S"), *fast = getenv("CLOCK_IS_FAST_BY");
  if (failed) return failed;
  if (which == CLOCK_MONOTONIC && fast) stretch(at, 1 + atof(fast));
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
  const char *fast = getenv("CLOCK_IS_FAST_BY");
  if (fast && (flags & TFD_TIMER_ABSTIME)) stretch(&set.it_value, 1 / (1 + atof(fast)));
  int (*settime)(int, int, const struct itimerspec *, struct itimerspec *) = dlsym(RTLD_NEXT, "timerfd_settime");
  return settime(fd, flags, &set, old);
}
