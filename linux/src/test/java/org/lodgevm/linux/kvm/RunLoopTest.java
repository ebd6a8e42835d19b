package org.lodgevm.linux.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lodgevm.linux.call.Errno;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.Trace;
import org.lodgevm.machine.Vcpu.Exit;
import org.lodgevm.machine.VcpuSignals;

/** The run loop against a kernel that does as it is told. */
@Timeout(30)
class RunLoopTest {
    private final Arena arena = Arena.ofShared();
    private final GuestMemory memory = new GuestMemory();
    private final Interrupts interrupts = new Interrupts();
    private final List<String> log = new ArrayList<>();
    /** What each entry into the guest does and returns; afterwards somebody kicks. */
    private final Queue<Entry> script = new ArrayDeque<>();

    private MemorySegment run;
    private Attention attention;
    private RunLoop loop;

    /** One stay in the guest. */
    private interface Entry {
        int run();
    }

    @BeforeAll
    static void needsLinux() {
        assumeTrue(LibC.unavailable() == null, "signals and layouts are those of x86-64 Linux");
    }

    @BeforeEach
    void start() {
        run = arena.allocate(8192, 4096);
        RunArea area = new RunArea(run.address());
        attention = new Attention(area);
        interrupts.signals = new Signals();
        loop = new RunLoop(new Kernel(), area, new ExitHandler(area, new Bus(memory), interrupts, null, Trace.OFF), interrupts, false, attention, new Life());
    }

    @AfterEach
    void end() {
        memory.close();
        arena.close();
    }

    private final class Signals implements VcpuSignals {
        @Override
        public void interrupt() {
            attention.ask(Attention.INTERRUPT);
        }

        @Override
        public void nmi() {
            attention.ask(Attention.NMI);
        }

        @Override
        public void init() {
            attention.ask(Attention.INIT);
        }

        @Override
        public void startup(int vector) {
            attention.askStartup(vector);
        }
    }

    private final class Life implements RunLoop.Life {
        @Override
        public boolean initialize() {
            log.add("init");
            return true;
        }

        @Override
        public void start(int vector) {
            log.add("start " + vector);
        }

        @Override
        public String describe() {
            return "the registers";
        }
    }

    private final class Kernel implements GuestEntry {
        @Override
        public int run() {
            boolean immediate = member("immediate_exit") != 0;
            log.add(immediate ? "complete" : member("request_interrupt_window") != 0 ? "run until window" : "run");
            if (immediate) {
                return -Errno.EINTR;
            }
            Entry next = script.poll();
            if (next == null) {
                attention.ask(Attention.KICK);
                return -Errno.EINTR;
            }
            return next.run();
        }

        @Override
        public void interrupt(int vector) {
            log.add("interrupt " + vector);
        }

        @Override
        public void nmi() {
            log.add("nmi");
        }

        @Override
        public void takeWrites() {
            log.add("take writes");
        }
    }

    private byte member(String name) {
        return run.get(ValueLayout.JAVA_BYTE, Structs.offset(Structs.RUN, name));
    }

    /** The guest comes back for {@code reason}. */
    private Entry exit(ExitReason reason, boolean ready) {
        return () -> {
            run.set(ValueLayout.JAVA_INT, Structs.offset(Structs.RUN, "exit_reason"), reason.number());
            byte flag = (byte) (ready ? 1 : 0);
            run.set(ValueLayout.JAVA_BYTE, Structs.offset(Structs.RUN, "ready_for_interrupt_injection"), flag);
            run.set(ValueLayout.JAVA_BYTE, Structs.offset(Structs.RUN, "if_flag"), flag);
            return 0;
        };
    }

    @Test
    void aCpuThatCannotNoteFurtherWritesGoesOnWhenThoseAreTaken() {
        script.add(exit(ExitReason.KVM_EXIT_DIRTY_RING_FULL, false));
        assertThat(loop.run()).isEqualTo(Exit.KICKED);
        assertThat(log).containsExactly("run", "take writes", "run", "complete");
    }

    @Test
    void aKickLeavesNothingHalfDone() {
        assertThat(loop.run()).isEqualTo(Exit.KICKED);
        assertThat(log).containsExactly("run", "complete");
    }

    @Test
    void anInterruptIsGivenWhenTheGuestIsReady() {
        interrupts.raise(0x30);
        script.add(exit(ExitReason.KVM_EXIT_IRQ_WINDOW_OPEN, true));
        loop.run();
        assertThat(log).containsExactly("run until window", "interrupt 48", "run", "complete");
    }

