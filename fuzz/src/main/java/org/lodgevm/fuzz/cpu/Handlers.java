package org.lodgevm.fuzz.cpu;

import static org.lodgevm.x86.asm.Mem.mem16;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.asm.Mem.mem64;

import org.lodgevm.fuzz.Dice;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.state.Vector;

/** Exception handlers, most of which let the program go on: behind the bytes that faulted, or elsewhere. */
final class Handlers {
    static final int COUNT = 32;
    private static final int ROOM = 32;

    private Handlers() {}

    /** Where the handler of a vector begins; interrupts share those of exceptions. */
    static int entry(int vector) {
        return Image.HANDLERS + ROOM * (vector % COUNT);
    }

    static void write(Image image, Setting setting, Dice dice) {
        for (int vector = 0; vector < COUNT; vector++) {
            image.put(entry(vector), handler(setting, vector, dice));
        }
    }

    static Assembler assembler(int bits) {
        Assembler a = new Assembler(0);
        return bits == 16 ? a.bits16() : bits == 32 ? a.bits32() : a;
    }

    static Assembler assembler(CodeSize size) {
        return assembler(8 * size.addressSize());
    }

    private static byte[] handler(Setting setting, int vector, Dice dice) {
        int bits = setting.handlerBits();
        Assembler a = assembler(bits);
        return switch (dice.below(8)) {
            case 0 -> dice.bytes(ROOM);
            case 1, 2 -> {
                a.mov(bits == 16 ? Gpr.SP : bits == 32 ? Gpr.ESP : Gpr.RSP, Image.STACK_END);
                yield a.push(dice.between(Image.CODE, Image.CODE + 0x200)).ret().toBytes();
            }
            default -> skip(a, bits, setting.isProtected() && Vector.hasErrorCode(vector), dice.between(1, 4)).toBytes();
        };
    }

    /** Adds to the saved instruction pointer and returns. */
    private static Assembler skip(Assembler a, int bits, boolean errorCode, int by) {
        switch (bits) {
            case 16 -> {
                if (errorCode) {
                    a.add(Gpr.SP, 2);
                }
                a.push(Gpr.BP).mov(Gpr.BP, Gpr.SP).add(mem16(Gpr.BP, 2), by).pop(Gpr.BP);
            }
            case 32 -> {
                if (errorCode) {
                    a.add(Gpr.ESP, 4);
                }
                a.add(mem32(Gpr.ESP, 0), by);
            }
            default -> {
                if (errorCode) {
                    a.add(Gpr.RSP, 8);
                }
                a.add(mem64(Gpr.RSP, 0), by);
            }
        }
        return a.iret(bits);
    }
}
