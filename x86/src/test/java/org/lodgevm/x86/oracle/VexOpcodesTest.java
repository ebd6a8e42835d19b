package org.lodgevm.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.decode.Decoder;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.decode.Outcome;
import org.lodgevm.x86.isa.Feature;

/**
 * Every opcode with a VEX prefix, in every combination of prefix, W and L, with a register and with memory, with and without a second
 * source: Lodge and the real CPU must agree on whether it is an instruction.
 */
class VexOpcodesTest {
    private static final int UD = 6;
    private static final int RSI = 6;
    private static final Set<Feature> NEEDED =
            EnumSet.of(Feature.AVX, Feature.AVX2, Feature.FMA, Feature.F16C, Feature.BMI1, Feature.BMI2, Feature.AES, Feature.PCLMULQDQ);

    private record Combination(Mode mode, int map, int opcode, int prefix, int w, int l, int vvvv, int reg, boolean memory) {
        byte[] code() {
            int third = w << 7 | (~vvvv & 15) << 3 | l << 2 | prefix;
            boolean sib = memory && isGather();
            int modrm = (memory ? sib ? 0x04 : 0x06 : 0xC1) | reg << 3;
            // index 1 and base rSI, or the start of what follows
            return new byte[] {(byte) 0xC4, (byte) (0xE0 | map), (byte) third, (byte) opcode, (byte) modrm, sib ? 0x0E : (byte) 1, 0, 0, 0};
        }

        private boolean isGather() {
            return map == 2 && opcode >= 0x90 && opcode <= 0x93;
        }

        /** What the host may know beside the table's instructions, and where AMD's processors do not look at W. */
        boolean mayBeOfTheHostsOwn() {
            boolean aes = map == 2 && opcode >= 0xDC && opcode <= 0xDF;
            boolean masks = map == 1 && (opcode >= 0x41 && opcode <= 0x4B || opcode >= 0x90 && opcode <= 0x99)
                    || map == 3 && opcode >= 0x30 && opcode <= 0x33;
            boolean galoisFields = map == 2 && opcode == 0xCF || map == 3 && (opcode == 0xCE || opcode == 0xCF);
            boolean wideCryptography = l == 1 && (aes || map == 3 && opcode == 0x44);
            boolean later = map == 2 && (opcode >= 0x49 && opcode <= 0x53 || opcode >= 0xB0 && opcode <= 0xB5 || opcode == 0x72
                    || opcode >= 0xCB && opcode <= 0xEF && !aes);
            boolean permutation = map == 3 && opcode <= 1 && w == 0;
            return masks || galoisFields || wideCryptography || later || permutation;
        }
    }

    @BeforeAll
    static void needsTheRealCpu() {
        assumeTrue(NativeCpu.unavailable() == null, NativeCpu::unavailable);
    }

    private static List<Combination> combinations() {
        List<Combination> all = new ArrayList<>();
        for (int i = 0; i < 2 * 3 << 8 + 2 + 1 + 1 + 1 + 1; i++) {
            Mode mode = (i & 1) == 0 ? Mode.BITS_64 : Mode.BITS_32;
            int map = 1 + i / 2 % 3;
            int rest = i / 6;
            int opcode = rest & 0xFF;
            boolean group = map == 1 && (opcode >= 0x71 && opcode <= 0x73 || opcode == 0xAE) || map == 2 && opcode == 0xF3;
            for (int reg = group ? 0 : 2; reg < (group ? 8 : 3); reg++) {
                int vvvv = (rest >> 12 & 1) * 3;
                boolean memory = (rest >> 13 & 1) != 0;
                all.add(new Combination(mode, map, opcode, rest >> 8 & 3, rest >> 10 & 1, rest >> 11 & 1, vvvv, reg, memory));
            }
        }
        return all;
    }

    @Test
    void areInstructionsWhereTheyAreOnTheRealCpu() throws IOException {
        Set<String> oursAlone = new TreeSet<>();
        Set<String> theHostsAlone = new TreeSet<>();
        List<Combination> all = combinations();
        try (NativeCpu cpu = new NativeCpu()) {
            assumeTrue(Features.of(cpu).containsAll(NEEDED), "needs a CPU with AVX2 and what came with it");
            for (int first = 0; first < all.size(); first += CaseRunner.CAPACITY) {
                List<Combination> batch = all.subList(first, Math.min(first + CaseRunner.CAPACITY, all.size()));
                for (int i = 0; i < batch.size(); i++) {
                    fill(cpu.input(i), batch.get(i));
                }
                cpu.run(batch.size());
                for (int i = 0; i < batch.size(); i++) {
                    Combination combination = batch.get(i);
                    boolean host = isInstruction(cpu.input(i), cpu.output(i));
                    if (host != isDecoded(combination)) {
                        (host ? theHostsAlone : oursAlone).add(host && combination.mayBeOfTheHostsOwn() ? "" : combination.toString());
                    }
                }
            }
        }
        theHostsAlone.remove("");
        assertThat(oursAlone).isEmpty();
        assertThat(theHostsAlone).isEmpty();
    }

    private static void fill(Case input, Combination combination) {
        Cases.reset(input, combination.mode());
        input.gpr(RSI, Layout.DATA + Layout.PAGE);
        Cases.code(input, combination.code(), Cases.CODE_AT);
    }

    private static boolean isInstruction(Case input, Case output) {
        boolean faulted = output.get32(Layout.OUTCOME) == Layout.FAULTED;
        boolean atOnce = output.get64(Layout.RIP) == input.get64(Layout.RIP);
        return !(faulted && atOnce && output.get32(Layout.VECTOR) == UD);
    }

    private static boolean isDecoded(Combination combination) {
        byte[] code = combination.code();
        return new Decoder().decode(code, 0, code.length, combination.mode().size(), new Instruction()) == Outcome.DECODED;
    }
}