    @Test
    void ofTwoInterruptsTheSecondWaitsForTheNextWindow() {
        interrupts.raise(0x30);
        interrupts.raise(0x31);
        script.add(exit(ExitReason.KVM_EXIT_IRQ_WINDOW_OPEN, true));
        script.add(exit(ExitReason.KVM_EXIT_IRQ_WINDOW_OPEN, true));
        loop.run();
        assertThat(log).containsExactly("run until window", "interrupt 48", "run until window", "interrupt 49", "run", "complete");
    }

    /** The kernel forgets an interrupt that it is given before an instruction that then raises an exception. */
    @Test
    void noInterruptComesInTheMiddleOfAnInstruction() {
        interrupts.raise(0x30);
        script.add(exit(ExitReason.KVM_EXIT_X86_RDMSR, true));
        script.add(exit(ExitReason.KVM_EXIT_IRQ_WINDOW_OPEN, true));
        loop.run();
        assertThat(log).containsExactly("run until window", "run until window", "interrupt 48", "run", "complete");
    }

    @Test
    void anInterruptOfLowPriorityWaitsForTheGuestToLowerItsOwn() {
        interrupts.raise(0x30);
        interrupts.taskPriority(8);
        script.add(() -> {
            run.set(ValueLayout.JAVA_LONG, Structs.offset(Structs.RUN, "cr8"), 0);
            return exit(ExitReason.KVM_EXIT_SET_TPR, true).run();
        });
        loop.run();
        assertThat(log).containsExactly("run", "interrupt 48", "run", "complete");
    }

    @Test
    void aHaltedGuestIsNotEnteredUntilAnInterruptComes() throws InterruptedException {
        script.add(exit(ExitReason.KVM_EXIT_HLT, true));
        Thread vcpu = Thread.ofPlatform().start(loop::run);
        while (vcpu.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(log).containsExactly("run");
        interrupts.raise(0x30);
        vcpu.join();
        assertThat(log).containsExactly("run", "interrupt 48", "run", "complete");
    }

    @Test
    void aGuestHaltedWithInterruptsOffIsWokenByAnNmi() throws InterruptedException {
        script.add(exit(ExitReason.KVM_EXIT_HLT, false));
        interrupts.raise(0x30);
        Thread vcpu = Thread.ofPlatform().start(loop::run);
        while (vcpu.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        interrupts.signals.nmi();
        vcpu.join();
        assertThat(log).containsExactly("run until window", "nmi", "run until window", "complete");
    }

    @Test
    void initAndStartupFollowEachOther() throws InterruptedException {
        attention.ask(Attention.INIT);
        Thread vcpu = Thread.ofPlatform().start(loop::run);
        while (vcpu.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        attention.askStartup(0x9a);
        vcpu.join();
        assertThat(log).containsExactly("complete", "init", "start 154", "run", "complete");
    }

    @Test
    void aStartupThatNobodyWaitsForIsNothing() {
        attention.askStartup(0x9a);
        loop.run();
        assertThat(log).containsExactly("run", "complete");
    }

    @Test
    void aShutdownIsToldWithTheRegisters() {
        script.add(exit(ExitReason.KVM_EXIT_SHUTDOWN, false));
        assertThat(loop.run()).isEqualTo(Exit.SHUTDOWN);
        assertThat(loop.failure()).isEqualTo("triple fault, the registers");
    }

    @Test
    void anInternalErrorIsToldWithItsMeaning() {
        script.add(exit(ExitReason.KVM_EXIT_INTERNAL_ERROR, false));
        run.set(ValueLayout.JAVA_INT, Structs.offset(Structs.RUN, "exit", "internal", "suberror"), 1);
        assertThat(loop.run()).isEqualTo(Exit.FAILED);
        assertThat(loop.failure()).contains("would have to emulate and cannot; the registers");
    }

    @Test
    void whatTheKernelRefusesIsToldByTheCallsName() {
        script.add(() -> -Errno.ENOMEM);
        assertThat(loop.run()).isEqualTo(Exit.FAILED);
        assertThat(loop.failure()).contains("KVM_RUN: Cannot allocate memory (errno 12)");
    }

    @Test
    void anExitOfANewKindIsAnError() {
        script.add(exit(ExitReason.KVM_EXIT_HYPERCALL, false));
        assertThat(loop.run()).isEqualTo(Exit.FAILED);
        assertThat(loop.failure()).contains("number 3 (KVM_EXIT_HYPERCALL)");
    }

    @Test
    void tryingAgainIsWhatTheKernelMeansByEagain() {
        script.add(() -> -Errno.EAGAIN);
        assertThat(loop.run()).isEqualTo(Exit.KICKED);
        assertThat(log).containsExactly("run", "run", "complete");
    }
}
