package org.lodgevm.x86.oracle;

import org.lodgevm.x86.isa.Address;
import org.lodgevm.x86.isa.RowEncoder;

/**
 * Chooses where a memory operand lies, and registers, displacement and segment that amount to that
 * place.
 */
final class Addressing {
    private static final int SS = 2;
    private static final int DS = 3;
    private static final int FS = 4;
    private static final int BX = 3;
    private static final int NO_INDEX = 4;

    private Addressing() {}

    /**
     * Gives the encoder an address and sets the registers it needs. The displacement of one that
     * counts from RIP is still the offset itself.
     */
    static Address choose(Draft draft, RowEncoder encoder, boolean offsetOnly) {
        Numbers numbers = draft.numbers;
        int addrSize = draft.mode.size().addressSize();
        if (numbers.oneIn(10)) {
            addrSize = draft.mode.size().otherAddressSize();
        }
        encoder.addrSize(addrSize);
        int override = numbers.oneIn(6) ? numbers.below(6) : -1;
        if (override >= 0) {
            encoder.segment(override);
        }
        draft.inMemory = true;
        draft.operand = target(draft);
        Address address;
        if (offsetOnly) {
            address =
                    Address.absolute(
                            offset(draft, segment(draft, override, Address.NONE), addrSize));
        } else {
            address =
                    addrSize == 2
                            ? sixteenBit(draft, override)
                            : general(draft, override, addrSize);
        }
        encoder.memory(address);
        return address;
    }

    /**
     * Mostly in the window, aligned or not; now and then over its edges, where it cannot be
     * written, or nowhere.
     */
    static long target(Draft draft) {
        Numbers numbers = draft.numbers;
        int width = Math.max(draft.memoryWidth(), 1);
        int room = Math.max(Layout.WINDOW_BYTES - Math.min(width, Layout.WINDOW_BYTES), 1);
        int offset = numbers.below(room);
        if (!numbers.oneIn(draft.row.alignsMemory() || width > 16 ? 16 : 3)) {
            offset &= width > 16 ? -64 : -16;
        }
        if (numbers.oneIn(8)) {
            // over the boundary between the pages, if the window has it
            offset = Math.min(Layout.WINDOW_BYTES / 2 - numbers.below(width + 1), room);
        }
        long place = draft.window(Math.max(offset, 0));
        return switch (numbers.below(40)) {
            case 0 -> Layout.DATA - numbers.below(width + 8);
            case 1 -> Layout.DATA + Layout.DATA_BYTES - numbers.below(width + 2);
            case 2, 3 ->
                    Layout.CONSTANTS + (numbers.below(Layout.PAGE - Math.min(width, 2048)) & -16);
            case 4 ->
                    draft.is64()
                            ? numbers.integer() | Long.MIN_VALUE
                            : 0x6000_0000L + numbers.below(Layout.PAGE);
            case 5 ->
                    draft.is64()
                            ? (numbers.bits() & 0x0FFF_FFFF_FFFF_FFFFL) | 1L << 59
                            : Layout.CODE + numbers.below(Layout.PAGE);
            case 6, 7, 8, 9 -> draft.is64() ? place - Layout.DATA + Layout.HIGH_DATA : place;
            default -> place;
        };
    }

    static int segment(Draft draft, int override, int base) {
        boolean ignored = draft.is64() && override < FS;
        if (override >= 0 && !ignored) {
            return override;
        }
        return base == Draft.RSP || base == Draft.RBP ? SS : DS;
    }

    static long offset(Draft draft, int segment, int addrSize) {
        long offset = draft.operand - draft.segmentBase(segment);
        return addrSize == 8 ? offset : offset & (addrSize == 4 ? 0xFFFF_FFFFL : 0xFFFF);
    }

    private static Address sixteenBit(Draft draft, int override) {
        Numbers numbers = draft.numbers;
        int base = numbers.of(BX, Draft.RBP, Draft.RSI, Draft.RDI, Address.NONE);
        int index =
                (base == BX || base == Draft.RBP) && numbers.oneIn(2)
                        ? numbers.of(Draft.RSI, Draft.RDI)
                        : Address.NONE;
        long offset = offset(draft, segment(draft, override, base), 2);
        if (base == Address.NONE) {
            return Address.absolute((short) offset);
        }
        long disp = displacement(numbers, 16);
        long rest = offset - disp;
        if (index != Address.NONE) {
            rest -= draft.target.gpr(index);
            draft.addressRegisters |= 1 << index;
        }
        // what lies above 16 bits does not count
        draft.register(base, rest & 0xFFFF | (long) numbers.below(0x10000) << 16);
        draft.addressRegisters |= 1 << base;
        return new Address(base, index, 0, disp);
    }

    static long displacement(Numbers numbers, int bits) {
        return switch (numbers.below(4)) {
            case 0 -> 0;
            case 1, 2 -> numbers.below(256) - 128;
            default -> bits == 16 ? (short) numbers.bits() : (int) numbers.bits();
        };
    }

    private static Address general(Draft draft, int override, int addrSize) {
        Numbers numbers = draft.numbers;
        int registers = draft.is64() ? 16 : 8;
        boolean reaches = addrSize == 4 || draft.operand == (int) draft.operand;
        if (reaches && numbers.oneIn(8)) {
            return withoutBase(draft, override, addrSize);
        }
        if (reaches && draft.is64() && numbers.oneIn(6)) {
            long offset = offset(draft, segment(draft, override, Address.NONE), addrSize);
            return new Address(Address.RIP, Address.NONE, 0, (int) offset);
        }
        int base = numbers.below(registers);
        int index = numbers.oneIn(2) ? numbers.below(registers) : Address.NONE;
        if (index == NO_INDEX || index == base) {
            index = Address.NONE;
        }
        int scale = index == Address.NONE ? 0 : numbers.below(4);
        long disp = displacement(numbers, 32);
        long offset = offset(draft, segment(draft, override, base), addrSize) - disp;
        if (index != Address.NONE) {
            offset -= draft.target.gpr(index) << scale;
            draft.addressRegisters |= 1 << index;
        }
        boolean upperHalfIgnored = addrSize == 4 && draft.is64() && base != Draft.RSP;
        draft.register(
                base, upperHalfIgnored ? offset & 0xFFFF_FFFFL | numbers.bits() << 32 : offset);
        draft.addressRegisters |= 1 << base;
        return new Address(base, index, scale, disp);
    }

    private static Address withoutBase(Draft draft, int override, int addrSize) {
        Numbers numbers = draft.numbers;
        long offset = offset(draft, segment(draft, override, Address.NONE), addrSize);
        if (numbers.oneIn(2)) {
            return Address.absolute((int) offset);
        }
        int index = numbers.below(draft.is64() ? 16 : 8);
        if (index == NO_INDEX) {
            index = Draft.RBX;
        }
        int scale = numbers.below(4);
        long value = numbers.below(0x10000) - 0x8000;
        draft.register(index, value);
        draft.addressRegisters |= 1 << index;
        return new Address(Address.NONE, index, scale, (int) (offset - (value << scale)));
    }
}
