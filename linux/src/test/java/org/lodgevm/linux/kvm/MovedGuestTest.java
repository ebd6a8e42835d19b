package org.lodgevm.linux.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.R9;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RCX;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.machine.VcpuState.Event;
import org.lodgevm.x86.asm.Assembler;

/** A guest that stops under one accelerator and goes on under another. */
@Timeout(60)
class MovedGuestTest {
    private static final int PAT = 0x277;

    @BeforeAll
    static void needsKvm() {
        assumeTrue(Files.isWritable(Path.of(Kvm.DEVICE)), "there is no /dev/kvm that may be opened");
    }

    private static Accelerator named(String name) {
        return ServiceLoader.load(Accelerator.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(accelerator -> accelerator.name().equals(name))
                .findFirst()
                .orElseGet(KvmAccelerator::new);
    }

    private static void move(Rig from, Rig to) {
        to.memory.write(0, from.memory.read(0, Rig.RAM));
        to.vcpu.state(from.vcpu.state());
    }

    @ParameterizedTest
    @CsvSource({"kvm, interpreter", "interpreter, kvm", "kvm, kvm"})
    void itGoesOnAtTheNextInstruction(String first, String second) {
        try (Rig from = new Rig(named(first)); Rig to = new Rig(named(second))) {
            from.code(new Assembler(Rig.CODE).mov(RBX, 0x1234_5678_9abcL).mov(R9, -2).push(RBX).out(Rig.STOP_PORT, AL)
                    .pop(RCX).add(RCX, R9).in(EAX, Rig.PORT).out(Rig.STOP_PORT, AL));
            from.longMode(0);
            from.run();
            move(from, to);
            to.run();
            VcpuState after = to.vcpu.state();
            assertThat(after.gpr[1]).isEqualTo(0x1234_5678_9abaL);
            assertThat(after.gpr[0]).isEqualTo(0x5566_7788L);
            assertThat(to.accesses).containsExactly("port read 0+4", "stop write 0+1 88");
        }
    }

    @ParameterizedTest
    @CsvSource({"kvm, interpreter", "interpreter, kvm", "kvm, kvm"})
    void everyRegisterArrives(String first, String second) {
        try (Rig from = new Rig(named(first)); Rig to = new Rig(named(second))) {
            from.longMode(0);
            VcpuState state = from.vcpu.state();
            Arrays.setAll(state.gpr, i -> 0x0101_0101_0101_0101L * (i + 1));
            Arrays.setAll(state.dr, i -> i < 4 ? 0x1000L * i : i == 4 ? 0xffff_0ff0L : 0x400);
            state.cr2 = 0x7fff_1234_5678L;
            state.gdtr = new VcpuState.Table(0xffff_8000_0000_1000L, 0x7f);
            state.idtr = new VcpuState.Table(0xffff_8000_0000_2000L, 0xfff);
            state.msrs.put(PAT, 0x0006_0106_0007_0106L);
            state.halted = true;
            from.vcpu.state(state);
            move(from, to);
            VcpuState there = to.vcpu.state();
            assertThat(there.gpr).isEqualTo(state.gpr);
            assertThat(there.dr).isEqualTo(state.dr);
            assertThat(there.segments[Rig.CS]).isEqualTo(state.segments[Rig.CS]);
            assertThat(there.segments[Rig.SS]).isEqualTo(state.segments[Rig.SS]);
            assertThat(there).usingRecursiveComparison().comparingOnlyFields("rip", "rflags", "gdtr", "idtr", "cr0", "cr2", "cr3", "cr4",
                    "cr8", "halted", "waitingForStartup", "nmiPending", "nmiBlocked", "interruptShadow", "event").isEqualTo(state);
            assertThat(there.msrs).containsEntry(PAT, 0x0006_0106_0007_0106L);
        }
    }

    @ParameterizedTest
    @CsvSource({"kvm, interpreter", "kvm, kvm"})
    void anInterruptThatHadBegunIsTakenThere(String first, String second) {
        try (Rig from = new Rig(named(first)); Rig to = new Rig(named(second))) {
            int handler = 0x2000;
            from.memory.write(handler, new Assembler(handler).bits16().mov(AL, 0x77).out(Rig.STOP_PORT, AL).toBytes());
            from.memory.write(4 * 0x21, new byte[] {0, 0x20, 0, 0});
            from.realMode();
            VcpuState state = from.vcpu.state();
            state.event = new Event(Event.Kind.INTERRUPT, 0x21, false, 0);
            from.vcpu.state(state);
            assertThat(from.vcpu.state().event).isEqualTo(state.event);
            move(from, to);
            to.run();
            assertThat(to.accesses).containsExactly("stop write 0+1 77");
        }
    }
}
