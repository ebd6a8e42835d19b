package org.lodgevm.linux.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.CX;
import static org.lodgevm.x86.asm.Gpr.DX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Gpr.SI;
import static org.lodgevm.x86.asm.Mem.mem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lodgevm.machine.Doorbell;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;

/** Small guests on the host's KVM, whatever its flavour: what they need, even those can that run no system's kernel. */
@Timeout(60)
class KvmGuestTest {
    private Rig rig;

    @BeforeEach
    void start() {
        assumeTrue(Files.isWritable(Path.of(Kvm.DEVICE)), "there is no /dev/kvm that may be opened");
        rig = new Rig(new KvmAccelerator());
    }

    @AfterEach
    void end() {
        if (rig != null) {
            rig.close();
        }
    }

    private static Assembler stop(Assembler a) {
        return a.out(Rig.STOP_PORT, AL);
    }

    @Test
    void realModeReadsAndWritesPorts() {
        rig.code(stop(new Assembler(Rig.CODE).bits16().in(AX, Rig.PORT).out(Rig.PORT + 2, AX).in(EAX, Rig.PORT).mov(AL, 7)));
        rig.realMode();
        assertThat(rig.run()).isEqualTo(Vcpu.Exit.KICKED);
        assertThat(rig.accesses).containsExactly("port read 0+2", "port write 2+2 7788", "port read 0+4", "stop write 0+1 7");
        assertThat(rig.vcpu.state().gpr[0]).isEqualTo(0x5566_7707L);
    }

    @Test
    void stringInstructionsReachThePortEachTime() {
        rig.memory.write(0x4000, new byte[] {1, 2, 3});
        rig.code(stop(new Assembler(Rig.CODE).bits16().mov(SI, 0x4000).mov(CX, 3).mov(DX, Rig.STRING_PORT).rep().outsb()));
        rig.realMode();
        rig.run();
        assertThat(rig.accesses).startsWith("string write 0+1 1", "string write 0+1 2", "string write 0+1 3");
    }

    @Test
    void protectedModeReachesDevicesInMemory() {
        rig.code(stop(new Assembler(Rig.CODE).bits32()
                .mov(EAX, mem(Rig.DEVICE + 8)).mov(mem(Rig.DEVICE + 16), EAX).mov(mem(Rig.DEVICE + 33), AL)));
        rig.protectedMode();
        rig.run();
        assertThat(rig.accesses).startsWith("memory read 8+4", "memory write 16+4 55667788", "memory write 33+1 88");
    }

    @Test
    void aDoorbellIsRungWithoutTheGuestLeavingForUs() throws InterruptedException {
        Assembler a = new Assembler(Rig.CODE).bits32().mov(ECX, 1000);
        Label ring = a.label("ring");
        rig.code(stop(a.mov(mem(Rig.DOORBELLS), AX).loop(ring)));
        rig.protectedMode();
        rig.run();
        rig.rung.acquire();
        assertThat(rig.accesses).containsExactly("stop write 0+1 0");
        assertThat(rig.vcpu.counters().get("guest entries")).isLessThan(10);
    }

    @Test
    void aDoorbellForOneValueLeavesOthersToTheDevice() throws InterruptedException {
        rig.code(stop(new Assembler(Rig.CODE).bits32().mov(EAX, Rig.RINGING_VALUE - 1).mov(mem(Rig.DOORBELLS + 16), EAX)
                .mov(EAX, Rig.RINGING_VALUE).mov(mem(Rig.DOORBELLS + 16), AL).mov(mem(Rig.DOORBELLS + 16), EAX)));
        rig.protectedMode();
        rig.run();
        rig.rung.acquire();
        assertThat(rig.accesses).containsExactly("doorbell write 16+4 6", "doorbell write 16+1 7", "stop write 0+1 7");
    }

    @Test
    void aRegionThatHasMovedRingsAtItsNewPlaceOnly() throws InterruptedException {
        IoRegion other = new IoRegion() {
            private final List<Doorbell> bells = List.of(Doorbell.onAnyWrite(0, rig.rung::release));

            @Override
            public long read(long offset, int size) {
                return 0;
            }

            @Override
            public void write(long offset, int size, long value) {
                rig.accesses.add("written");
            }

            @Override
            public List<Doorbell> doorbells() {
                return bells;
            }
        };
        rig.bus.mapMmio(Rig.DEVICE + 0x4000, 0x1000, other);
        rig.bus.unmapMmio(other);
        rig.bus.mapMmio(Rig.DEVICE + 0x5000, 0x1000, other);
        rig.rung.drainPermits();
        rig.code(stop(new Assembler(Rig.CODE).bits32().mov(mem(Rig.DEVICE + 0x4000), EAX).mov(mem(Rig.DEVICE + 0x5000), EAX)));
        rig.protectedMode();
        rig.run();
        rig.rung.acquire();
        assertThat(rig.rung.tryAcquire()).isFalse();
        assertThat(rig.accesses).containsExactly("stop write 0+1 0");
    }

    @Test
    void longModeExecutes64BitCode() {
        rig.code(stop(new Assembler(Rig.CODE).mov(RAX, 0x1234_5678_9abcL).mov(RBX, RAX).add(RBX, RAX)));
        rig.longMode(0);
        rig.run();
        assertThat(rig.vcpu.state().gpr[3]).isEqualTo(2 * 0x1234_5678_9abcL);
    }

