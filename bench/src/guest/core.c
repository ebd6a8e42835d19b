/*
 * A mix of what small integer programs do: linked lists, matrices, a state machine that scans numbers, checksums.
 * In the spirit of CoreMark, but none of its code: figures are comparable with each other only.
 *
 *     core ROUNDS      prints a checksum of all results
 */
#include <stdio.h>
#include <stdlib.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef short i16;
typedef int i32;

/* ---- pseudo-random numbers: xorshift ---- */

static u32 seed = 0x2545f491;

static u32 next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

/* ---- checksums: CRC-16-CCITT bit by bit, CRC-32 by a table ---- */

static u16 crc16(u16 crc, u32 value)
{
    for (int bit = 0; bit < 32; bit++, value >>= 1) {
        u32 carry = (crc ^ value) & 1;
        crc >>= 1;
        if (carry)
            crc ^= 0x8408;
    }
    return crc;
}

static u32 crc32_table[256];

static void make_crc32_table(void)
{
    for (u32 i = 0; i < 256; i++) {
        u32 crc = i;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
        crc32_table[i] = crc;
    }
}

static u32 crc32(u32 crc, const u8 *bytes, int length)
{
    crc = ~crc;
    while (length-- > 0)
        crc = crc >> 8 ^ crc32_table[(u8)crc ^ *bytes++];
    return ~crc;
}

/* ---- a linked list: sort by either key, search, reverse ---- */

enum { NODES = 400, SEARCHES = 64 };

struct node {
    struct node *next;
    i16 key;
    i16 position;
};

typedef int (*order)(const struct node *, const struct node *);

static struct node nodes[NODES];

static int by_key(const struct node *a, const struct node *b)
{
    return a->key != b->key ? a->key - b->key : a->position - b->position;
}

static int by_position(const struct node *a, const struct node *b)
{
    return a->position - b->position;
}

static struct node *merge(struct node *a, struct node *b, order compare)
{
    struct node *head = 0, **tail = &head;
    while (a && b) {
        struct node **lesser = compare(a, b) <= 0 ? &a : &b;
        *tail = *lesser;
        tail = &(*tail)->next;
        *lesser = *tail;
    }
    *tail = a ? a : b;
    return head;
}

/* Top down: splits in the middle, found by one pointer that runs twice as fast as the other. */
static struct node *sort(struct node *list, order compare)
{
    if (!list || !list->next)
        return list;
    struct node *middle = list;
    for (struct node *fast = list->next; fast && fast->next; fast = fast->next->next)
        middle = middle->next;
    struct node *second = middle->next;
    middle->next = 0;
    return merge(sort(list, compare), sort(second, compare), compare);
}

static struct node *reverse(struct node *list)
{
    struct node *reversed = 0;
    while (list) {
        struct node *rest = list->next;
        list->next = reversed;
        reversed = list;
        list = rest;
    }
    return reversed;
}

static int steps_to(const struct node *list, i16 key)
{
    int steps = 0;
    for (; list && list->key != key; list = list->next)
        steps++;
    return steps;
}

static u16 list_round(u16 crc)
{
    for (int i = 0; i < NODES; i++) {
        nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : 0;
        nodes[i].key = next_random() & 0x3ff;
        nodes[i].position = i;
    }
    struct node *list = sort(nodes, by_key);
    for (int i = 0; i < SEARCHES; i++)
        crc = crc16(crc, steps_to(list, next_random() & 0x3ff));
    list = sort(reverse(list), by_position);
    return crc16(crc, list->key);
}

/* ---- matrices of 16-bit numbers: product, transposed product, bit fields ---- */

enum { SIZE = 24 };

static i16 left[SIZE][SIZE], right[SIZE][SIZE];
static i32 product[SIZE][SIZE];

static u16 matrix_round(u16 crc)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            left[i][j] = (i16)next_random();
            right[i][j] = (i16)(left[i][j] * (i + 1) >> (j & 7));
        }
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            i32 sum = 0;
            for (int k = 0; k < SIZE; k++)
                sum += left[i][k] * (right[k][j] >> 4);
            product[i][j] = sum;
        }
    u32 fields = 0;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            for (int k = 0; k < SIZE; k += 3)
                fields += (product[i][k] >> 2 & 0xf) * (product[j][k] >> 5 & 0x7f);
    return crc16(crc, fields);
}

/* ---- a state machine: which words of a text are numbers, and of which kind ---- */

enum { TEXT = 2048 };

enum state { START, SIGN, INTEGER, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, SCIENTIFIC, INVALID, STATES };

static u8 text[TEXT];

static void write_text(void)
{
    static const u8 letters[] = "0123456789012345678901234567890123456789..+-eE  ,,,,,x";
    for (int i = 0; i < TEXT; i++)
        text[i] = letters[(next_random() >> 8) % (sizeof letters - 1)];
}

static int is_digit(u8 c)
{
    return c >= '0' && c <= '9';
}

static int is_sign(u8 c)
{
    return c == '+' || c == '-';
}

static int is_e(u8 c)
{
    return c == 'e' || c == 'E';
}

static enum state step(enum state state, u8 c)
{
    switch (state) {
    case START:
        return is_digit(c) ? INTEGER : is_sign(c) ? SIGN : c == '.' ? POINT : INVALID;
    case SIGN:
        return is_digit(c) ? INTEGER : c == '.' ? POINT : INVALID;
    case INTEGER:
        return is_digit(c) ? INTEGER : c == '.' ? FRACTION : is_e(c) ? EXPONENT : INVALID;
    case POINT:
        return is_digit(c) ? FRACTION : INVALID;
    case FRACTION:
        return is_digit(c) ? FRACTION : is_e(c) ? EXPONENT : INVALID;
    case EXPONENT:
        return is_digit(c) ? SCIENTIFIC : is_sign(c) ? EXPONENT_SIGN : INVALID;
    case EXPONENT_SIGN:
    case SCIENTIFIC:
        return is_digit(c) ? SCIENTIFIC : INVALID;
    default:
        return INVALID;
    }
}

static u16 state_round(u16 crc)
{
    u32 ended_in[STATES] = {0};
    enum state state = START;
    write_text();
    for (int i = 0; i < TEXT; i++) {
        if (text[i] == ',' || text[i] == ' ') {
            ended_in[state]++;
            state = START;
        } else {
            state = step(state, text[i]);
        }
    }
    for (int i = 0; i < STATES; i++)
        crc = crc16(crc, ended_in[i]);
    return crc;
}

/* ---- the program ---- */

int main(int count, char **arguments)
{
    long rounds = count > 1 ? atol(arguments[1]) : 0;
    u16 crc = 0xffff;
    u32 sum = 0;
    make_crc32_table();
    while (rounds-- > 0) {
        crc = list_round(crc);
        crc = matrix_round(crc);
        crc = state_round(crc);
        sum = crc32(sum, text, TEXT);
    }
    printf("%08x\n", sum ^ crc);
    return 0;
}
