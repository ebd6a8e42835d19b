/*
 * CRC-32 of a megabyte, again and again: four bytes at a time by four tables.
 *
 *     crc32 MEGABYTES
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 1 << 20, SLICES = 4 };

static uint32_t table[SLICES][256];
static uint8_t data[SIZE];

static void make_tables(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
        table[0][i] = crc;
    }
    for (int slice = 1; slice < SLICES; slice++)
        for (int i = 0; i < 256; i++) {
            uint32_t before = table[slice - 1][i];
            table[slice][i] = before >> 8 ^ table[0][before & 0xff];
        }
}

static uint32_t crc32(uint32_t crc, const uint8_t *bytes, size_t length)
{
    crc = ~crc;
    for (; length >= SLICES; length -= SLICES, bytes += SLICES) {
        uint32_t word;
        memcpy(&word, bytes, sizeof word);
        crc ^= word;
        crc = table[3][crc & 0xff] ^ table[2][crc >> 8 & 0xff] ^ table[1][crc >> 16 & 0xff] ^ table[0][crc >> 24];
    }
    while (length-- > 0)
        crc = crc >> 8 ^ table[0][(crc ^ *bytes++) & 0xff];
    return ~crc;
}

int main(int count, char **arguments)
{
    long rounds = count > 1 ? atol(arguments[1]) : 1;
    uint32_t crc = 0, noise = 1;
    make_tables();
    for (int i = 0; i < SIZE; i++) {
        noise = noise * 1664525 + 1013904223;
        data[i] = noise >> 24;
    }
    while (rounds-- > 0)
        crc = crc32(crc, data, SIZE);
    printf("%08x\n", crc);
    return 0;
}