    @Test
    void ring3RunsAndReachesADevice() {
        Assembler a = new Assembler(Rig.CODE).mov(RCX, 1000).mov(RAX, 0);
        Label sum = a.label("sum");
        a.add(RAX, RCX).loop(sum).mov(EDX, Rig.DEVICE).mov(mem(RDX), RAX);
        a.jmp(a.label("forever"));
        rig.code(a);
        rig.longMode(3);
        rig.bus.mapMmio(Rig.DEVICE, 8, new StopOnWrite(rig));
        rig.run();
        assertThat(rig.accesses).containsExactly("value " + 500_500);
    }

    private record StopOnWrite(Rig rig) implements IoRegion {
        @Override
        public long read(long offset, int size) {
            return 0;
        }

        @Override
        public void write(long offset, int size, long value) {
            rig.accesses.add("value " + value);
            rig.vcpu.kick();
        }
    }

    @Test
    void anInterruptWakesAHaltedGuest() throws InterruptedException {
        interruptHandlers();
        rig.code(stop(new Assembler(Rig.CODE).bits16().sti().hlt()));
        rig.realMode();
        Thread runner = Thread.ofPlatform().start(rig::run);
        rig.interrupts.raise(0x21);
        runner.join();
        assertThat(rig.accesses).containsExactly("port write 0+1 21", "stop write 0+1 21");
    }

    @Test
    void anInterruptWaitsUntilTheGuestTakesInterrupts() {
        interruptHandlers();
        Assembler a = new Assembler(Rig.CODE).bits16().mov(AL, 1).out(Rig.PORT + 1, AL).mov(CX, 0x4000).sti();
        a.loop(a.label("longer than the kernel emulates at a time"));
        rig.code(stop(a.mov(AL, 2)));
        rig.realMode();
        rig.interrupts.raise(0x21);
        rig.interrupts.raise(0x22);
        rig.run();
        assertThat(rig.accesses).containsExactly("port write 1+1 1", "port write 0+1 21", "port write 0+1 22", "stop write 0+1 2");
    }

    /** Vectors 0x20 to 0x2f of real mode write their number to the port. */
    private void interruptHandlers() {
        for (int vector = 0x20; vector < 0x30; vector++) {
            int handler = 0x2000 + vector * 16;
            rig.memory.write(handler, new Assembler(handler).bits16().mov(AL, vector).out(Rig.PORT, AL).iret(16).toBytes());
            rig.memory.write(4 * vector, new byte[] {(byte) handler, (byte) (handler >> 8), 0, 0});
        }
    }

    @Test
    void aKickStopsAGuestThatNeverLeaves() throws InterruptedException {
        Assembler a = new Assembler(Rig.CODE).bits16();
        a.jmp(a.label("forever"));
        rig.code(a);
        rig.realMode();
        for (int i = 0; i < 200; i++) {
            CountDownLatch started = new CountDownLatch(1);
            Thread kicker = Thread.ofVirtual().start(() -> {
                started.countDown();
                rig.vcpu.kick();
            });
            started.await();
            assertThat(rig.run()).isEqualTo(Vcpu.Exit.KICKED);
            kicker.join();
        }
        assertThat(rig.vcpu.state().rip).isEqualTo(Rig.CODE);
    }

    @Test
    void whatIsWrittenToRomIsLost() {
        rig.code(stop(new Assembler(Rig.CODE).bits32().mov(AL, 0x55).mov(mem(Rig.ROM), AL).mov(EAX, mem(Rig.ROM))));
        rig.protectedMode();
        rig.run();
        assertThat(rig.accesses).containsExactly("stop write 0+1 0");
    }

    @Test
    void theLocalApicsRegistersAreTheMachines() {
        rig.code(stop(new Assembler(Rig.CODE).bits32().mov(ECX, 0x1b).rdmsr().mov(ECX, 0x802).wrmsr()));
        rig.protectedMode();
        rig.run();
        assertThat(rig.vcpu.state().gpr[0] & 0xffff_ff00L).isEqualTo(Interrupts.OWN_VALUE & 0xffff_ff00L);
        assertThat(rig.interrupts.written & 0xffff_ffffL).isEqualTo(Interrupts.OWN_VALUE);
    }

    @Test
    void aTripleFaultShutsTheCpuDown() {
        rig.code(new Assembler(Rig.CODE).bits32().ud2());
        rig.protectedMode();
        VcpuState state = rig.vcpu.state();
        state.idtr = new VcpuState.Table(0, 0);
        rig.vcpu.state(state);
        assertThat(rig.run()).isEqualTo(Vcpu.Exit.SHUTDOWN);
        assertThat(rig.vcpu.failure()).startsWith("triple fault, cpu 0 in ");
    }

    @Test
    void afterAResetTheCpuIsAtTheResetVector() {
        rig.code(stop(new Assembler(Rig.CODE).bits16()));
        rig.realMode();
        rig.run();
        rig.vcpu.reset();
        VcpuState state = rig.vcpu.state();
        assertThat(state.rip).isEqualTo(0xfff0);
        assertThat(state.segments[Rig.CS].base()).isEqualTo(0xffff_0000L);
        assertThat(state.gpr[2]).isEqualTo(0x1_06a3);
    }

    @Test
    void nothingIsLeftOfMachinesThatWereClosed() throws IOException {
        long before = descriptors();
        for (int i = 0; i < 20; i++) {
            new Rig(new KvmAccelerator()).close();
        }
        assertThat(descriptors()).isEqualTo(before);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
