/*
 * Records what this host's x87 and SSE units answer, as test vectors for org.lodgevm.x86.fp.
 *
 *   gcc -O1 -o fpvectors fpvectors.c && ./fpvectors SEED OPERANDS CASES [NAME...] > vectors
 *
 * SEED feeds the generator, OPERANDS is the size of each operand pool, CASES the number of cases an instruction.
 * Names select instructions (a trailing * selects by prefix); none selects all. The committed file is the gzipped output
 * of "fpvectors 1 100 75". Needs an x86-64 Linux host. The format is read by FpVectors.java:
 *
 *   block: u8 length, name; u8 kind (0 x87, 1 SSE to xmm, 2 SSE to mm, 3 SSE to GPR); u8 immediate;
 *          u8 bytes of a memory operand; u16 count and 16-byte register operands;
 *          u16 count and memory operands (x87 only); u32 cases
 *   x87 case:  u16 cw, sw, eflags; u8 valid tags; u16 index of ST0, ST1, memory operand   (ST2.. hold 2.0, 3.0, ...)
 *              then after execution u16 cw, sw, eflags; u8 tags; u8 mask of physical registers changed, 10 bytes each;
 *              u8 whether memory changed, its bytes
 *   SSE case:  u16 mxcsr, index of destination, index of source;
 *              then 16 bytes of result, u16 mxcsr, eflags (bit 15: #XM was raised)
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

typedef struct {
    uint16_t cw, sw;
    uint8_t tags, r0;
    uint16_t fop;
    uint64_t fip, fdp;
    uint32_t mxcsr, mask;
    uint8_t st[8][16], xmm[16][16], rest[96];
} __attribute__((aligned(64))) Image;

enum Memory { NONE, F32, F64, F80, I16, I32, I64, BCD, CONTROL, ENV14, ENV28, SAVE94, SAVE108 };
static const int width[] = {16, 4, 8, 10, 2, 4, 8, 10, 2, 14, 28, 94, 108};
enum Kind { X87, XMM, MM, GPR };
enum Lanes { PS, PD, DQ };

typedef struct {
    const char *name;
    int kind, type; /* type: Memory of an x87 instruction, Lanes of an SSE source */
    uint8_t length, code[8];
    int immediates;
} Instruction;

