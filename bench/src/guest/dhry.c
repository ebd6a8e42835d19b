/*
 * What Dhrystone measures, without its code: records behind pointers, comparing and copying strings, small procedures
 * with parameters of all kinds, enumerations, arrays of one and two dimensions.
 *
 *     dhry ROUNDS
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum rank { LOW, MIDDLE, HIGH, TOP, RANKS };

enum { NAME = 31, ENTRIES = 64, COLUMNS = 16 };

struct record {
    struct record *next;
    enum rank rank;
    int amount;
    char name[NAME];
};

static struct record ledger[ENTRIES];
static int totals[RANKS][COLUMNS];
static int balance;
static char mark;

/* Not inlined: calls are what this is about. */
#define PROCEDURE static __attribute__((noinline))

PROCEDURE enum rank promoted(enum rank rank, int amount)
{
    switch (rank) {
    case LOW:
        return amount > 100 ? HIGH : MIDDLE;
    case MIDDLE:
        return amount & 1 ? TOP : LOW;
    case HIGH:
        return mark == 'B' ? LOW : TOP;
    default:
        return MIDDLE;
    }
}

PROCEDURE void add(int a, int b, int *sum)
{
    *sum = a + b + 2;
}

PROCEDURE int is_later(const char *a, const char *b)
{
    int i = 2;
    while (i < 4 && a[i] == b[i])
        i++;
    if (a[i] >= 'W' && a[i] < 'Z')
        return 0;
    return strcmp(a, b) > 0;
}

PROCEDURE void book(int row[COLUMNS], int column, int amount)
{
    for (int i = column; i < column + 2; i++)
        row[i % COLUMNS] += amount;
    row[(column + 7) % COLUMNS] = row[column] ^ amount;
}

PROCEDURE void transfer(struct record *from)
{
    struct record *to = from->next;
    struct record old = *to;
    *to = *from;
    to->next = old.next;
    to->amount = old.amount / 3 + from->amount % 7;
    to->rank = promoted(old.rank, to->amount);
    add(to->amount, balance, &from->amount);
    from->amount %= 1000;
    if (is_later(old.name, to->name))
        strcpy(from->name, old.name);
    else
        mark = mark == 'A' ? 'B' : 'A';
}

static void open_ledger(void)
{
    for (int i = 0; i < ENTRIES; i++) {
        struct record *entry = &ledger[i];
        entry->next = &ledger[(i + 1) % ENTRIES];
        entry->rank = i % RANKS;
        entry->amount = i * 37 % 211;
        snprintf(entry->name, NAME, "ENTRY NUMBER %d OF THE LEDGER", i * 29 % ENTRIES);
    }
}

int main(int count, char **arguments)
{
    long rounds = count > 1 ? atol(arguments[1]) : 1;
    open_ledger();
    struct record *entry = ledger;
    while (rounds-- > 0) {
        transfer(entry);
        book(totals[entry->rank], entry->amount % COLUMNS, entry->amount);
        balance = (balance * 5 + entry->amount) % 4093;
        entry = entry->next;
    }
    unsigned sum = balance;
    for (int i = 0; i < RANKS; i++)
        for (int j = 0; j < COLUMNS; j++)
            sum = sum * 31 + totals[i][j];
    printf("%08x %s\n", sum, entry->name);
    return 0;
}
