package org.lodgevm.bench.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class FirstInstructionTest {
    private static final int JMP_REL16 = 0xe9;

    @Test
    void theResetVectorLeadsToTheStartOfA64KibImage() {
        ByteBuffer rom = ByteBuffer.wrap(FirstInstruction.rom("hello\n")).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(rom.capacity()).isEqualTo(0x1_0000);
        assertThat(rom.get(0xfff0) & 0xff).isEqualTo(JMP_REL16);
        assertThat(0xfff3 + rom.getShort(0xfff1) & 0xffff).isZero();
    }
}
