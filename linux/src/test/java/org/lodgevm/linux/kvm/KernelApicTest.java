package org.lodgevm.linux.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Mem.mem;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lodgevm.machine.LocalApics;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.x86.asm.Assembler;

/** Guests whose local APIC is lent to the host's KVM while they run. */
@Timeout(60)
class KernelApicTest {
    private static final int VECTOR = 0x41;
    private static final int PAGE = 0xfee0_0000;
    private static final int LEVEL = 0xc000;
    private static final int HANDLER = 0x2000;

    private final Board board = new Board();
    private Rig rig;

    @BeforeEach
    void start() {
        assumeTrue(Files.isWritable(Path.of(Kvm.DEVICE)), "there is no /dev/kvm that may be opened");
        try (Kvm kvm = Kvm.open()) {
            assumeTrue(KernelApics.offeredBy(kvm), "this kernel keeps no local APICs for a board with an I/O APIC of its own");
        }
        rig = new Rig(new KvmAccelerator(), board);
    }

    @AfterEach
    void end() {
        if (rig != null) {
            rig.close();
        }
    }

    private Vcpu.Exit run() {
        rig.factory.resume();
        Vcpu.Exit exit = rig.run();
        rig.factory.pause();
        return exit;
    }

    /** In protected mode: an interrupt writes its vector to the port, ends itself and stops the guest. */
    private void handler(int vector) {
        int gate = Rig.IDT + 8 * vector;
        rig.memory.write(gate, new byte[] {0, HANDLER >> 8, Rig.CODE_SELECTOR, 0, 0, (byte) 0x8e, 0, 0});
        rig.memory.write(HANDLER, new Assembler(HANDLER).bits32().mov(AL, vector).out(Rig.PORT, AL).mov(EAX, 0)
                .mov(mem(PAGE + 0xb0), EAX).out(Rig.STOP_PORT, AL).iret(32).toBytes());
    }

    private static final String[] SERVED = {"port write 0+1 41", "stop write 0+1 0"};

    @Test
    void aMessageWakesAHaltedGuestThatTheKernelKeeps() throws InterruptedException {
        handler(VECTOR);
        rig.code(new Assembler(Rig.CODE).bits32().out(Rig.PORT + 1, AL).sti().hlt().hlt());
        rig.protectedMode();
        rig.factory.resume();
        Thread runner = Thread.ofPlatform().start(rig::run);
        rig.firstAccess.acquire();
        assertThat(board.borrower.deliver(PAGE, VECTOR)).isTrue();
        runner.join();
        rig.factory.pause();
        assertThat(rig.accesses).containsExactly("port write 1+1 0", SERVED[0], SERVED[1]);
        assertThat(rig.vcpu.counters().get("guest entries")).as("none for HLT").isLessThan(6);
    }

    @Test
    void aMessageToNobodyIsAcceptedByNobody() {
        rig.factory.resume();
        assertThat(board.borrower.deliver(PAGE | 0x55 << 12, VECTOR)).isFalse();
        rig.factory.pause();
    }

    @Test
    void theKernelsTimerFires() {
        handler(VECTOR);
        rig.code(new Assembler(Rig.CODE).bits32().mov(EAX, 0xb).mov(mem(PAGE + 0x3e0), EAX).mov(EAX, VECTOR).mov(mem(PAGE + 0x320), EAX)
                .mov(EAX, 1_000_000).mov(mem(PAGE + 0x380), EAX).sti().hlt());
        rig.protectedMode();
        run();
        assertThat(rig.accesses).containsExactly(SERVED);
        assertThat(board.register(Board.LVT_TIMER)).isEqualTo(VECTOR);
        assertThat(board.register(Board.INITIAL_COUNT)).isEqualTo(1_000_000);
        assertThat(board.register(Board.CURRENT_COUNT)).isZero();
    }

    @Test
    void anInterruptThatWaitsAtTheBoardIsTakenInTheGuest() {
        handler(VECTOR);
        board.register(Board.IRR + VECTOR / 32, 1 << VECTOR % 32);
        rig.code(new Assembler(Rig.CODE).bits32().sti().hlt());
        rig.protectedMode();
        run();
        assertThat(rig.accesses).containsExactly(SERVED);
        assertThat(board.register(Board.IRR + VECTOR / 32)).isZero();
        assertThat(board.register(Board.ISR + VECTOR / 32)).isZero();
    }

    @Test
    void anInterruptOfLowPriorityWaitsOn() {
        handler(VECTOR);
        board.register(Board.IRR + VECTOR / 32, 1 << VECTOR % 32);
        board.register(Board.TPR, 0x50);
        rig.code(new Assembler(Rig.CODE).bits32().sti().mov(AL, 1).out(Rig.STOP_PORT, AL));
        rig.protectedMode();
        run();
        assertThat(rig.accesses).containsExactly("stop write 0+1 1");
        assertThat(board.register(Board.IRR + VECTOR / 32)).isEqualTo(1 << VECTOR % 32);
        assertThat(board.register(Board.TPR)).isEqualTo(0x50);
        assertThat(rig.vcpu.state().cr8).as("the board's").isZero();
    }

