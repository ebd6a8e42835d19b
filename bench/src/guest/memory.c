/*
 * What caches and TLBs make of memory.
 *
 *     memory walk MIB STEPS        follows a chain through all of it, in random order
 *     memory random MIB ACCESSES   reads, changes and writes words at random
 *     memory copy MIB ROUNDS       copies one half over the other
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 0x9e3779b97f4a7c15;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Sattolo's shuffle makes one cycle of all links, one in each line of the cache. */
static uint64_t walk(uint32_t *links, uint64_t size, long steps)
{
    enum { LINE = 64 / sizeof *links };
    uint32_t count = size / 64;
    for (uint32_t i = 0; i < count; i++)
        links[(uint64_t)i * LINE] = i;
    for (uint32_t i = count - 1; i > 0; i--) {
        uint32_t j = next_random() % i, kept = links[(uint64_t)i * LINE];
        links[(uint64_t)i * LINE] = links[(uint64_t)j * LINE];
        links[(uint64_t)j * LINE] = kept;
    }
    uint32_t at = 0;
    while (steps-- > 0)
        at = links[(uint64_t)at * LINE];
    return at;
}

static uint64_t change(uint64_t *words, uint64_t size, long accesses)
{
    uint64_t count = size / sizeof *words, sum = 0;
    while (accesses-- > 0) {
        uint64_t random = next_random();
        uint64_t *word = &words[random % count];
        sum += *word;
        *word = sum ^ random;
    }
    return sum;
}

static uint64_t copy(uint64_t *words, uint64_t size, long rounds)
{
    uint64_t half = size / sizeof *words / 2, sum = 0;
    for (uint64_t i = 0; i < 2 * half; i++)
        words[i] = next_random();
    while (rounds-- > 0) {
        uint64_t from = rounds & 1 ? half : 0, to = half - from;
        memcpy(words + to, words + from, half * sizeof *words);
        words[to + next_random() % half] += sum;
        sum = sum * 31 + words[to + next_random() % half];
    }
    return sum;
}

int main(int count, char **arguments)
{
    if (count < 4)
        return 2;
    uint64_t size = strtoull(arguments[2], 0, 10) << 20;
    long work = atol(arguments[3]);
    void *memory = calloc(1, size);
    if (!memory)
        return 1;
    switch (arguments[1][0]) {
    case 'w':
        printf("%016lx\n", walk(memory, size, work));
        return 0;
    case 'r':
        printf("%016lx\n", change(memory, size, work));
        return 0;
    case 'c':
        printf("%016lx\n", copy(memory, size, work));
        return 0;
    default:
        return 2;
    }
}
