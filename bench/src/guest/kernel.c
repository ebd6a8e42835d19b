/*
 * What costs time in the kernel.
 *
 *     kernel getpid CALLS
 *     kernel pipe TIMES        writes to a pipe and reads it back, in one process
 *     kernel file TIMES        opens, reads and closes a file
 *     kernel fault TIMES       maps four megabytes, touches each page and unmaps them
 *     kernel fork TIMES        makes processes that end at once
 *     kernel switch TIMES CPU  sends a byte between two processes, forth and back, on one CPU
 *     kernel futex TIMES       hands a word between two threads, forth and back, on the first CPU and the last
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void must(int succeeded, const char *what)
{
    if (!succeeded) {
        perror(what);
        exit(1);
    }
}

/* The CPU of this number among those that this process may use; the last one if there are not so many. */
static void run_on(int number)
{
    cpu_set_t allowed, chosen;
    must(sched_getaffinity(0, sizeof allowed, &allowed) == 0, "sched_getaffinity");
    CPU_ZERO(&chosen);
    for (int cpu = 0; cpu < CPU_SETSIZE && number >= 0; cpu++)
        if (CPU_ISSET(cpu, &allowed)) {
            CPU_ZERO(&chosen);
            CPU_SET(cpu, &chosen);
            number--;
        }
    must(sched_setaffinity(0, sizeof chosen, &chosen) == 0, "sched_setaffinity");
}

static long call_getpid(long times, int cpu)
{
    long process = getpid(), same = 0;
    (void)cpu;
    for (long i = 0; i < times; i++)
        same += syscall(SYS_getpid) == process;
    return same;
}

static long use_pipe(long times, int cpu)
{
    int ends[2];
    char sent[512] = {0}, received[512];
    long sum = 0;
    (void)cpu;
    must(pipe(ends) == 0, "pipe");
    for (long i = 0; i < times; i++) {
        sent[i % 512] = i;
        must(write(ends[1], sent, sizeof sent) == sizeof sent, "write");
        must(read(ends[0], received, sizeof received) == sizeof received, "read");
        sum += (unsigned char)received[i % 512];
    }
    return sum;
}

static long use_file(long times, int cpu)
{
    char name[] = "/tmp/kernel-XXXXXX", content[4096] = "content";
    long sum = 0;
    (void)cpu;
    int made = mkstemp(name);
    must(made >= 0 && write(made, content, sizeof content) == sizeof content, name);
    close(made);
    for (long i = 0; i < times; i++) {
        int file = open(name, O_RDONLY | O_CLOEXEC);
        must(file >= 0, name);
        sum += read(file, content, sizeof content);
        close(file);
    }
    unlink(name);
    return sum;
}

static long touch_pages(long times, int cpu)
{
    const size_t size = 4 << 20, page = 4096;
    long sum = 0;
    (void)cpu;
    for (long i = 0; i < times; i++) {
        char *memory = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        must(memory != MAP_FAILED, "mmap");
        madvise(memory, size, MADV_NOHUGEPAGE); /* or there would be one fault */
        for (size_t at = 0; at < size; at += page)
            sum += ++memory[at];
        munmap(memory, size);
    }
    return sum;
}

static long make_processes(long times, int cpu)
{
    long sum = 0;
    (void)cpu;
    for (long i = 0; i < times; i++) {
        int status;
        pid_t child = fork();
        must(child >= 0, "fork");
        if (child == 0)
            _exit(i & 0x7f);
        must(waitpid(child, &status, 0) == child, "waitpid");
        sum += WEXITSTATUS(status);
    }
    return sum;
}

static long switch_processes(long times, int cpu)
{
    int there[2], back[2];
    unsigned char ball = 0;
    long sum = 0;
    run_on(cpu);
    must(pipe(there) == 0 && pipe(back) == 0, "pipe");
    pid_t child = fork();
    must(child >= 0, "fork");
    if (child == 0) {
        for (long i = 0; i < times; i++) {
            must(read(there[0], &ball, 1) == 1, "read");
            ball += 3;
            must(write(back[1], &ball, 1) == 1, "write");
        }
        _exit(0);
    }
    for (long i = 0; i < times; i++) {
        must(write(there[1], &ball, 1) == 1, "write");
        must(read(back[0], &ball, 1) == 1, "read");
        sum += ball;
    }
    waitpid(child, 0, 0);
    return sum;
}

static atomic_int turn;
static long passes;

static void pass(int own, int other)
{
    for (long i = 0; i < passes; i++) {
        while (atomic_load(&turn) != own)
            syscall(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, other, 0, 0, 0);
        atomic_store(&turn, other);
        syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
    }
}

static void *other_thread(void *unused)
{
    (void)unused;
    run_on(CPU_SETSIZE);
    pass(1, 0);
    return 0;
}

static long switch_threads(long times, int cpu)
{
    pthread_t other;
    (void)cpu;
    passes = times;
    must(pthread_create(&other, 0, other_thread, 0) == 0, "pthread_create");
    run_on(0);
    pass(0, 1);
    pthread_join(other, 0);
    return times + turn;
}

static const struct {
    const char *name;
    long (*run)(long times, int cpu);
} kinds[] = {
    {"getpid", call_getpid},   {"pipe", use_pipe},           {"file", use_file},       {"fault", touch_pages},
    {"fork", make_processes},  {"switch", switch_processes}, {"futex", switch_threads},
};

int main(int count, char **arguments)
{
    if (count > 2)
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (strcmp(arguments[1], kinds[i].name) == 0) {
                printf("%ld\n", kinds[i].run(atol(arguments[2]), count > 3 ? atoi(arguments[3]) : 0));
                return 0;
            }
    return 2;
}
