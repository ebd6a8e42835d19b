/*
 * What a guest does while it is moved, restored, forked and protected, for bench/migrate.
 *
 *     ticks ADDRESS PORT MIB RATE
 *
 * Writes RATE MiB a second, page by page, all over MIB of memory, and a thousand times a second sends a datagram (struct tick) to that address, which is how
 * others see whether it runs. A datagram from there begins with 'w' if it is to compute all the time as well, at the least priority, or with 'r' to rest.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, SLICE_MS = 10, RECENT = 64 };

/* Microseconds are by the guest's own clock. */
struct tick {
    uint64_t number;
    uint64_t gap; /* the longest between two of the last RECENT ticks */
    uint64_t worked; /* what was computed, in no unit in particular */
};

static int host;
static uint64_t *memory;
static uint64_t pages, pages_a_slice;
static atomic_bool working;
static _Atomic uint64_t worked;

static uint64_t micros(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000ull + now.tv_nsec / 1000;
}

/* Contents that no compression makes smaller, and no two pages share. */
static void fill(uint64_t page, uint64_t seed)
{
    uint64_t *words = memory + page % pages * (PAGE / sizeof *words), x = (page + 1) * 0x9e3779b97f4a7c15 + seed;
    for (int i = 0; i < PAGE / (int)sizeof *words; i++) {
        x = x * 6364136223846793005 + 1442695040888963407;
        words[i] = x;
    }
}

static void rest(uint64_t nanos)
{
    nanosleep(&(struct timespec){.tv_nsec = (long)nanos}, 0);
}

static void *writes(void *unused)
{
    for (uint64_t page = 0, seed = 1;; seed++) {
        uint64_t begun = micros();
        for (uint64_t i = 0; i < pages_a_slice; i++)
            fill(page++, seed);
        uint64_t took = micros() - begun;
        if (took < SLICE_MS * 1000)
            rest((SLICE_MS * 1000 - took) * 1000);
    }
    return unused;
}

static void *works(void *unused)
{
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 19);
    for (uint64_t x = 1;;) {
        if (!working) {
            rest(10000000);
            continue;
        }
        for (int i = 0; i < 100000; i++)
            x = x * 6364136223846793005 + (x >> 33);
        worked += 1 + (x == 0);
    }
    return unused;
}

static void *listens(void *unused)
{
    for (char order;;) {
        if (recv(host, &order, 1, 0) == 1)
            working = order == 'w';
        else
            rest(10000000);
    }
    return unused;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 64;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    host = socket(AF_INET, SOCK_DGRAM, 0);
    connect(host, (struct sockaddr *)&to, sizeof to);
    pages = strtoull(argv[3], 0, 10) << 8;
    pages_a_slice = (strtoull(argv[4], 0, 10) << 8) * SLICE_MS / 1000;
    memory = aligned_alloc(PAGE, pages * PAGE);
    for (uint64_t page = 0; page < pages; page++)
        fill(page, 0);
    puts("READY");
    fflush(stdout);

    pthread_t thread;
    pthread_create(&thread, 0, writes, 0);
    pthread_create(&thread, 0, works, 0);
    pthread_create(&thread, 0, listens, 0);
    uint64_t gaps[RECENT] = {0}, last = micros();
    for (struct tick tick = {1, 0, 0};; tick.number++) {
        rest(1000000);
        uint64_t now = micros();
        gaps[tick.number % RECENT] = now - last;
        last = now;
        tick.gap = 0;
        for (int i = 0; i < RECENT; i++)
            tick.gap = gaps[i] > tick.gap ? gaps[i] : tick.gap;
        tick.worked = worked;
        send(host, &tick, sizeof tick, 0); /* to nobody, if there is no network */
    }
}
