/*
 * Executes each instruction of instructions.asm on this processor over boundary and random operands, and writes the vectors that
 * SimdVectorsTest checks the Java meanings against:
 *
 *     record CASES BLOCK > simd.vectors
 *
 * Operands are not stored: recorder and test derive them from the instruction's name by the same generator (see
 * SimdOperands.java, which must draw in the same order). The file, little endian:
 *
 *     "LODGESIM"  u32 CASES  u32 BLOCK  u32 SAMPLES
 *     for each instruction:
 *         u8 length, "SET name roles"
 *         SAMPLES results of five u64: A low, A high, X low, X high, what is returned
 *         CASES / BLOCK hashes (u64) of a block's results
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 4, STRIDE = 128, RESULT_WORDS = 5 };

struct operands {
    uint64_t a[2], b[2], x[2], v, w, result;
} __attribute__((aligned(16)));

struct instruction {
    const char *set, *name, *roles;
    const char *stub;
    uint64_t count;
};

extern const struct instruction instructions[];

static const uint64_t GOLDEN = 0x9E3779B97F4A7C15u;
static uint64_t state;

static uint64_t next(void) /* SplitMix64 */
{
    uint64_t z = state += GOLDEN;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static uint64_t boundaries(int width)
{
    static const uint8_t bytes[8] = {0x00, 0x01, 0x7F, 0x80, 0x81, 0xFE, 0xFF, 0x40};
    static const uint16_t words[8] = {0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF, 0x0080, 0xFF7F};
    static const uint32_t dwords[8] = {0, 1, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFF, 0x00008000, 0xFFFF7FFF};
    uint64_t choice = next(), value = 0;
    for (int shift = 0; shift < 64; shift += width) {
        int index = choice >> shift & 7;
        value |= (width == 8 ? bytes[index] : width == 16 ? words[index] : (uint64_t)dwords[index]) << shift;
    }
    return value;
}

static uint64_t quadword(void)
{
    uint64_t kind = next();
    switch (kind & 7) {
    case 0: return boundaries(8);
    case 1: return boundaries(16);
    case 2: return boundaries(32);
    case 3: return next() & 0x3F;
    case 4: return next() & (kind & 8 ? 0x0303030303030303u : 0x0003000300030003u);
    default: return next();
    }
}

static uint64_t number(void)
{
    return next() & 1 ? quadword() : (next() & 31) - 12;
}

static int draw(struct operands *o, uint64_t index) /* returns the immediate */
{
    memset(o, 0, sizeof *o);
    o->a[0] = quadword();
    o->a[1] = quadword();
    o->b[0] = quadword();
    o->b[1] = quadword();
    o->x[0] = quadword();
    o->x[1] = quadword();
    o->v = number();
    o->w = number();
    switch (index & 7) { /* The test then lets both be one register. */
    case 5: memcpy(o->x, o->b, sizeof o->x); break;
    case 6: memcpy(o->x, o->a, sizeof o->x); break;
    case 7: memcpy(o->b, o->a, sizeof o->b); break;
    }
    return next() & 0xFF;
}

static uint64_t hash(uint64_t hash, const uint64_t result[RESULT_WORDS])
{
    for (int i = 0; i < RESULT_WORDS; i++) {
        hash = (hash ^ result[i]) * GOLDEN;
        hash ^= hash >> 29;
    }
    return hash;
}

static void run(const struct instruction *in, int imm, struct operands *o, uint64_t result[RESULT_WORDS])
{
    void (*stub)(struct operands *) = (void (*)(struct operands *))(in->stub + (in->count == 1 ? 0 : imm * STRIDE));
    stub(o);
    memcpy(result, o->a, 16);
    memcpy(result + 2, o->x, 16);
    result[4] = o->result;
}

static void write_u64(uint64_t value) { fwrite(&value, 8, 1, stdout); }
static void write_u32(uint32_t value) { fwrite(&value, 4, 1, stdout); }

static uint64_t seed(const char *name)
{
    uint64_t seed = 0;
    for (; *name; name++)
        seed = (seed ^ (uint8_t)*name) * GOLDEN;
    return seed;
}

static void record(const struct instruction *in, uint64_t cases, uint64_t block)
{
    char name[80];
    struct operands o;
    uint64_t result[RESULT_WORDS];
    uint8_t length = snprintf(name, sizeof name, "%s %s %s", in->set, in->name, in->roles);
    fwrite(&length, 1, 1, stdout);
    fwrite(name, 1, length, stdout);
    state = seed(name);
    for (int i = 0; i < SAMPLES; i++) {
        int imm = draw(&o, i);
        run(in, imm, &o, result);
        fwrite(result, 8, RESULT_WORDS, stdout);
    }
    state = seed(name);
    for (uint64_t i = 0; i < cases; i += block) {
        uint64_t h = 0;
        for (uint64_t j = i; j < i + block; j++) {
            int imm = draw(&o, j);
            run(in, imm, &o, result);
            h = hash(h, result);
        }
        write_u64(h);
    }
}

int main(int argc, char **argv)
{
    uint64_t cases = argc == 3 ? strtoull(argv[1], NULL, 0) : 0, block = argc == 3 ? strtoull(argv[2], NULL, 0) : 0;
    if (block == 0 || cases < SAMPLES || cases % block != 0 || cases > UINT32_MAX) {
        fprintf(stderr, "usage: record CASES BLOCK, where CASES is a multiple of BLOCK\n");
        return 2;
    }
    fputs("LODGESIM", stdout);
    write_u32(cases);
    write_u32(block);
    write_u32(SAMPLES);
    for (const struct instruction *in = instructions; in->set; in++)
        record(in, cases, block);
    return fflush(stdout) != 0;
}
