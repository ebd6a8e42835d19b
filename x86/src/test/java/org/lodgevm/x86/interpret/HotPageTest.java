package org.lodgevm.x86.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.isa.CodeSize;

/** What is told of code that is executed. */
class HotPageTest {
    private static final int PAGE = 0x1000;
    private static final int CONTEXT = 2;
    private static final int MANY = 60_000;

    private final CpuRig rig = new CpuRig(CodeSize.BITS_64);

    @AfterEach
    void close() {
        rig.close();
    }

    private static BitSet runs(int... bounds) {
        BitSet bits = new BitSet(PAGE);
        for (int i = 0; i < bounds.length; i += 2) {
            bits.set(bounds[i], bounds[i + 1]);
        }
        return bits;
    }

    private static HotPage page(BitSet executed, BitSet entries) {
        return new HotPage(CpuRig.DATA, CpuRig.DATA, CONTEXT, executed, entries);
    }

    private int bound(BitSet executed, int... code) {
        for (int i = 0; i < code.length; i++) {
            rig.memory.at(CpuRig.DATA + i, 1).set(ValueLayout.JAVA_BYTE, 0, (byte) code[i]);
        }
        return page(executed, new BitSet()).bind(rig.memory, Binder.ahead(rig.c));
    }

    @Test
    void isReadAsItWasWritten() {
        List<HotPage> pages = List.of(page(runs(0, PAGE), runs(0, 1, PAGE - 1, PAGE)), page(runs(), runs()),
                page(runs(3, 5, 7, 8, PAGE - 1, PAGE), runs(3, 4, 7, 8)));
        assertThat(HotPage.decode(HotPage.encode(pages))).isEqualTo(pages);
    }

    /** Translations go on inside of themselves where the branches in them lead, of which nothing is known once what was decoded has been dropped. */
    @Test
    void tellsOfBlocksWithinATranslationThatAreNotKept() {
        CodePage page = rig.c.code.page(rig.c, CpuRig.DATA);
        Block entry = new Block(CpuRig.DATA, CpuRig.DATA, CONTEXT, new Op[] {rig.bind((byte) 0x90)}, MANY, CpuRig.DATA + 1, page, null);
        Block within = new Block(CpuRig.DATA + 20, CpuRig.DATA + 20, CONTEXT, new Op[] {rig.bind((byte) 0x90)}, 1, CpuRig.DATA + 21, page, null);
        page.add(entry, 0, 1);
        page.add(within, 20, 4);
        entry.ask();
        entry.answer(Block.Stage.MADE);
        while (!rig.c.code.settle()) {
            // until what is not translated is dropped
        }
        assertThat(page.find(within.linear, within.rip, CONTEXT)).isNull();
        assertThat(rig.c.code.hotPages()).containsExactly(page(runs(0, 1, 20, 24), runs(0, 1)));
    }

    /** Three instructions, a gap, and two that are made one. */
    @Test
    void bindsEachInstructionThatWasExecuted() {
        assertThat(bound(runs(0, 5, 7, 11), 0x90, 0x48, 0x01, 0xd8, 0xc3, 0x0f, 0x0b, 0x39, 0xc8, 0x75, 0x02)).isEqualTo(5);
    }

    @Test
    void endsWhereThereIsNoInstruction() {
        assertThat(bound(runs(0, 4), 0x90, 0x06, 0x90, 0x90)).isEqualTo(1);
        assertThat(new HotPage(CpuRig.RAM, 0, CONTEXT, runs(0, 4), runs()).bind(rig.memory, Binder.ahead(rig.c))).isZero();
    }
}
