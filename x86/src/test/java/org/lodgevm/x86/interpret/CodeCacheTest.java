package org.lodgevm.x86.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.isa.CodeSize;

/** What is kept decoded when nothing becomes hot any more. */
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

    @Test
    void littleIsKept() {
        Block block = add(CpuRig.DATA, FEW);
        code.settle();
        assertThat(find(block)).isSameAs(block);
        assertThat(block.valid).isTrue();
    }

    @Test
    void muchIsDroppedAndNobodyFindsIt() {
        Block block = add(CpuRig.DATA, MANY);
        Block other = add(CpuRig.DATA + 0x1000, FEW);
        rig.c.jumps.put(block);
        rig.c.revocations.parked(true);
        code.settle();
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
        code.settle();
        assertThat(find(block).stage()).isEqualTo(Block.Stage.MADE);
        assertThat(find(block).isDecoded()).isFalse();
    }

    @Test
    void whatWasDroppedMayBeDecodedAgain() {
        add(CpuRig.DATA, MANY);
        code.settle();
        Block again = add(CpuRig.DATA, FEW);
        code.settle();
        assertThat(find(again)).isSameAs(again);
    }
}