static uint64_t seed, start;
static uint64_t next(void) {
    uint64_t z = (seed += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}
static unsigned below(unsigned n) { return (next() >> 33) % n; }
static int chance(unsigned percent) { return below(100) < percent; }

/* A fraction with few ones, few zeros, a run, or anything. */
static uint64_t fraction(int bits) {
    uint64_t v;
    switch (below(6)) {
        case 0: v = 0; break;
        case 1: v = ~0ull; break;
        case 2: v = 1ull << below(bits); break;
        case 3: v = ~0ull << below(64); break;
        case 4: v = (~0ull << below(64)) + (below(5) - 2ull); break;
        default: v = next();
    }
    if (chance(20)) v ^= 1ull << below(bits);
    return bits == 64 ? v : v & ((1ull << bits) - 1);
}

static uint64_t binary(int exponentBits, int fractionBits) {
    int top = (1 << exponentBits) - 1, bias = top >> 1, e;
    switch (below(12)) {
        case 0: e = 0; break;
        case 1: e = top; break;
        case 2: e = 1 + below(3); break;
        case 3: e = top - 1 - below(3); break;
        case 4: e = below(top + 1); break;
        case 5: e = bias + (int) below(2 * fractionBits) - fractionBits; break;
        case 6: e = bias + (chance(50) ? 31 : 63) + (int) below(3) - 1; break;
        case 7: e = bias + (chance(50) ? 15 : 52) + (int) below(3) - 1; break;
        case 8: e = bias / 2 + (int) below(3) - 1; break;
        default: e = bias + (int) below(5) - 2;
    }
    if (e < 0 || e > top) e = bias;
    uint64_t f = fraction(fractionBits);
    if (chance(6)) e = 0, f = 0;
    if (chance(4)) e = top, f = 0;
    return (next() >> 63) << (exponentBits + fractionBits) | (uint64_t) e << fractionBits | f;
}

static void extended(uint8_t *out, int numbersOnly) {
    int e;
    switch (below(16)) {
        case 0: e = 0; break;
        case 1: e = 0x7fff; break;
        case 2: e = 1 + below(70); break;
        case 3: e = 0x7ffe - below(70); break;
        case 4: e = below(0x8000); break;
        case 5: e = 0x3fff + (int) below(140) - 70; break;
        case 6: e = 0x3fff + 15 + below(3) - 1; break;
        case 7: e = 0x3fff + 31 + below(3) - 1; break;
        case 8: e = 0x3fff + 63 + below(3) - 1; break;
        case 9: e = 0x3fff - 126 - (int) below(28) + 2; break;
        case 10: e = 0x3fff + 127 + (int) below(3) - 1; break;
        case 11: e = 0x3fff - 1022 - (int) below(56) + 2; break;
        case 12: e = 0x3fff + 1023 + (int) below(3) - 1; break;
        default: e = 0x3fff + (int) below(5) - 2;
    }
    if (numbersOnly && chance(60)) e = 0x3fff + (int) below(12) - 8;
    uint64_t f = fraction(63) | 1ull << 63;
    if (e == 0 && chance(80)) f &= ~(1ull << 63);
    if (chance(3)) f &= ~(1ull << 63);
    if (chance(20)) f &= ~0ull << (chance(50) ? 40 : 11);
    if (chance(6)) e = 0, f = 0;
    if (chance(4)) e = 0x7fff, f = 1ull << 63;
    if (chance(4)) { /* pi and its like, to be reduced */
        static const uint64_t constants[] = {0xc90fdaa22168c235ull, 0xc90fdaa22168c234ull, 0xb504f333f9de6484ull, 0xb17217f7d1cf79acull,
                                             0x96cbe3f9990e91a8ull, 0xfb53d14aa9c2f2c2ull};
        e = 0x3fff + (int) below(20) - 8, f = constants[below(6)] + below(3) - 1;
    }
    uint16_t se = e | (next() >> 63) << 15;
    memcpy(out, &f, 8);
    memcpy(out + 8, &se, 2);
}

static void memoryOperand(int type, uint8_t *out) {
    uint64_t v;
    memset(out, 0, 112);
    switch (type) {
        case F32: v = binary(8, 23); memcpy(out, &v, 4); break;
        case F64: v = binary(11, 52); memcpy(out, &v, 8); break;
        case I16: case I32: case I64: v = fraction(64) * (chance(50) ? 1 : -1); memcpy(out, &v, 8); break;
        case BCD:
            for (int i = 0; i < 10; i++) out[i] = chance(70) ? below(10) << 4 | below(10) : chance(95) ? 0 : next();
            out[9] &= chance(90) ? 0x80 : 0xff;
            break;
        case CONTROL: v = next(); memcpy(out, &v, 2); break;
        case ENV14: case ENV28: case SAVE94: case SAVE108:
            for (int i = 0; i < width[type]; i++) out[i] = next();
            for (int i = 0; i < 8 && type >= SAVE94; i++) extended(out + (type == SAVE94 ? 14 : 28) + 10 * i, 0);
            break;
        default: extended(out, 0);
    }
}

static void lanes(int type, uint8_t *out) {
    for (int i = 0; i < 4; i++) {
        uint64_t v;
        if (type == PS) v = binary(8, 23), memcpy(out + 4 * i, &v, 4);
        else if (type == DQ) v = fraction(32), memcpy(out + 4 * i, &v, 4);
        else if (i < 2) v = binary(11, 52), memcpy(out + 8 * i, &v, 8);
    }
}

/* Pools come in pairs: every odd entry resembles the even one before it, half of the time. */
static void fill(uint8_t *pool, int count, int kind, int type, int numbersOnly) {
    for (int i = 0; i < count; i++) {
        uint8_t *entry = pool + 16 * i;
        memset(entry, 0, 16);
        if (kind == X87) extended(entry, numbersOnly);
        else lanes(type, entry);
        if ((i & 1) && chance(50)) {
            memcpy(entry, entry - 16, 16);
            if (chance(50)) entry[kind == X87 ? 9 : type == PS ? 3 : 7] ^= 0x80;
            if (chance(50)) entry[below(type == PS ? 3 : 5)] ^= 1 << below(8);
        }
    }
}

static uint8_t *code;
static Image in, out;
static uint8_t memory[128] __attribute__((aligned(64)));
static volatile int faulted;
static void (*volatile entry)(void);

static void onFault(int signal, siginfo_t *info, void *context) {
    ucontext_t *c = context;
    faulted = 1;
    if ((uint8_t *) c->uc_mcontext.gregs[REG_RIP] != code) {
        fprintf(stderr, "unexpected signal %d\n", signal);
        _exit(1);
    }
    c->uc_mcontext.gregs[REG_RIP] += code[63]; /* the length of the instruction is kept behind it */
    (void) info;
}

static uint64_t execute(uint64_t *eflags) {
    uint64_t rax = 0, flags = *eflags;
    faulted = 0;
    asm volatile(
        "fxrstor64 %[in]\n push %[flags]\n popfq\n"
        "lea -256(%%rsp), %%rsp\n call *%[entry]\n lea 256(%%rsp), %%rsp\n"
        "pushfq\n pop %[flags]\n fxsave64 %[out]\n fninit\n"
        : [out] "=m"(out), [flags] "+r"(flags), "+a"(rax)
        : [in] "m"(in), [entry] "r"(entry), "S"(memory)
        : "memory", "cc", "rcx", "rdx", "r8", "r9", "r10", "r11", "xmm0", "xmm1");
    *eflags = flags;
    return rax;
}

#define P8(n, b0) {n, X87, NONE, 2, {b0}}
#define REG(n, b0, b1) {n, X87, NONE, 2, {b0, b1}}
#define MEM(n, t, b0, reg) {n, X87, t, 2, {b0, (reg) << 3 | 6}}
#define ARITH(n, reg, to) \
    REG(n, 0xd8, 0xc1 | (reg) << 3), REG(n "To", 0xdc, 0xc1 | (to) << 3), REG(n "p", 0xde, 0xc1 | (to) << 3), \
    MEM(n "M32", F32, 0xd8, reg), MEM(n "M64", F64, 0xdc, reg)
#define INTEGER(n, reg) MEM(n "M32", I32, 0xda, reg), MEM(n "M16", I16, 0xde, reg)
#define SSE(n, t, op) {n, XMM, t, 3, {0x0f, op, 0x06}}
#define SSEP(n, k, t, p, op) {n, k, t, 4, {p, 0x0f, op, 0x06}}
#define FOUR(n, op) SSE(n "ps", PS, op), SSEP(n "pd", XMM, PD, 0x66, op), SSEP(n "ss", XMM, PS, 0xf3, op), SSEP(n "sd", XMM, PD, 0xf2, op)
#define WIDE(n, k, t, p, op) {n, k, t, 5, {p, 0x48, 0x0f, op, 0x06}}
#define IMM3A(n, t, op, count) {n, XMM, t, 6, {0x66, 0x0f, 0x3a, op, 0x06, 0}, count}

static const Instruction table[] = {
    ARITH("fadd", 0, 0), ARITH("fmul", 1, 1), ARITH("fsub", 4, 5), ARITH("fsubr", 5, 4), ARITH("fdiv", 6, 7), ARITH("fdivr", 7, 6),
    INTEGER("fiadd", 0), INTEGER("fimul", 1), INTEGER("fisub", 4), INTEGER("fisubr", 5), INTEGER("fidiv", 6), INTEGER("fidivr", 7),
    REG("fcom", 0xd8, 0xd1), REG("fcomp", 0xd8, 0xd9), REG("fcompp", 0xde, 0xd9), REG("fucom", 0xdd, 0xe1), REG("fucomp", 0xdd, 0xe9),
    REG("fucompp", 0xda, 0xe9), REG("fcomi", 0xdb, 0xf1), REG("fcomip", 0xdf, 0xf1), REG("fucomi", 0xdb, 0xe9), REG("fucomip", 0xdf, 0xe9),
    REG("ftst", 0xd9, 0xe4), REG("fxam", 0xd9, 0xe5),
    MEM("fcomM32", F32, 0xd8, 2), MEM("fcompM32", F32, 0xd8, 3), MEM("fcomM64", F64, 0xdc, 2), MEM("fcompM64", F64, 0xdc, 3),
    INTEGER("ficom", 2), INTEGER("ficomp", 3),
    REG("fld", 0xd9, 0xc1), MEM("fldM32", F32, 0xd9, 0), MEM("fldM64", F64, 0xdd, 0), MEM("fldM80", F80, 0xdb, 5),
    MEM("fildM16", I16, 0xdf, 0), MEM("fildM32", I32, 0xdb, 0), MEM("fildM64", I64, 0xdf, 5), MEM("fbld", BCD, 0xdf, 4),
    REG("fst", 0xdd, 0xd1), REG("fstp", 0xdd, 0xd9), MEM("fstM32", F32, 0xd9, 2), MEM("fstpM32", F32, 0xd9, 3),
    MEM("fstM64", F64, 0xdd, 2), MEM("fstpM64", F64, 0xdd, 3), MEM("fstpM80", F80, 0xdb, 7), MEM("fbstp", BCD, 0xdf, 6),
    MEM("fistM16", I16, 0xdf, 2), MEM("fistpM16", I16, 0xdf, 3), MEM("fistM32", I32, 0xdb, 2), MEM("fistpM32", I32, 0xdb, 3),
    MEM("fistpM64", I64, 0xdf, 7), MEM("fisttpM16", I16, 0xdf, 1), MEM("fisttpM32", I32, 0xdb, 1), MEM("fisttpM64", I64, 0xdd, 1),
    REG("fxch", 0xd9, 0xc9), REG("ffree", 0xdd, 0xc1), REG("ffreep", 0xdf, 0xc1), REG("fincstp", 0xd9, 0xf7), REG("fdecstp", 0xd9, 0xf6),
    REG("fcmovb", 0xda, 0xc1), REG("fcmove", 0xda, 0xc9), REG("fcmovbe", 0xda, 0xd1), REG("fcmovu", 0xda, 0xd9),
    REG("fcmovnb", 0xdb, 0xc1), REG("fcmovne", 0xdb, 0xc9), REG("fcmovnbe", 0xdb, 0xd1), REG("fcmovnu", 0xdb, 0xd9),
    REG("fchs", 0xd9, 0xe0), REG("fabs", 0xd9, 0xe1), REG("fsqrt", 0xd9, 0xfa), REG("fprem", 0xd9, 0xf8), REG("fprem1", 0xd9, 0xf5),
    REG("frndint", 0xd9, 0xfc), REG("fscale", 0xd9, 0xfd), REG("fxtract", 0xd9, 0xf4), REG("fnop", 0xd9, 0xd0),
    REG("fld1", 0xd9, 0xe8), REG("fldl2t", 0xd9, 0xe9), REG("fldl2e", 0xd9, 0xea), REG("fldpi", 0xd9, 0xeb), REG("fldlg2", 0xd9, 0xec),
    REG("fldln2", 0xd9, 0xed), REG("fldz", 0xd9, 0xee),
    REG("f2xm1", 0xd9, 0xf0), REG("fyl2x", 0xd9, 0xf1), REG("fyl2xp1", 0xd9, 0xf9), REG("fptan", 0xd9, 0xf2), REG("fpatan", 0xd9, 0xf3),
    REG("fsin", 0xd9, 0xfe), REG("fcos", 0xd9, 0xff), REG("fsincos", 0xd9, 0xfb),
    REG("fninit", 0xdb, 0xe3), REG("fnclex", 0xdb, 0xe2), MEM("fldcw", CONTROL, 0xd9, 5), MEM("fnstcw", CONTROL, 0xd9, 7),
    MEM("fnstsw", CONTROL, 0xdd, 7), MEM("fldenv", ENV28, 0xd9, 4), MEM("fnstenv", ENV28, 0xd9, 6), MEM("frstor", SAVE108, 0xdd, 4),
    MEM("fnsave", SAVE108, 0xdd, 6),
    {"fldenv16", X87, ENV14, 3, {0x66, 0xd9, 0x26}}, {"fnstenv16", X87, ENV14, 3, {0x66, 0xd9, 0x36}},
    {"frstor16", X87, SAVE94, 3, {0x66, 0xdd, 0x26}}, {"fnsave16", X87, SAVE94, 3, {0x66, 0xdd, 0x36}},

    FOUR("add", 0x58), FOUR("mul", 0x59), FOUR("sub", 0x5c), FOUR("min", 0x5d), FOUR("div", 0x5e), FOUR("max", 0x5f), FOUR("sqrt", 0x51),
    SSE("rsqrtps", PS, 0x52), SSEP("rsqrtss", XMM, PS, 0xf3, 0x52), SSE("rcpps", PS, 0x53), SSEP("rcpss", XMM, PS, 0xf3, 0x53),
    {"cmpps", XMM, PS, 4, {0x0f, 0xc2, 0x06, 0}, 8}, {"cmppd", XMM, PD, 5, {0x66, 0x0f, 0xc2, 0x06, 0}, 8},
    {"cmpss", XMM, PS, 5, {0xf3, 0x0f, 0xc2, 0x06, 0}, 8}, {"cmpsd", XMM, PD, 5, {0xf2, 0x0f, 0xc2, 0x06, 0}, 8},
    SSE("comiss", PS, 0x2f), SSE("ucomiss", PS, 0x2e), SSEP("comisd", XMM, PD, 0x66, 0x2f), SSEP("ucomisd", XMM, PD, 0x66, 0x2e),
    SSEP("haddps", XMM, PS, 0xf2, 0x7c), SSEP("haddpd", XMM, PD, 0x66, 0x7c), SSEP("hsubps", XMM, PS, 0xf2, 0x7d),
    SSEP("hsubpd", XMM, PD, 0x66, 0x7d), SSEP("addsubps", XMM, PS, 0xf2, 0xd0), SSEP("addsubpd", XMM, PD, 0x66, 0xd0),
    IMM3A("roundps", PS, 0x08, 16), IMM3A("roundpd", PD, 0x09, 16), IMM3A("roundss", PS, 0x0a, 16), IMM3A("roundsd", PD, 0x0b, 16),
    IMM3A("dpps", PS, 0x40, 256), IMM3A("dppd", PD, 0x41, 256),
    SSE("cvtps2pd", PS, 0x5a), SSEP("cvtpd2ps", XMM, PD, 0x66, 0x5a), SSEP("cvtss2sd", XMM, PS, 0xf3, 0x5a),
    SSEP("cvtsd2ss", XMM, PD, 0xf2, 0x5a), SSE("cvtdq2ps", DQ, 0x5b), SSEP("cvtps2dq", XMM, PS, 0x66, 0x5b),
    SSEP("cvttps2dq", XMM, PS, 0xf3, 0x5b), SSEP("cvtdq2pd", XMM, DQ, 0xf3, 0xe6), SSEP("cvtpd2dq", XMM, PD, 0xf2, 0xe6),
    SSEP("cvttpd2dq", XMM, PD, 0x66, 0xe6), SSE("cvtpi2ps", DQ, 0x2a), SSEP("cvtpi2pd", XMM, DQ, 0x66, 0x2a),
    {"cvtps2pi", MM, PS, 3, {0x0f, 0x2d, 0x06}}, {"cvttps2pi", MM, PS, 3, {0x0f, 0x2c, 0x06}},
    SSEP("cvtpd2pi", MM, PD, 0x66, 0x2d), SSEP("cvttpd2pi", MM, PD, 0x66, 0x2c),
    SSEP("cvtsi2ss", XMM, DQ, 0xf3, 0x2a), SSEP("cvtsi2sd", XMM, DQ, 0xf2, 0x2a),
    WIDE("cvtsi2ssQ", XMM, DQ, 0xf3, 0x2a), WIDE("cvtsi2sdQ", XMM, DQ, 0xf2, 0x2a),
    SSEP("cvtss2si", GPR, PS, 0xf3, 0x2d), SSEP("cvttss2si", GPR, PS, 0xf3, 0x2c), SSEP("cvtsd2si", GPR, PD, 0xf2, 0x2d),
    SSEP("cvttsd2si", GPR, PD, 0xf2, 0x2c), WIDE("cvtss2siQ", GPR, PS, 0xf3, 0x2d), WIDE("cvttss2siQ", GPR, PS, 0xf3, 0x2c),
    WIDE("cvtsd2siQ", GPR, PD, 0xf2, 0x2d), WIDE("cvttsd2siQ", GPR, PD, 0xf2, 0x2c),
};

static void put(const void *bytes, int count) { fwrite(bytes, 1, count, stdout); }
static void put8(unsigned v) { putchar(v & 0xff); }
static void put16(unsigned v) { put8(v), put8(v >> 8); }

static void load(const Instruction *i, int immediate) {
    memset(code, 0xc3, 63);
    memcpy(code, i->code, i->length);
    if (i->immediates) code[i->length - 1] = immediate;
    code[63] = i->length;
}

static unsigned randomMask(void) { return chance(65) ? 0x3f : chance(30) ? 0 : chance(50) ? 0x3f & ~(1 << below(6)) : below(64); }

static void x87Case(const Instruction *i, int operands, const uint8_t *pool, const uint8_t *memories, int memoryWidth) {
    static const uint8_t allTags[] = {0xff, 0x03, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f};
    unsigned masks = randomMask(), top = below(8), stackTags = chance(85) ? allTags[below(8)] : below(256), tags = 0;
    unsigned precision = chance(60) ? 3 : below(4);
    in.cw = masks | 0x40 | precision << 8 | below(4) << 10;
    in.sw = top << 11 | (chance(30) ? (next() & masks) | (next() & 0x4700) : 0) | (chance(10) ? 0x40 : 0);
    for (int k = 0; k < 8; k++) tags |= (stackTags >> k & 1) << ((top + k) & 7);
    in.tags = tags;
    in.mxcsr = 0x1f80;
    unsigned a = below(operands), b = chance(35) ? a ^ 1 : below(operands), m = below(operands);
    if (b >= (unsigned) operands) b = a;
    memset(in.st, 0, sizeof in.st);
    memcpy(in.st[0], pool + 16 * a, 10);
    memcpy(in.st[1], pool + 16 * b, 10);
    for (int k = 2; k < 8; k++) {
        long double v = k;
        memcpy(in.st[k], &v, 10);
    }
    memset(memory, 0, sizeof memory);
    memcpy(memory, memories + memoryWidth * m, memoryWidth);
    uint64_t flags = 2 | (next() & 0x8d5);
    put16(in.cw), put16(in.sw), put16(flags & 0x8d5), put8(in.tags), put16(a), put16(b), put16(m);
    uint8_t rotated[8][10];
    for (int k = 0; k < 8; k++) memcpy(rotated[(top + k) & 7], in.st[k], 10);
    uint64_t rax = execute(&flags);
    (void) rax;
    put16(out.cw), put16(out.sw), put16(flags & 0x8d5), put8(out.tags);
    unsigned newTop = out.sw >> 11 & 7, changed = 0;
    uint8_t after[8][10];
    for (int k = 0; k < 8; k++) memcpy(after[(newTop + k) & 7], out.st[k], 10);
    for (int r = 0; r < 8; r++) changed |= !!memcmp(after[r], rotated[r], 10) << r;
    put8(changed);
    for (int r = 0; r < 8; r++)
        if (changed >> r & 1) put(after[r], 10);
    int stored = !!memcmp(memory, memories + memoryWidth * m, memoryWidth);
    put8(stored);
    if (stored) put(memory, memoryWidth);
}

static void sseCase(const Instruction *i, int operands, const uint8_t *pool) {
    unsigned a = below(operands), b = chance(35) ? a ^ 1 : below(operands);
    if (b >= (unsigned) operands) b = a;
    in.mxcsr = chance(30) ? 0x1fa0 : randomMask() << 7 | below(4) << 13 | (chance(40) ? below(64) : 0);
    if (chance(15)) in.mxcsr |= 0x8000;
    if (chance(15)) in.mxcsr |= 0x40;
    in.cw = 0x37f, in.sw = 0, in.tags = 0;
    memset(in.st, 0, sizeof in.st);
    memcpy(in.xmm[0], pool + 16 * a, 16);
    memcpy(memory, pool + 16 * b, 16);
    uint64_t flags = 0x8d7;
    put16(in.mxcsr), put16(a), put16(b);
    uint64_t rax = execute(&flags), zero = 0;
    if (i->kind == XMM) put(out.xmm[0], 16);
    else if (i->kind == MM) put(out.st[0], 8), put(&zero, 8);
    else put(&rax, 8), put(&zero, 8);
    put16(out.mxcsr), put16((flags & 0x8d5) | faulted << 15);
}

static void block(const Instruction *i, int immediate, int operands, int cases) {
    int memoryWidth = i->kind == X87 ? width[i->type] : 16;
    uint8_t *pool = calloc(operands, 16), *memories = calloc(operands + 8, memoryWidth);
    int numbersOnly = i->kind == X87 && i->code[0] == 0xd9 && i->code[1] >= 0xf0;
    /* Instructions of one type have the same operands, so that the file compresses. */
    uint64_t own = seed;
    seed = start * 0x51ed2701 + (i->kind == X87 ? i->type : 100 + i->type) * 1000 + numbersOnly;
    fill(pool, operands, i->kind, i->type, numbersOnly);
    put8(strlen(i->name)), put(i->name, strlen(i->name)), put8(i->kind), put8(immediate), put8(memoryWidth);
    put16(operands), put(pool, 16 * operands);
    if (i->kind == X87) {
        int memoryCount = i->type == NONE ? 1 : operands;
        for (int k = 0; k < memoryCount; k++) {
            uint8_t operand[112];
            memoryOperand(i->type, operand);
            memcpy(memories + memoryWidth * k, operand, memoryWidth);
        }
        for (int k = memoryCount; k < operands; k++) memcpy(memories + memoryWidth * k, memories, memoryWidth);
        put16(memoryCount), put(memories, memoryWidth * memoryCount);
    }
    seed = own + immediate;
    put16(cases), put16(cases >> 16);
    load(i, immediate);
    for (int k = 0; k < cases; k++)
        if (i->kind == X87) x87Case(i, operands, pool, memories, memoryWidth);
        else sseCase(i, operands, pool);
    free(pool), free(memories);
}

static int selected(const char *name, int argc, char **argv) {
    if (argc <= 4) return 1;
    for (int k = 4; k < argc; k++) {
        size_t n = strlen(argv[k]);
        if (!strcmp(argv[k], name) || (argv[k][n - 1] == '*' && !strncmp(argv[k], name, n - 1))) return 1;
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 4) return fprintf(stderr, "usage: fpvectors SEED OPERANDS CASES [NAME...]\n"), 2;
    start = strtoull(argv[1], 0, 0);
    int operands = atoi(argv[2]), cases = atoi(argv[3]);
    code = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    entry = (void (*)(void)) code;
    struct sigaction action = {.sa_sigaction = onFault, .sa_flags = SA_SIGINFO};
    sigaction(SIGFPE, &action, 0);
    for (unsigned k = 0; k < sizeof table / sizeof *table; k++) {
        const Instruction *i = &table[k];
        if (!selected(i->name, argc, argv)) continue;
        seed = start * 0x51ed2701 + k;
        int step = i->immediates > 16 ? 23 : 1, blocks = i->immediates ? (i->immediates + step - 1) / step : 1;
        for (int n = 0; n < blocks; n++) block(i, n * step, operands, (cases + blocks - 1) / blocks);
    }
    return 0;
}
