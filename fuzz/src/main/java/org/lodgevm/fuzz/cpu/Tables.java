package org.lodgevm.fuzz.cpu;

import org.lodgevm.fuzz.Dice;

/** Descriptor tables, interrupt table and task state: well-formed where the case needs them, anything beyond. @sdm 3A:3.5, 3A:6.11, 3A:7.2 */
final class Tables {
    static final int CODE16 = 0x08;
    static final int CODE32 = 0x10;
    static final int CODE64 = 0x18;
    static final int DATA = 0x20;
    static final int STACK16 = 0x28;
    /** From a selector at privilege level 0 to the same at 3, its RPL included. */
    static final int USER = 0x30 + 3;
    static final int TASK = 0x60;
    static final int LOCAL = 0x70;
    private static final int FIRST_FREE = 0x80;
    private static final int SELECTORS = 0x200;
    static final int LIMIT = 0xfff;
    static final int TSS_LIMIT = Image.OTHER_TSS - Image.TSS - 1;
    static final int LDT_LIMIT = 0xff;

    static final int ACCESS_CODE = 0x9b;
    static final int ACCESS_DATA = 0x93;
    static final int ACCESS_LDT = 0x82;
    static final int ACCESS_BUSY_TSS = 0x8b;
    private static final int ACCESS_TSS = 0x89;
    private static final int DPL3 = 3 << 5;
    private static final int PRESENT = 0x80;
    private static final int LONG = 2;
    private static final int BIG = 4;
    private static final int PAGES = 8;
    private static final int TYPE_TASK_GATE = 5;
    private static final int TYPE_INTERRUPT_GATE16 = 6;
    private static final int TYPE_INTERRUPT_GATE = 14;

    private static final int TSS16_STACK = 2;
    private static final int TSS_STACK = 4;
    private static final int TSS_IST = 36;
    private static final int TSS_BITMAP = 102;

    private final Image image;
    private final Setting setting;
    private final Dice dice;

    private Tables(Image image, Setting setting, Dice dice) {
        this.image = image;
        this.setting = setting;
        this.dice = dice;
    }

    static void write(Image image, Setting setting, Dice dice) {
        Tables tables = new Tables(image, setting, dice);
        tables.segments();
        tables.tasks();
        if (setting.isProtected()) {
            tables.gates();
        } else {
            tables.vectors();
        }
    }

    /** Any selector, mostly one that leads to a descriptor. */
    static int selector(Dice dice) {
        return switch (dice.below(8)) {
            case 0 -> dice.below(0x1_0000);
            case 1 -> dice.below(4);
            case 2 -> dice.below(LDT_LIMIT) | 4;
            case 3, 4 -> dice.below(SELECTORS);
            default -> 8 * dice.below(FIRST_FREE / 8) + dice.of(0, 3);
        };
    }

    private void segments() {
        for (int level = 0; level < 2; level++) {
            int at = Image.GDT + level * (USER & ~7);
            int dpl = level * DPL3;
            image.put64(at + CODE16, segment(0, 0xffff, ACCESS_CODE | dpl, 0));
            image.put64(at + CODE32, segment(0, 0xf_ffff, ACCESS_CODE | dpl, BIG | PAGES));
            image.put64(at + CODE64, segment(0, 0xf_ffff, ACCESS_CODE | dpl, LONG | PAGES));
            image.put64(at + DATA, segment(0, 0xf_ffff, ACCESS_DATA | dpl, BIG | PAGES));
            image.put64(at + STACK16, segment(0, 0xffff, ACCESS_DATA | dpl, 0));
        }
        image.put64(Image.GDT + TASK, segment(Image.TSS, TSS_LIMIT, ACCESS_BUSY_TSS, 0));
        image.put64(Image.GDT + LOCAL, segment(Image.LDT, LDT_LIMIT, ACCESS_LDT, 0));
        for (int at = FIRST_FREE; at < SELECTORS; at += 8) {
            image.put64(Image.GDT + at, descriptor());
        }
        for (int at = 0; at < LDT_LIMIT; at += 8) {
            image.put64(Image.LDT + at, descriptor());
        }
    }

