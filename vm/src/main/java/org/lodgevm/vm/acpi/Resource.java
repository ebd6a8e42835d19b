package org.lodgevm.vm.acpi;

/** Resource descriptors, the elements of a resource template. @acpi 6.4 */
final class Resource {
    private static final int IO_PORT = 0x47;
    private static final int IRQ_NO_FLAGS = 0x22;
    private static final int IRQ_WITH_FLAGS = 0x23;
    private static final int DMA = 0x2a;
    private static final int END_TAG = 0x79;
    private static final int MEMORY_32_FIXED = 0x86;
    private static final int DWORD_SPACE = 0x87;
    private static final int WORD_SPACE = 0x88;
    private static final int EXTENDED_INTERRUPT = 0x89;
    private static final int QWORD_SPACE = 0x8a;

    private static final int DECODE_16 = 1;
    private static final int READ_WRITE = 1;
    private static final int LEVEL_ACTIVE_LOW_SHARED = 0x18;
    /** The same, in the extended descriptor, for a consumer. */
    private static final int CONSUMER_LEVEL_ACTIVE_LOW_SHARED = 0xd;

    private static final int MEMORY_RANGE = 0;
    private static final int IO_RANGE = 1;
    private static final int BUS_RANGE = 2;
    /** The window's ends do not move, and the bridge decodes it positively. */
    private static final int FIXED = 0xc;

    private static final int ENTIRE_RANGE = 3;

    private Resource() {}

    /** {@code count} ports from {@code first}. */
    static byte[] io(int first, int count) {
        return Aml.join(Aml.bytes(IO_PORT, DECODE_16), Aml.little(first, 2), Aml.little(first, 2), Aml.bytes(1, count));
    }

    /** An ISA interrupt: edge-triggered, active high, not shared. */
    static byte[] irq(int irq) {
        return Aml.join(Aml.bytes(IRQ_NO_FLAGS), Aml.little(1L << irq, 2));
    }

    /** ISA interrupts that a PCI interrupt may be routed to. */
    static byte[] pciIrqs(int mask) {
        return Aml.join(Aml.bytes(IRQ_WITH_FLAGS), Aml.little(mask, 2), Aml.bytes(LEVEL_ACTIVE_LOW_SHARED));
    }

    /** A global system interrupt: level-triggered, shared. */
    static byte[] interrupt(int gsi) {
        return Aml.join(
                Aml.bytes(EXTENDED_INTERRUPT), Aml.little(6, 2), Aml.bytes(CONSUMER_LEVEL_ACTIVE_LOW_SHARED, 1), Aml.little(gsi, 4));
    }

    /** A channel of the 8237s, eight bits wide, not a bus master. */
    static byte[] dma(int channel) {
        return Aml.bytes(DMA, 1 << channel, 0);
    }

    static byte[] memory32(long start, long size) {
        return Aml.join(Aml.bytes(MEMORY_32_FIXED), Aml.little(9, 2), Aml.bytes(READ_WRITE), Aml.little(start, 4), Aml.little(size, 4));
    }

    static byte[] busWindow(int first, int last) {
        return window(WORD_SPACE, 2, BUS_RANGE, 0, first, last);
    }

    static byte[] ioWindow(int first, int last) {
        return window(WORD_SPACE, 2, IO_RANGE, ENTIRE_RANGE, first, last);
    }

    static byte[] memoryWindow32(long first, long last) {
        return window(DWORD_SPACE, 4, MEMORY_RANGE, READ_WRITE, first, last);
    }

    static byte[] memoryWindow64(long first, long last) {
        return window(QWORD_SPACE, 8, MEMORY_RANGE, READ_WRITE, first, last);
    }

    /** An address space descriptor: granularity, first, last, translation and length, each {@code width} bytes. */
    private static byte[] window(int tag, int width, int kind, int kindFlags, long first, long last) {
        return Aml.join(
                Aml.bytes(tag), Aml.little(3 + 5 * width, 2), Aml.bytes(kind, FIXED, kindFlags), Aml.little(0, width),
                Aml.little(first, width), Aml.little(last, width), Aml.little(0, width), Aml.little(last - first + 1, width));
    }

    /** The end, with a checksum byte of zero: not checked. */
    static byte[] endTag() {
        return Aml.bytes(END_TAG, 0);
    }
}
