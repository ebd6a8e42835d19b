package org.lodgevm.devices.chipset.serial;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.devices.chipset.Eventually;
import org.lodgevm.devices.chipset.ManualClock;
import org.lodgevm.devices.chipset.Wire;

class UartTest {
    private static final int RBR = 0;
    private static final int THR = 0;
    private static final int IER = 1;
    private static final int IIR = 2;
    private static final int FCR = 2;
    private static final int LCR = 3;
    private static final int MCR = 4;
    private static final int LSR = 5;
    private static final int MSR = 6;
    private static final int SCR = 7;
    private static final int LOOPBACK = 0x10;
    private static final int NO_INTERRUPT = 1;

    private final ManualClock clock = new ManualClock();
    private final Wire irq = new Wire();
    private final HostStreams host = new HostStreams();
    private final Uart uart = new Uart("test", clock, irq, host.endpoint());

    @AfterEach
    void close() {
        uart.close();
    }

    private int read(int register) {
        return (int) uart.read(register, 1);
    }

    private void write(int register, int value) {
        uart.write(register, 1, value);
    }

    private void type(String text) {
        host.type(text.getBytes(US_ASCII));
    }

    private boolean received(int bytes) {
        return Eventually.becomes(() -> {
            synchronized (uart) {
                return uart.state.receive.count() == bytes;
            }
        });
    }

    private void fifos(int triggerBits) {
        write(FCR, 1 | triggerBits << 6);
    }

    /** A machine that stands still may be saved: what its FIFO holds is sent by whoever goes on with it. */
    @Test
    void whileTheMachineStandsStillNothingMoves() {
        fifos(0);
        write(IER, 1);
        uart.output().hold();
        while ((read(LSR) & 0x20) != 0) {
            write(THR, 'x'); // until the way out is full
        }
        uart.pause();
        int waiting = uart.state.transmit.count();
        assertThat(waiting).isPositive();
        uart.output().releaseAll();
        uart.output().drain(10_000);
        type("typed");
        assertThat(uart.state.transmit.count()).isEqualTo(waiting);
        assertThat(uart.state.receive.isEmpty()).isTrue();
        uart.resume();
        assertThat(received(5)).isTrue();
        assertThat(Eventually.becomes(() -> (read(LSR) & 0x20) != 0)).isTrue();
    }

    @Test
    void afterResetItTransmitsAndNothingIsPending() {
        assertThat(read(LSR)).isEqualTo(0x60);
        assertThat(read(IIR)).isEqualTo(NO_INTERRUPT);
        assertThat(read(MSR)).isEqualTo(0xb0);
        write(SCR, 0x5a);
        assertThat(read(SCR)).isEqualTo(0x5a);
    }

    @Test
    void dlabGivesAccessToTheDivisor() {
        write(LCR, 0x83);
        write(0, 0x34);
        write(1, 0x12);
        assertThat(read(0)).isEqualTo(0x34);
        assertThat(read(1)).isEqualTo(0x12);
        write(LCR, 0x03);
        write(IER, 0xff);
        assertThat(read(IER)).as("only four bits exist").isEqualTo(0x0f);
    }

    @Test
    void whatIsTransmittedArrivesInOrder() {
        byte[] text = "line of text\n".repeat(20_000).getBytes(US_ASCII);
        for (byte b : text) {
            while ((read(LSR) & 0x20) == 0) {
                Thread.onSpinWait();
            }
            write(THR, b);
        }
        uart.output().drain(5_000);
        assertThat(host.arrived()).hasSameSizeAs(text);
        assertThat(Arrays.equals(host.arrived(), text)).isTrue();
    }

    @Test
    void aHostThatDoesNotReadKeepsTheTransmitterBusyAndLosesNothing() {
        host.held.acquireUninterruptibly();
        write(IER, 2);
        int sent = 0;
        while ((read(LSR) & 0x20) != 0) {
            write(THR, sent++ & 0xff);
            read(IIR);
        }
        assertThat(sent).isGreaterThan(50_000);
        assertThat(irq.asserted()).isFalse();
        host.held.release();
        assertThat(Eventually.becomes(irq::asserted)).isTrue();
        assertThat(read(IIR)).isEqualTo(2);
        uart.output().drain(5_000);
        assertThat(host.arrived()).hasSize(sent);
    }

    @Test
    void aHostThatIsGoneDoesNotStopTheGuest() {
        host.broken = true;
        for (int i = 0; i < 200_000; i++) {
            write(THR, 'x');
        }
        assertThat(Eventually.becomes(() -> (read(LSR) & 0x60) == 0x60)).isTrue();
    }

