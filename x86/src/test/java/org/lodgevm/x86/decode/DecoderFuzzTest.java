package org.lodgevm.x86.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lodgevm.x86.isa.CodeSize;

class DecoderFuzzTest {
    private static final int CASES = Integer.getInteger("lodge.decode.fuzz", 200_000);
    private static final long SEED = Long.getLong("lodge.seed", 7);

    private final Decoder decoder = new Decoder();
    private final Instruction instruction = new Instruction();
    private final Instruction other = new Instruction();

    @ParameterizedTest
    @EnumSource
    void randomBytesHaveOneOfTheDeclaredOutcomes(CodeSize mode) {
        Random random = new Random(SEED);
        byte[] code = new byte[16];
        for (int i = 0; i < CASES; i++) {
            random.nextBytes(code);
            switch (decoder.decode(code, 0, code.length, mode, instruction)) {
                case DECODED -> checkDecoded(code, mode);
                case UNDEFINED, TOO_LONG -> {}
                case TRUNCATED -> throw new AssertionError("sixteen bytes are more than any instruction has");
            }
        }
    }

    private void checkDecoded(byte[] code, CodeSize mode) {
        int length = instruction.length();
        assertThat(length).isBetween(1, Instruction.MAX_LENGTH);
        assertThat(instruction.opSize()).isIn(2, 4, 8);
        assertThat(instruction.segment()).isBetween(0, 5);
        String text = Disassembler.format(instruction, 0x1000);
        assertThat(text).isNotBlank();
        for (int available = 0; available < length; available++) {
            assertThat(decoder.decode(code, 0, available, mode, other)).isEqualTo(Outcome.TRUNCATED);
        }
        assertThat(decoder.decode(code, 0, length, mode, other)).isEqualTo(Outcome.DECODED);
        assertThat(Disassembler.format(other, 0x1000)).isEqualTo(text);
    }
}
