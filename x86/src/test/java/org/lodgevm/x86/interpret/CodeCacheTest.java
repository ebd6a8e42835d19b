package org.lodgevm.x86.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lodgevm.x86.isa.CodeSize;

/** What is kept decoded when nothing becomes hot any more. */
@Timeout(60)
class CodeCacheTest {
    private static final int MANY = 60_000;
    private static final int FEW = 1000;
    private static final byte NOP = (byte) 0x90;

    private final CpuRig rig = new CpuRig(CodeSize.BITS_32);
    private final CodeCache code = rig.c.code;

    @AfterEach
    void close() {
        rig.close();
    }

    private Block add(int address, int instructions) {
        CodePage page = code.page(rig.c, address);
        Block block = new Block(address, address, 1, new Op[] {rig.bind(NOP)}, instructions, address + 1, page, null);
        synchronized (page) {
            page.add(block, address & 0xfff, 1);
        }
        return block;
    }

    private Block find(Block block) {
        return block.page.find(block.linear, block.rip, block.context);
    }

    private void settle() {
        while (!code.settle()) {
            // once more, as something has come since it was last asked
        }
    }

    @Test
    void nothingIsDroppedWhileMoreComes() {
        for (int i = 0; i < 5; i++) {
            Block block = add(CpuRig.DATA + 0x1000 * i, MANY);
            assertThat(code.settle()).isFalse();
            assertThat(block.valid).isTrue();
        }
        assertThat(code.settle()).isTrue();
        assertThat(code.holdsCode(CpuRig.DATA)).isFalse();
    }

    @Test
    void littleIsKept() {
        Block block = add(CpuRig.DATA, FEW);
        settle();
        assertThat(find(block)).isSameAs(block);
        assertThat(block.valid).isTrue();
    }

    @Test
    void muchIsDroppedAndNobodyFindsIt() {
        Block block = add(CpuRig.DATA, MANY);
        Block other = add(CpuRig.DATA + 0x1000, FEW);
        rig.c.jumps.put(block);
        rig.c.revocations.parked(true);
        settle();
        assertThat(block.valid).isFalse();
        assertThat(other.valid).isFalse();
        assertThat(find(block)).isNull();
        assertThat(rig.c.jumps.get(block.linear, block.rip, block.context)).isNull();
        assertThat(code.holdsCode(CpuRig.DATA)).isFalse();
    }

    @Test
    void whatIsTranslatedStaysWithoutItsInstructions() {
        Block block = add(CpuRig.DATA, MANY);
        block.ask();
        block.answer(Block.Stage.MADE);
        settle();
        assertThat(find(block).stage()).isEqualTo(Block.Stage.MADE);
        assertThat(find(block).isDecoded()).isFalse();
    }

    @Test
    void whatWasDroppedMayBeDecodedAgain() {
        add(CpuRig.DATA, MANY);
        settle();
        Block again = add(CpuRig.DATA, FEW);
        settle();
        assertThat(find(again)).isSameAs(again);
    }
}