    @Test
    void enablingTheTransmitInterruptWhileEmptyInterruptsAndReadingIirClearsIt() {
        write(IER, 2);
        assertThat(irq.asserted()).isTrue();
        assertThat(read(IIR)).isEqualTo(2);
        assertThat(irq.asserted()).isFalse();
        assertThat(read(IIR)).isEqualTo(NO_INTERRUPT);
        write(THR, 'a');
        assertThat(irq.edges()).isEqualTo(2);
    }

    @Test
    void everyTransmittedByteGivesAnEdgeEvenWithoutReadingIir() {
        write(IER, 2);
        write(THR, 'a');
        write(THR, 'b');
        assertThat(irq.edges()).isEqualTo(3);
    }

    @Test
    void aReceivedByteInterruptsUntilItIsRead() {
        write(IER, 1);
        type("A");
        assertThat(received(1)).isTrue();
        assertThat(irq.asserted()).isTrue();
        assertThat(read(IIR)).isEqualTo(4);
        assertThat(read(LSR)).isEqualTo(0x61);
        assertThat(read(RBR)).isEqualTo('A');
        assertThat(irq.asserted()).isFalse();
        assertThat(read(LSR)).isEqualTo(0x60);
    }

    @Test
    void theHostSendsOnlyAsFastAsTheGuestReads() {
        write(IER, 1);
        fifos(0);
        String text = "0123456789abcdefghijklmnopqrstuvwxyz";
        type(text);
        assertThat(received(16)).isTrue();
        StringBuilder read = new StringBuilder();
        while (read.length() < text.length()) {
            assertThat(Eventually.becomes(() -> (uart.read(LSR, 1) & 1) != 0)).isTrue();
            read.append((char) read(RBR));
        }
        assertThat(read).hasToString(text);
        assertThat(read(LSR) & 2).as("no overrun").isZero();
    }

    @Test
    void nothingIsReceivedBeforeTheGuestListens() throws InterruptedException {
        type("early");
        Thread.sleep(20);
        assertThat(received(0)).isTrue();
        write(IER, 1);
        assertThat(received(1)).isTrue();
    }

    @Test
    void aGuestThatPollsTheLineStatusListensToo() {
        type("p");
        assertThat(Eventually.becomes(() -> (uart.read(LSR, 1) & 1) != 0)).isTrue();
        assertThat(read(RBR)).isEqualTo('p');
    }

    @Test
    void aGuestThatPollsOtherRegistersBetweenListensToo() {
        type("p");
        assertThat(Eventually.becomes(() -> {
            uart.read(MSR, 1);
            uart.read(MCR, 1);
            return (uart.read(LSR, 1) & 1) != 0;
        })).isTrue();
    }

    @Test
    void aGuestThatPollsAndAnswersGoesOnListening() {
        type("p");
        assertThat(Eventually.becomes(() -> (uart.read(LSR, 1) & 1) != 0)).isTrue();
        write(THR, read(RBR));
        type("q");
        assertThat(Eventually.becomes(() -> {
            write(THR, '.');
            return (uart.read(LSR, 1) & 1) != 0;
        })).isTrue();
    }

    @Test
    void aGuestThatOnlyWaitsForTheTransmitterReceivesNothing() {
        type("p");
        assertThat(Eventually.becomes(host::allTaken)).isTrue();
        for (int i = 0; i < 100; i++) {
            assertThat(read(LSR) & 1).isZero();
            write(THR, '.');
        }
    }

    @Test
    void bytesClearedFromTheFifoAreReceivedAgain() {
        write(IER, 1);
        fifos(0);
        type("abc");
        assertThat(received(3)).isTrue();
        write(IER, 0);
        write(FCR, 7);
        assertThat(read(LSR) & 1).isZero();
        assertThat(read(RBR)).isZero();
        write(IER, 1);
        assertThat(new char[] {(char) read(RBR), (char) read(RBR), (char) read(RBR)}).containsExactly('a', 'b', 'c');
    }

    @Test
    void droppingRtsHoldsTheHostOnceTheGuestHasUsedIt() throws InterruptedException {
        write(MCR, 0x0b);
        write(MCR, 0x09);
        write(IER, 1);
        type("x");
        Thread.sleep(20);
        assertThat(received(0)).isTrue();
        write(MCR, 0x0b);
        assertThat(received(1)).isTrue();
    }

    @Test
    void theTriggerLevelDelaysTheInterruptAndTheTimeoutMakesUpForIt() {
        write(LCR, 3);
        write(IER, 1);
        fifos(1);
        type("abc");
        assertThat(received(3)).isTrue();
        assertThat(irq.asserted()).isFalse();
        long fourCharacters = 4L * 10 * 1_000_000_000 / 9600;
        clock.advance(fourCharacters - 1000);
        assertThat(irq.asserted()).isFalse();
        clock.advance(1000);
        assertThat(irq.asserted()).isTrue();
        assertThat(read(IIR)).isEqualTo(0xcc);
        read(RBR);
        assertThat(read(IIR)).isEqualTo(0xc1);
        type("defg");
        assertThat(Eventually.becomes(irq::asserted)).isTrue();
        assertThat(read(IIR)).isEqualTo(0xc4);
    }

