/* The machine's calendar, moved by KOMPETEN_CALENDAR_AHEAD seconds for whoever preloads this.
 *
 * Monotonic clocks are left alone, so waits and durations are what they were, but for sem_timedwait, which waits until
 * an hour of the calendar. So does pthread_cond_timedwait where it was not told to go by a monotonic clock; which it
 * was can't be asked, and nothing here waits by the calendar.
 */
#define _GNU_SOURCE
#include <semaphore.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t ahead;

__attribute__((constructor)) static void read_distance(void)
{
    const char *said = getenv("KOMPETEN_CALENDAR_AHEAD");
    ahead = said ? (time_t)strtoll(said, NULL, 10) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *shown)
{
    int failed = (int)syscall(SYS_clock_gettime, clock, shown);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI))
        shown->tv_sec += ahead;
    return failed;
}

int timespec_get(struct timespec *shown, int base)
{
    return base == TIME_UTC && !clock_gettime(CLOCK_REALTIME, shown) ? base : 0;
}

int gettimeofday(struct timeval *restrict shown, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now))
        return -1;
    shown->tv_sec = now.tv_sec;
    shown->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *shown)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now))
        return -1;
    if (shown)
        *shown = now.tv_sec;
    return now.tv_sec;
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until)
{
    struct timespec real = {until->tv_sec - ahead, until->tv_nsec};
    return sem_clockwait(semaphore, CLOCK_REALTIME, &real);
}
