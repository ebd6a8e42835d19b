package org.lodgevm.fuzz.cpu;

import org.lodgevm.fuzz.Dice;

/**
 * Paging structures of all formats: linear addresses are physical ones up to 4 GiB, small pages below 4 MiB and large ones above. In some
 * cases entries are damaged, or lead anywhere. @sdm 3A:4.3 to 4.5
 */
final class Paging {
    static final int PDPT = Image.PAGING;
    private static final int PAE_DIRECTORIES = PDPT + 0x1000;
    private static final int PAE_TABLES = PAE_DIRECTORIES + 4 * 0x1000;
    static final int PML4 = PAE_TABLES + 2 * 0x1000;
    private static final int LONG_PDPT = PML4 + 0x1000;
    static final int PML5 = LONG_PDPT + 0x1000;
    static final int DIRECTORY = PML5 + 0x1000;
    private static final int TABLE = DIRECTORY + 0x1000;
    private static final int USED = TABLE + 0x1000 - PDPT;

    private static final int P = 1;
    private static final int ALL_RIGHTS = 7;
    private static final int LARGE = 1 << 7;
    private static final long XD = 1L << 63;

    private Paging() {}

    static void write(Image image, Dice dice) {
        for (int i = 0; i < 1024; i++) {
            image.put32(TABLE + 4 * i, i << 12 | ALL_RIGHTS);
            image.put32(DIRECTORY + 4 * i, i == 0 ? TABLE | ALL_RIGHTS : i << 22 | ALL_RIGHTS | LARGE);
            image.put64(PAE_TABLES + 8 * i, i << 12 | ALL_RIGHTS);
        }
        for (int i = 0; i < 2048; i++) {
            image.put64(PAE_DIRECTORIES + 8 * i, i < 2 ? PAE_TABLES + 0x1000 * i | ALL_RIGHTS : (long) i << 21 | ALL_RIGHTS | LARGE);
        }
        for (int i = 0; i < 4; i++) {
            image.put64(PDPT + 8 * i, PAE_DIRECTORIES + 0x1000 * i | P);
            image.put64(LONG_PDPT + 8 * i, PAE_DIRECTORIES + 0x1000 * i | ALL_RIGHTS);
            image.put64(LONG_PDPT + 8 * (508 + i), PAE_DIRECTORIES + 0x1000 * i | ALL_RIGHTS);
        }
        for (int slot : new int[] {0, 255, 256, 511}) {
            image.put64(PML4 + 8 * slot, LONG_PDPT | ALL_RIGHTS);
            image.put64(PML5 + 8 * slot, PML4 | ALL_RIGHTS);
        }
        if (dice.oneIn(2)) {
            for (int n = dice.below(40); n >= 0; n--) {
                damage(image, dice);
            }
        }
    }

    /** Mostly among the entries that are used: the first of a table. */
    private static void damage(Image image, Dice dice) {
        int table = PDPT + dice.below(USED >> 12) * 0x1000;
        int at = table + 8 * (dice.oneIn(3) ? dice.below(512) : dice.below(16));
        long entry = image.get64(at);
        image.put64(at, switch (dice.below(8)) {
            case 0 -> 0;
            case 1 -> entry ^ 1L << dice.below(12);
            case 2 -> entry ^ 1L << dice.below(64);
            case 3 -> entry | XD;
            case 4 -> Image.place(dice) & ~0xfffL | dice.below(0x1000);
            case 5 -> PDPT + dice.below(USED >> 12) * 0x1000 | ALL_RIGHTS;
            case 6 -> dice.number();
            default -> dice.bits();
        });
    }
}
