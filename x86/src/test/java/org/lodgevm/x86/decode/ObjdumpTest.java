package org.lodgevm.x86.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.CodeSize;

/**
 * Decoder and disassembler judged by the host's objdump: on random bytes in each mode, and on all the code of a C library. Both
 * must agree on what is an instruction, on its length and on its text, save for the known {@link Deviations}.
 *
 * <p>{@code -Dlodge.decode.cases} and {@code -Dlodge.seed} make a longer run or another one.
 */
class ObjdumpTest {
    private static final int CASES = Integer.getInteger("lodge.decode.cases", 30_000);
    private static final long SEED = Long.getLong("lodge.seed", 1);

    private static final int[] PREFIXES = {
        0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x2E, 0x36, 0x64, 0x65, 0x26, 0x3E
    };

    private final Decoder decoder = new Decoder();
    private final Instruction instruction = new Instruction();

    @BeforeAll
    static void needsObjdump() {
        assumeTrue(Objdump.isAvailable(), "needs objdump (binutils)");
    }

    @ParameterizedTest
    @EnumSource
    void agreesOnRandomBytes(CodeSize mode) throws IOException {
        Random random = new Random(SEED + mode.ordinal());
        List<byte[]> cases = Stream.generate(() -> randomCase(random, mode)).limit(CASES).toList();
        byte[] code = Objdump.layOut(cases);
        Map<Long, Objdump.Line> lines = Objdump.disassemble(code, mode);
        List<String> disagreements = new ArrayList<>();
        for (int at = 0; at < code.length; at += Objdump.SLOT) {
            String complaint = compare(code, at, mode, lines.get((long) at));
            if (complaint != null) {
                disagreements.add(HexFormat.of().formatHex(code, at, at + 15) + ": " + complaint);
            }
        }
        assertThat(disagreements).isEmpty();
    }

    /** Bytes in which every opcode map and prefix turns up often. */
    private static byte[] randomCase(Random random, CodeSize mode) {
        byte[] bytes = new byte[Instruction.MAX_LENGTH];
        random.nextBytes(bytes);
        int at = 0;
        if (random.nextInt(3) == 0) {
            bytes[at++] = (byte) PREFIXES[random.nextInt(4)];
        }
        if (random.nextInt(12) == 0) {
            bytes[at++] = (byte) PREFIXES[random.nextInt(PREFIXES.length)];
        }
        if (mode.is64() && random.nextInt(3) == 0) {
            bytes[at++] = (byte) (0x40 | random.nextInt(16));
        }
        if (random.nextInt(4) == 0) {
            vexPrefix(random, bytes, at);
        } else if (random.nextBoolean()) {
            bytes[at++] = 0x0F;
            int map = random.nextInt(8);
            if (map < 2) {
                bytes[at] = (byte) (map == 0 ? 0x38 : 0x3A);
            }
        }
        return bytes;
    }

    /** One of either length; vvvv is often 1111, as it has to be where it names nothing. */
    private static void vexPrefix(Random random, byte[] bytes, int at) {
        boolean two = random.nextBoolean();
        bytes[at] = (byte) (two ? 0xC5 : 0xC4);
        int last = at + (two ? 1 : 2);
        if (!two) {
            bytes[at + 1] = (byte) (bytes[at + 1] & 0xE0 | 1 + random.nextInt(3));
        }
        if (random.nextBoolean()) {
            bytes[last] |= 0x78;
        }
    }

    /** What the two disagree on, or null. */
    private String compare(byte[] code, int at, CodeSize mode, Objdump.Line line) {
        Outcome outcome = decoder.decode(code, at, Objdump.SLOT, mode, instruction);
        if (outcome != Outcome.DECODED) {
            boolean agreed = line.isBad()
                    || Deviations.isUndefined(line.text(), mode) && !(hasVex(code, at, mode) && Deviations.isAvx(line.text()));
            return agreed ? null : outcome + ", not " + line.text();
        }
        boolean known = Deviations.isNamedDifferently(instruction.row());
        String theirs = Deviations.normalize(line.text());
        String ours = Deviations.normalize(Objdump.strip(Disassembler.format(instruction, at)));
        if (line.isBad()) {
            return known ? null : ours + ", not bad";
        }
        if (instruction.length() != line.length()) {
            boolean misplacedRex = theirs.isEmpty();
            boolean prefix = instruction.row().mnemonic().equals("FWAIT");
            return misplacedRex || prefix ? null : instruction.length() + " bytes, not " + line.length() + ": " + ours;
        }
        boolean sameName = Deviations.mnemonic(ours).equals(Deviations.mnemonic(theirs));
        boolean otherOperands = line.text().contains("iz*") || isCutBranch(mode, ours, theirs);
        return ours.equals(theirs) || known || sameName && otherOperands ? null : ours + ", not " + theirs;
    }

    /** Whether a VEX prefix comes first, none before it but what may. */
    private static boolean hasVex(byte[] code, int at, CodeSize mode) {
        int first = at;
        while ("2E 36 26 3E 64 65 67".contains("%02X".formatted(code[first]))) {
            first++;
        }
        boolean vex = (code[first] & 0xFE) == 0xC4;
        return vex && (mode.is64() || (code[first + 1] & 0xC0) == 0xC0);
    }

    /** objdump keeps the upper half of a branch's target where a 16-bit operand size cuts it off. */
    private boolean isCutBranch(CodeSize mode, String ours, String theirs) {
        return instruction.opSize() == 2
                && !mode.is64()
                && instruction.row().immediate() != null
                && instruction.row().immediate().method() == AddressingMethod.J
                && (target(ours) & 0xFFFF) == (target(theirs) & 0xFFFF);
    }

    private static long target(String text) {
        return Long.parseUnsignedLong(text.substring(text.indexOf("0x") + 2), 16);
    }

    @Test
    void agreesOnTheCodeOfTheCLibrary() throws IOException {
        Path library =
                Stream.of("/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib64/libc.so.6", "/lib/libc.so.6")
                        .map(Path::of)
                        .filter(Files::exists)
                        .findFirst()
                        .orElse(null);
        assumeTrue(library != null, "needs a C library for x86-64");
        byte[] code = ElfText.read(library);
        List<String> disagreements = new ArrayList<>();
        int agreements = 0;
        for (Objdump.Line line : Objdump.disassemble(code, CodeSize.BITS_64).values()) {
            int at = (int) line.address();
            Outcome outcome = decoder.decode(code, at, code.length - at, CodeSize.BITS_64, instruction);
            if (outcome != Outcome.DECODED) {
                if (!Deviations.isUndefined(line.text(), CodeSize.BITS_64)) {
                    disagreements.add(Long.toHexString(at) + ": " + outcome + ", not " + line.text());
                }
                continue;
            }
            String ours = Deviations.normalize(Objdump.strip(Disassembler.format(instruction, at)));
            if (ours.equals(Deviations.normalize(line.text())) && instruction.length() == line.length()) {
                agreements++;
            } else {
                disagreements.add(Long.toHexString(at) + ": " + ours + ", not " + line.text());
            }
        }
        assertThat(disagreements).isEmpty();
        assertThat(agreements).isGreaterThan(200_000);
    }
}