    private long descriptor() {
        int dpl = dice.of(0, 3) << 5;
        int present = dice.oneIn(8) ? 0 : PRESENT;
        return switch (dice.below(8)) {
            case 0 -> 0; // the upper half of one before
            case 1 -> dice.bits();
            case 2 -> gate(present | dpl | dice.of(4, 12), dice.below(32));
            case 3 -> gate(present | dpl | TYPE_TASK_GATE, 0);
            case 4 -> segment(dice.of(Image.TSS, Image.OTHER_TSS), dice.between(0, 0x100), present | dpl | dice.of(1, 3, 9, 11), 0);
            default -> segment(dice.oneIn(2) ? 0 : Image.place(dice), dice.oneIn(2) ? dice.below(0x10_0000) : 0xf_ffff,
                    present | dpl | 0x10 | dice.below(16), dice.below(16));
        };
    }

    /** To a handler or into the code. */
    private long gate(int access, int parameters) {
        long offset = dice.oneIn(2) ? Handlers.entry(dice.below(Handlers.COUNT)) : dice.between(Image.CODE, Image.CODE_END);
        return gate(dice.oneIn(4) ? selector(dice) : handlerCode(), offset, access, parameters);
    }

    private int handlerCode() {
        return switch (setting.handlerBits()) {
            case 16 -> CODE16;
            case 32 -> CODE32;
            default -> CODE64;
        };
    }

    private void tasks() {
        image.put16(Image.TSS + TSS16_STACK, Image.STACK_END);
        for (int level = 0; level < 3; level++) {
            if (setting.isLong()) {
                image.put64(Image.TSS + TSS_STACK + 8 * level, Image.STACK_END - 0x200L * level);
            } else {
                image.put32(Image.TSS + TSS_STACK + 8 * level, Image.STACK_END - 0x200 * level);
                image.put32(Image.TSS + TSS_STACK + 8 * level + 4, DATA | level);
            }
        }
        if (setting.isLong()) {
            image.put64(Image.TSS + TSS_IST, Image.STACK_END - 0x800);
        }
        image.put16(Image.TSS + TSS_BITMAP, dice.oneIn(4) ? dice.below(0x1_0000) : 136);
        for (int n = dice.below(4); n > 0; n--) {
            image.put16(Image.OTHER_TSS + 2 * dice.below(52), dice.oneIn(2) ? selector(dice) : (int) dice.number());
        }
        image.put64(Image.GDT + FIRST_FREE, segment(Image.OTHER_TSS, 0x67, ACCESS_TSS, 0));
    }

    private void gates() {
        int type = setting.handlerBits() == 16 ? TYPE_INTERRUPT_GATE16 : TYPE_INTERRUPT_GATE;
        int bytes = setting.isLong() ? 16 : 8;
        for (int vector = 0; vector < 256; vector++) {
            int access = PRESENT | type | dice.below(2) | dice.of(0, 3) << 5;
            long gate = gate(handlerCode(), Handlers.entry(vector), access, setting.isLong() && dice.oneIn(8) ? 1 : 0);
            image.put64(Image.IDT + bytes * vector, dice.oneIn(64) ? descriptor() : gate);
        }
    }

    private void vectors() {
        for (int vector = 0; vector < 256; vector++) {
            image.put32(4 * vector, dice.oneIn(64) ? (int) dice.bits() : Handlers.entry(vector));
        }
    }

    private static long segment(long base, long limit, int access, int flags) {
        return limit & 0xffff | (base & 0xff_ffff) << 16 | (long) access << 40 | (limit >> 16 & 0xf) << 48 | (long) flags << 52
                | (base >>> 24 & 0xff) << 56;
    }

    private static long gate(int selector, long offset, int access, int parameters) {
        return offset & 0xffff | (long) (selector & 0xffff) << 16 | (long) parameters << 32 | (long) access << 40
                | (offset >>> 16 & 0xffff) << 48;
    }
}
