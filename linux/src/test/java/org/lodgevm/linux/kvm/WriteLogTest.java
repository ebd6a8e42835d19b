package org.lodgevm.linux.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Mem.mem;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.DirtyLog;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.machine.PageSet;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;

/** Which pages a guest on the host's KVM writes to, by every means by which the kernel tells. */
@Timeout(60)
class WriteLogTest {
    /** More than a ring has entries. */
    private static final int PAGES = DirtyRings.ENTRIES + 1000;

    @BeforeAll
    static void needsKvm() {
        assumeTrue(Files.isWritable(Path.of(Kvm.DEVICE)), "there is no /dev/kvm that may be opened");
    }

    static Stream<Accelerator> logs() {
        try (Kvm kvm = Kvm.open()) {
            Accelerator bitmaps = new LesserKernel(Capability.KVM_CAP_DIRTY_LOG_RING);
            return DirtyRings.offeredBy(kvm) ? Stream.of(new KvmAccelerator(), bitmaps) : Stream.of(bitmaps);
        }
    }

    @ParameterizedTest
    @MethodSource("logs")
    void pagesThatItWritesToAreLogged(Accelerator accelerator) {
        try (Rig rig = new Rig(accelerator)) {
            Assembler a = new Assembler(Rig.CODE).bits32().mov(mem(0x5000), AL).mov(mem(0x6fff), EAX).out(Rig.STOP_PORT, AL);
            rig.code(a.mov(mem(0x9000), AL).out(Rig.STOP_PORT, AL).mov(mem(0x9000), AL).out(Rig.STOP_PORT, AL));
            rig.protectedMode();
            try (DirtyLog log = new DirtyLog(rig.memory, rig.factory)) {
                assertThat(pages(log.collect())).isEmpty();
                rig.run();
                assertThat(pages(log.collect())).containsExactly(5L, 6L, 7L);
                rig.memory.write(0x3000, new byte[1]);
                rig.run();
                assertThat(pages(log.collect())).containsExactly(3L, 9L);
                rig.run();
                assertThat(pages(log.collect())).as("again").containsExactly(9L);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("logs")
    void moreThanTheKernelKeepsIsLoggedToo(Accelerator accelerator) {
        try (Rig rig = new Rig(accelerator, null, (long) PAGES * PageSet.PAGE, (size, _) -> HostMemory.zeroed(size, PageSet.PAGE))) {
            Assembler a = new Assembler(Rig.CODE).mov(RBX, Rig.MORE_RAM).mov(RCX, PAGES);
            Label next = a.label("next");
            a.mov(mem(RBX), AL).add(RBX, PageSet.PAGE).loop(next).mov(EDX, Rig.STOP).mov(mem(RDX), AL);
            a.jmp(a.label("forever"));
            rig.code(a);
            rig.longMode(3);
            try (DirtyLog log = new DirtyLog(rig.memory, rig.factory)) {
                assertThat(rig.run()).isEqualTo(Vcpu.Exit.KICKED);
                long first = Rig.MORE_RAM / PageSet.PAGE;
                List<Long> written = pages(log.collect());
                written.removeIf(page -> page < first); // the processor's own, to page tables
                assertThat(written).isEqualTo(LongStream.range(first, first + PAGES).boxed().toList());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("logs")
    void anotherLogBeginsWithNothing(Accelerator accelerator) {
        try (Rig rig = new Rig(accelerator)) {
            rig.code(new Assembler(Rig.CODE).bits32().mov(mem(0x5000), AL).out(Rig.STOP_PORT, AL).mov(mem(0x6000), AL).out(Rig.STOP_PORT, AL));
            rig.protectedMode();
            new DirtyLog(rig.memory, rig.factory).close();
            try (DirtyLog _ = new DirtyLog(rig.memory, rig.factory)) {
                rig.run();
            }
            try (DirtyLog log = new DirtyLog(rig.memory, rig.factory)) {
                rig.run();
                assertThat(pages(log.collect())).containsExactly(6L);
            }
        }
    }

    private static List<Long> pages(PageSet set) {
        List<Long> pages = new ArrayList<>();
        set.forEach(pages::add);
        return pages;
    }
}
