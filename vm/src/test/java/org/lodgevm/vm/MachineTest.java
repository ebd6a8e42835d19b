package org.lodgevm.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.vm.boot.BootException;
import org.lodgevm.vm.boot.BootFile;

class MachineTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int CODE_GPA = 0x10_0030;

    /** A multiboot image whose code is four bytes, 1, 2, 3, 4. */
    static BootFile kernel() {
        int magic = 0x1bad_b002;
        int flags = 1 << 16;
        ByteBuffer b = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putInt(magic).putInt(flags).putInt(-magic - flags);
        b.putInt(0x10_0000).putInt(0x10_0000).putInt(0).putInt(0).putInt(CODE_GPA);
        return BootFile.of("test kernel", b.putInt(0x30, 0x0403_0201).array());
    }

    static MachineBuilder builder(FakeAccelerator.Guest guest) {
        return Machine.builder().kernel(kernel()).memory(16 << 20).accelerator(new FakeAccelerator(guest));
    }

    private static Outcome outcomeOf(FakeAccelerator.Guest guest) throws InterruptedException {
        try (Machine machine = builder(guest).build()) {
            machine.start();
            return machine.await(SOON).orElseThrow();
        }
    }

    @Test
    void powerOffEndsTheMachine() throws Exception {
        assertThat(outcomeOf(cpu -> {
            cpu.powerOff();
            return null;
        })).isEqualTo(new Outcome.PoweredOff());
    }

    @Test
    void debugExitEndsTheMachineWithItsCode() throws Exception {
        Outcome outcome = outcomeOf(cpu -> {
            cpu.bus.writePort(0xf4, 4, 42);
            return null;
        });
        assertThat(outcome).isEqualTo(new Outcome.DebugExit(42));
    }

    @Test
    void aTripleFaultIsACrashThatNamesTheCpu() throws Exception {
        assertThat(outcomeOf(cpu -> Vcpu.Exit.SHUTDOWN)).isEqualTo(new Outcome.Crashed("CPU 0: fake failure", null));
    }

    @Test
    void anExceptionOfTheAcceleratorEndsOnlyItsMachine() throws Exception {
        IllegalStateException thrown = new IllegalStateException("oops");
        try (Machine other = builder(FakeAccelerator.IDLE).build()) {
            other.start();
            Outcome outcome = outcomeOf(cpu -> {
                throw thrown;
            });
            assertThat(outcome).isEqualTo(new Outcome.Crashed("CPU 0: internal error: java.lang.IllegalStateException: oops", thrown));
            assertThat(other.state()).isEqualTo(Machine.State.RUNNING);
        }
    }

    @Test
    void theFirstCpuStartsWhereTheBootProtocolSays() {
        FakeAccelerator accelerator = new FakeAccelerator(FakeAccelerator.IDLE);
        try (Machine machine = builder(FakeAccelerator.IDLE).accelerator(accelerator).cpus(3).build()) {
            machine.start();
            machine.pause();
            assertThat(machine.cpu(0).rip).isEqualTo(CODE_GPA);
            assertThat(machine.cpu(1).rip).isEqualTo(0xfff0);
            assertThat(machine.cpu(2).msrs).as("memory types, as on the first").containsEntry(0x2ff, 0xc06L);
            assertThat(machine.memory().read(CODE_GPA, 4)).containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    void aResetFromInsideBootsAgainWithAFreshKernel() throws Exception {
        List<Integer> found = new ArrayList<>();
        FakeAccelerator.Guest guest = cpu -> {
            found.add((int) cpu.bus.read(CODE_GPA, 4));
            cpu.bus.write(CODE_GPA, 4, 0);
            if (cpu.resets.get() < 4) {
                cpu.reset(0x06);
            } else {
                cpu.powerOff();
            }
            return null;
        };
        List<String> log = new ArrayList<>();
        try (Machine machine = builder(new OncePerBoot(guest)).log(log::add).build()) {
            machine.start();
            assertThat(machine.await(SOON)).contains(new Outcome.PoweredOff());
        }
        assertThat(found).hasSizeGreaterThan(2).containsOnly(0x0403_0201);
        assertThat(log).hasSize(found.size() - 1).allMatch(line -> line.startsWith("the guest reset the machine"));
    }

    /** Runs a guest's step once after each reset, then idles. */
    private static final class OncePerBoot implements FakeAccelerator.Guest {
        private final FakeAccelerator.Guest guest;
        private int seen = -1;

        OncePerBoot(FakeAccelerator.Guest guest) {
            this.guest = guest;
        }

        @Override
        public Vcpu.Exit step(FakeVcpu cpu) {
            if (cpu.resets.get() == seen) {
                return FakeAccelerator.IDLE.step(cpu);
            }
            seen = cpu.resets.get();
            return guest.step(cpu);
        }
    }

    @Test
    void aResetCanEndTheMachineInstead() throws Exception {
        try (Machine machine = builder(cpu -> {
            cpu.reset(0x06);
            return null;
        }).rebootAction(RebootAction.EXIT).build()) {
            machine.start();
            assertThat(machine.await(SOON)).contains(new Outcome.Rebooted());
        }
    }

    @Test
    void aTripleFaultCanResetInstead() throws Exception {
        try (Machine machine = builder(cpu -> {
            if (cpu.resets.get() > 2) {
                cpu.powerOff();
            }
            return Vcpu.Exit.SHUTDOWN;
        }).onShutdown(ShutdownAction.RESET).build()) {
            machine.start();
            assertThat(machine.await(SOON)).contains(new Outcome.PoweredOff());
        }
    }

    @Test
    void aKernelThatHasGoneIsReportedAtTheReboot(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("vanishing"), kernel().read(0, 64));
        try (Machine machine = builder(FakeAccelerator.IDLE).kernel(file).build()) {
            machine.start();
            Files.delete(file);
            machine.reset();
            assertThat(machine.await(SOON)).get().isInstanceOfSatisfying(Outcome.Crashed.class, crash -> assertThat(crash.message())
                    .startsWith("the machine cannot boot again: ").endsWith("vanishing cannot be read: there is no such file"));
        }
    }

    @Test
    void whatCannotBeBootedIsReportedAtTheStart(@TempDir Path folder) {
        try (Machine machine = builder(FakeAccelerator.IDLE).kernel(folder.resolve("none")).build()) {
            assertThatThrownBy(machine::start).isInstanceOf(BootException.class).hasMessageContaining("there is no such file");
            assertThat(machine.state()).isEqualTo(Machine.State.CREATED);
        }
    }

    @Test
    void whilePausedNeitherCpusNorTimeMove() throws Exception {
        FakeAccelerator accelerator = new FakeAccelerator(FakeAccelerator.IDLE);
        try (Machine machine = builder(FakeAccelerator.IDLE).accelerator(accelerator).cpus(2).build()) {
            machine.start();
            machine.pause();
            long steps = machine.instructions();
            long pmTimer = accelerator.vcpus.getFirst().bus.readPort(0x608, 4);
            Thread.sleep(50);
            assertThat(machine.instructions()).isEqualTo(steps);
            assertThat(accelerator.vcpus.getFirst().bus.readPort(0x608, 4)).isEqualTo((int) pmTimer);
            machine.resume();
            while (machine.instructions() == steps) {
                Thread.onSpinWait();
            }
            assertThat(machine.state()).isEqualTo(Machine.State.RUNNING);
        }
    }

    @Test
    void aPausedMachineStaysPausedThroughAReset() {
        FakeAccelerator accelerator = new FakeAccelerator(FakeAccelerator.IDLE);
        try (Machine machine = builder(FakeAccelerator.IDLE).accelerator(accelerator).build()) {
            machine.start();
            machine.pause();
            int resets = accelerator.vcpus.getFirst().resets.get();
            machine.reset();
            assertThat(accelerator.vcpus.getFirst().resets.get()).isGreaterThan(resets);
            assertThat(machine.state()).isEqualTo(Machine.State.PAUSED);
        }
    }

    @Test
    void registersAreReadableUnlessTheMachineRuns() {
        try (Machine machine = builder(FakeAccelerator.IDLE).build()) {
            machine.start();
            assertThatThrownBy(() -> machine.cpu(0)).isInstanceOf(IllegalStateException.class);
            machine.stop();
            assertThat(machine.cpu(0).rip).isEqualTo(CODE_GPA);
        }
    }

    @Test
    void aMachineRunsOnce() throws Exception {
        try (Machine machine = builder(FakeAccelerator.IDLE).build()) {
            machine.start();
            assertThatThrownBy(machine::start).isInstanceOf(IllegalStateException.class);
            machine.stop();
            machine.stop();
            assertThat(machine.await()).isEqualTo(new Outcome.Stopped());
            assertThatThrownBy(machine::start).isInstanceOf(IllegalStateException.class);
            machine.pause();
            machine.reset();
            assertThat(machine.state()).isEqualTo(Machine.State.ENDED);
            machine.close();
            machine.powerButton();
        }
    }

    @Test
    void aMachineThatNeverStartedCanBeClosed() {
        FakeAccelerator accelerator = new FakeAccelerator(FakeAccelerator.IDLE);
        builder(FakeAccelerator.IDLE).accelerator(accelerator).build().close();
        assertThat(accelerator.open.get()).isZero();
    }

    @Test
    void stopMayBeCalledFromTheConsolesOutput() throws Exception {
        AtomicReference<Machine> self = new AtomicReference<>();
        OutputStream stopping = new OutputStream() {
            @Override
            public void write(int b) {
                self.get().stop();
            }
        };
        try (Machine machine = builder(cpu -> {
            cpu.print("x");
            return null;
        }).console(null, stopping).build()) {
            self.set(machine);
            machine.start();
            assertThat(machine.await(SOON)).contains(new Outcome.Stopped());
        }
    }

    @Test
    void theConsoleSpeaksAndListens() throws Exception {
        FakeAccelerator.Guest echo = cpu -> {
            int c = cpu.typed();
            if (c == '!') {
                cpu.powerOff();
            } else if (c >= 0) {
                cpu.print("<" + (char) c + ">");
            } else {
                cpu.halt();
            }
            return null;
        };
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        try (Machine machine = builder(echo).console(null, copy).build()) {
            machine.start();
            machine.console().type("ab");
            assertThat(machine.console().await("b>", SOON)).isEqualTo("<a><b>");
            assertThat(machine.console().await(">", SOON)).isEqualTo("<\r>");
            assertThatThrownBy(() -> machine.console().await("never", Duration.ofMillis(20))).isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("\"never\" did not appear on COM1 within 0 s");
            machine.console().input().write('!');
            assertThatThrownBy(() -> machine.console().await("never", SOON)).isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("before the machine ended").hasMessageContaining("<a><b>");
            assertThat(machine.await(SOON)).contains(new Outcome.PoweredOff());
            assertThat(new String(machine.console().output().readAllBytes(), US_ASCII))
                    .isEqualTo("<a><b><\r>").isEqualTo(copy.toString(US_ASCII));
        }
    }

    @Test
    void allOutputHasArrivedWhenTheOutcomeDoes() throws Exception {
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("bytes come in arrays");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                try {
                    TimeUnit.MILLISECONDS.sleep(100);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                copy.write(bytes, offset, length);
            }
        };
        try (Machine machine = builder(cpu -> {
            cpu.print("x".repeat(100_000));
            cpu.powerOff();
            return null;
        }).console(null, slow).build()) {
            machine.start();
            assertThat(machine.await(SOON)).contains(new Outcome.PoweredOff());
            assertThat(copy.size()).isGreaterThanOrEqualTo(100_000);
        }
    }

    @Test
    void outputThatNobodyTakesHoldsUpNobodyElse() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        OutputStream stuck = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };
        try (Machine machine = builder(cpu -> {
            cpu.print("x");
            return null;
        }).console(null, stuck).build()) {
            machine.start();
            Thread.sleep(20);
            machine.pause();
            machine.resume();
            machine.stop();
            assertThat(machine.await(SOON)).contains(new Outcome.Stopped());
        } finally {
            never.countDown();
        }
    }

    @Test
    void theOutcomeCanBeAwaitedAsAFuture() throws Exception {
        try (Machine machine = builder(FakeAccelerator.IDLE).build()) {
            machine.outcome().complete(new Outcome.PoweredOff());
            assertThat(machine.outcome()).isNotDone();
            machine.start();
            assertThat(machine.await(Duration.ofMillis(1))).isEmpty();
            machine.stop();
            assertThat(machine.outcome()).isCompletedWithValue(new Outcome.Stopped());
        }
    }

    @Test
    void senselessDescriptionsAreRefused() {
        assertThatThrownBy(() -> Machine.builder().build()).hasMessageContaining("nothing to boot");
        assertThatThrownBy(() -> Machine.builder().kernel(kernel()).bios(kernel()).build()).hasMessageContaining("not both");
        assertThatThrownBy(() -> Machine.builder().bios(kernel()).initrd(new byte[1]).build()).hasMessageContaining("needs a kernel");
        assertThatThrownBy(() -> Machine.builder().kernel(kernel()).cpus(0).build()).hasMessageContaining("1 to 255 CPUs, not 0");
        assertThatThrownBy(() -> Machine.builder().kernel(kernel()).memory(5000).build()).hasMessageContaining("5000 bytes");
        assertThatThrownBy(() -> Machine.builder().kernel(kernel()).accelerator("warp").build()).isInstanceOf(MachineException.class)
                .hasMessageContaining("there is no accelerator called warp");
    }
}