    @Test
    void theEndOfALevelTriggeredInterruptIsTold() {
        handler(VECTOR);
        rig.code(new Assembler(Rig.CODE).bits32().sti().hlt());
        rig.protectedMode();
        rig.factory.resume();
        board.borrower.levelTriggered(List.of(new LocalApics.Message(PAGE, VECTOR | LEVEL)));
        board.borrower.deliver(PAGE, VECTOR | LEVEL);
        rig.run();
        rig.factory.pause();
        assertThat(rig.accesses).containsExactly(SERVED);
        assertThat(board.ended).containsExactly(VECTOR);
    }

    @Test
    void thePicsInterruptComesAsEver() {
        handler(VECTOR);
        rig.code(new Assembler(Rig.CODE).bits32().sti().hlt());
        rig.protectedMode();
        rig.interrupts.raise(VECTOR);
        run();
        assertThat(rig.accesses).containsExactly(SERVED);
    }

    @Test
    void thePicsInterruptWakesAGuestThatHasHalted() throws InterruptedException {
        handler(VECTOR);
        rig.code(new Assembler(Rig.CODE).bits32().out(Rig.PORT + 1, AL).sti().hlt());
        rig.protectedMode();
        rig.factory.resume();
        Thread runner = Thread.ofPlatform().start(rig::run);
        rig.firstAccess.acquire();
        rig.interrupts.raise(VECTOR);
        runner.join();
        assertThat(rig.accesses).containsExactly("port write 1+1 0", SERVED[0], SERVED[1]);
    }

    @Test
    void aLocalApicThatMasksThePicKeepsItAway() {
        handler(VECTOR);
        board.register(Board.LVT_LINT0, Board.EXT_INT | Board.MASKED);
        rig.code(new Assembler(Rig.CODE).bits32().sti().mov(AX, 0x4000).mov(AL, 1).out(Rig.PORT, AL).out(Rig.STOP_PORT, AL));
        rig.protectedMode();
        rig.interrupts.raise(VECTOR);
        run();
        assertThat(rig.accesses).containsExactly("port write 0+1 1", "stop write 0+1 1");
    }

    @Test
    void aHaltedGuestIsFoundHaltedAndGoesOnBeingSo() throws InterruptedException {
        handler(VECTOR);
        rig.code(new Assembler(Rig.CODE).bits32().out(Rig.PORT + 1, AL).sti().hlt());
        rig.protectedMode();
        rig.factory.resume();
        Thread runner = Thread.ofPlatform().start(rig::run);
        rig.firstAccess.acquire();
        while (rig.vcpu.counters().get("guest entries") < 2) {
            Thread.onSpinWait();
        }
        rig.vcpu.kick();
        runner.join();
        rig.factory.pause();
        boolean halted = rig.vcpu.state().halted; // unless it was stopped before
        assertThat(rig.vcpu.state().rip).isEqualTo(halted ? Rig.CODE + 4 : Rig.CODE + 3);
        rig.factory.resume();
        board.borrower.deliver(PAGE, VECTOR);
        rig.run();
        assertThat(rig.accesses).endsWith(SERVED);
    }

    @Test
    void timeThatWasStolenIsToldAndNobodyIsPreemptedInAMachineThatStandsStill() {
        int record = 0x9000;
        rig.code(new Assembler(Rig.CODE).bits32().mov(ECX, Msr.KVM_STEAL_TIME).mov(EAX, record | Msr.KVM_MSR_ENABLED).mov(EDX, 0).wrmsr()
                .out(Rig.PORT, AL).out(Rig.STOP_PORT, AL)); // entered anew, the kernel tells
        rig.protectedMode();
        run();
        assertThat(rig.memory.at(record, 12).get(ValueLayout.JAVA_INT, 8)).as("version").isPositive().isEven();
        assertThat(rig.memory.read(record + 16, 1)).containsExactly(0);
    }

    @Test
    void aResetFindsTheApicAtTheBoard() {
        handler(VECTOR);
        rig.code(new Assembler(Rig.CODE).bits32().mov(EAX, 0x30).mov(mem(PAGE + 0x80), EAX).out(Rig.STOP_PORT, AL));
        rig.protectedMode();
        run();
        assertThat(board.register(Board.TPR)).isEqualTo(0x30);
        board.register(Board.TPR, 0);
        rig.vcpu.reset();
        rig.code(new Assembler(Rig.CODE).bits32().mov(EAX, mem(PAGE + 0x80)).out(Rig.STOP_PORT, AL));
        rig.protectedMode();
        run();
        assertThat(rig.accesses).endsWith("stop write 0+1 0");
    }
}
