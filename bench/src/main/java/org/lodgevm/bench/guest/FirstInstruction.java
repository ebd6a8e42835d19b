package org.lodgevm.bench.guest;

import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.DX;

import java.nio.charset.StandardCharsets;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;

/**
 * Firmware that writes a line to the serial port with the first instructions that the CPU executes, and halts: it shows how
 * long a hypervisor takes until its guest runs.
 */
final class FirstInstruction {
    /** What every hypervisor takes for firmware. */
    private static final int SIZE = 0x1_0000;

    private static final int RESET_VECTOR = 0xfff0;
    private static final int COM1 = 0x3f8;

    private FirstInstruction() {}

    /** The image, whose last 16 bytes are at the reset vector. */
    static byte[] rom(String line) {
        Assembler rom = new Assembler(0).bits16();
        Label start = rom.label("start");
        rom.mov(DX, COM1);
        for (byte character : line.getBytes(StandardCharsets.US_ASCII)) {
            rom.mov(AL, character).out(AL);
        }
        Label halt = rom.cli().label("halt");
        rom.hlt().jmp(halt);
        rom.fill((int) (RESET_VECTOR - rom.here()), 0).jmp(start);
        return rom.fill((int) (SIZE - rom.here()), 0).toBytes();
    }
}