    @Test
    void out2GatesTheInterruptOnceTheGuestHasSetIt() {
        write(IER, 2);
        assertThat(irq.asserted()).as("never set").isTrue();
        write(MCR, 8);
        assertThat(irq.asserted()).isTrue();
        write(MCR, 0);
        assertThat(irq.asserted()).isFalse();
        assertThat(read(IIR)).as("the chip itself still says so").isEqualTo(2);
    }

    @Test
    void loopbackReturnsWhatIsSentAndTurnsModemOutputsIntoInputs() {
        write(MCR, LOOPBACK);
        assertThat(read(MSR) & 0xf0).isZero();
        for (int bit = 0; bit < 4; bit++) {
            write(MCR, LOOPBACK | 1 << bit);
            assertThat(read(MSR) >> 4).isEqualTo(new int[] {2, 1, 4, 8}[bit]);
        }
        write(MCR, LOOPBACK);
        write(LCR, 3);
        write(THR, 0x77);
        assertThat(read(LSR) & 1).isEqualTo(1);
        assertThat(read(RBR)).isEqualTo(0x77);
        uart.output().drain(100);
        assertThat(host.arrived()).isEmpty();
    }

    @Test
    void loopbackOverrunsAndTheNewCharacterWinsWithoutFifos() {
        write(IER, 4);
        write(MCR, LOOPBACK);
        write(THR, 1);
        write(THR, 2);
        assertThat(irq.asserted()).isTrue();
        assertThat(read(IIR)).isEqualTo(6);
        assertThat(read(LSR) & 2).isNotZero();
        assertThat(irq.asserted()).as("reading LSR clears it").isFalse();
        assertThat(read(RBR)).isEqualTo(2);
        fifos(0);
        for (int i = 0; i < 20; i++) {
            write(THR, i);
        }
        assertThat(read(LSR) & 2).isNotZero();
        assertThat(read(RBR)).as("with FIFOs the old ones stay").isZero();
    }

    @Test
    void wordLengthCutsWhatIsLoopedBack() {
        write(MCR, LOOPBACK);
        write(LCR, 0);
        write(THR, 0xff);
        assertThat(read(RBR)).isEqualTo(0x1f);
        write(LCR, 2);
        write(THR, 0xff);
        assertThat(read(RBR)).isEqualTo(0x7f);
    }

    @Test
    void modemDeltasInterruptAndAreClearedByReadingMsr() {
        write(MCR, LOOPBACK);
        read(MSR);
        write(IER, 8);
        assertThat(irq.asserted()).isFalse();
        write(MCR, LOOPBACK | 4);
        assertThat(irq.asserted()).as("the ring indicator counts when it ends").isFalse();
        write(MCR, LOOPBACK | 2);
        assertThat(read(IIR)).isZero();
        assertThat(read(MSR)).isEqualTo(0x15);
        assertThat(irq.asserted()).isFalse();
    }

    @Test
    void aBreakArrivesAsACharacterWithItsMark() {
        write(IER, 4);
        fifos(0);
        uart.receiveBreak();
        assertThat(read(IIR)).isEqualTo(0xc6);
        assertThat(read(LSR)).isEqualTo(0x60 | 0x80 | 0x10 | 1);
        assertThat(read(LSR)).isEqualTo(0x61);
        assertThat(read(RBR)).isZero();
    }

    @Test
    void interruptsComeInOrderOfPriority() {
        write(MCR, LOOPBACK);
        write(IER, 0xf);
        write(THR, 1);
        write(THR, 2);
        assertThat(read(IIR)).isEqualTo(6);
        read(LSR);
        assertThat(read(IIR)).isEqualTo(4);
        read(RBR);
        assertThat(read(IIR)).isEqualTo(2);
        assertThat(read(IIR)).isEqualTo(0);
        read(MSR);
        assertThat(read(IIR)).isEqualTo(NO_INTERRUPT);
    }

    @Test
    void fcrIsIgnoredWithoutItsEnableBit() {
        write(FCR, 0xc0);
        assertThat(read(IIR) & 0xc0).isZero();
        write(FCR, 0xc1);
        assertThat(read(IIR) & 0xc0).isEqualTo(0xc0);
    }

    @Test
    void resetForgetsSettingsButNotInput() {
        write(IER, 1);
        fifos(0);
        type("ab");
        assertThat(received(2)).isTrue();
        uart.reset();
        assertThat(read(IER)).isZero();
        assertThat(irq.asserted()).isFalse();
        write(IER, 1);
        assertThat(read(RBR)).isEqualTo('a');
        assertThat(read(RBR)).isEqualTo('b');
    }
}
