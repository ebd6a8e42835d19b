package org.lodgevm.x86.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.translate.Translator;

/** That the comparison of translated and interpreted code sees what is different, and nothing else. */
class LockstepTest {
    private CpuRig rig;
    private Cpu c;
    private Lockstep lockstep;
    private RunLoop loop;

    @BeforeEach
    void start() {
        assumeTrue(Translator.unavailable() == null, Translator::unavailable);
        rig = new CpuRig(CodeSize.BITS_64);
        c = rig.c;
        lockstep = new Lockstep(c);
        c.lockstep = lockstep;
        loop = new RunLoop(c);
    }

    @AfterEach
    void close() {
        if (rig != null) {
            lockstep.close();
            rig.close();
        }
    }

    /** ADD of EAX to memory at {@link CpuRig#DATA}, whose address is in RBX; then a jump. */
    private Block block() {
        Assembler a = new Assembler(CpuRig.CODE);
        a.add(Mem.mem32(Gpr.RBX, 0), Gpr.EAX).mov(Gpr.RCX, Gpr.RAX).jmp(a.label("end"));
        rig.memory.write(CpuRig.CODE, a.toBytes());
        c.r[3] = CpuRig.DATA;
        c.r[0] = 5;
        c.rip = CpuRig.CODE;
        return loop.find();
    }

    private static void interpret(Cpu c, Block block) {
        c.rip = block.next;
        for (Op op = block.enter(); op != null; op = op.following) {
            op.run(c);
        }
    }

    @Test
    void whatIsTheSameIsCounted() {
        Block block = block();
        lockstep.begin(block);
        interpret(c, block);
        lockstep.end(block);
        assertThat(lockstep.counters()).containsEntry("compared", 1L);
        assertThat(HostMemory.get32(data())).isEqualTo(5);
    }

    @Test
    void theTrialItselfChangesNothing() {
        Block block = block();
        lockstep.begin(block);
        assertThat(HostMemory.get32(data())).isZero();
        assertThat(c.r[1]).isZero();
    }

    @Test
    void anotherRegisterIsADifference() {
        Block block = block();
        lockstep.begin(block);
        interpret(c, block);
        c.r[1]++;
        assertThatThrownBy(() -> lockstep.end(block)).isInstanceOf(Lockstep.Difference.class)
                .hasMessageContaining("RCX is 5 translated and 6 interpreted").hasMessageContaining("add DWORD PTR [rbx],eax");
    }

    @Test
    void anotherFlagIsADifference() {
        Block block = block();
        lockstep.begin(block);
        interpret(c, block);
        Flags.status(c, Flags.status(c) ^ Rflags.CF);
        assertThatThrownBy(() -> lockstep.end(block)).isInstanceOf(Lockstep.Difference.class).hasMessageContaining("RFLAGS");
    }

    @Test
    void anotherByteOfMemoryIsADifference() {
        Block block = block();
        lockstep.begin(block);
        interpret(c, block);
        HostMemory.put8(data(), 6);
        assertThatThrownBy(() -> lockstep.end(block)).isInstanceOf(Lockstep.Difference.class).hasMessageContaining("address 8000");
    }

    @Test
    void anotherWayIsADifference() {
        Block block = block();
        lockstep.begin(block);
        interpret(c, block);
        c.rip += 2;
        assertThatThrownBy(() -> lockstep.end(block)).isInstanceOf(Lockstep.Difference.class).hasMessageContaining("rIP");
    }

    @Test
    void memoryThatSomebodyElseChangedIsNone() {
        Block block = block();
        lockstep.begin(block);
        interpret(c, block);
        HostMemory.put8(data() + 8, 6);
        lockstep.end(block);
        assertThat(lockstep.counters()).containsEntry("compared", 0L).containsEntry("disturbed", 1L);
    }

    private long data() {
        return rig.memory.slot(CpuRig.DATA).host(CpuRig.DATA);
    }

    @Test
    void morePagesThanCanBeCopiedAreRefused() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment guest = arena.allocate(100 * 0x1000, 0x1000);
            ShadowPages pages = new ShadowPages(arena);
            for (int i = 0; i < 64; i++) {
                assertThat(pages.copyOf(guest.address() + 0x1000L * i)).isNotZero();
            }
            assertThat(pages.copyOf(guest.address())).isNotZero();
            assertThat(pages.copyOf(guest.address() + 0x1000L * 64)).isZero();
        }
    }
}
