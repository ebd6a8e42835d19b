package org.lodgevm.image.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ConsoleProtocolTest {
    private final FakeGuest guest = new FakeGuest();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void outputErrorsAndStatusComeOutApart() throws Exception {
        CompletableFuture<OptionalInt> status = run(RunPlan.command("x"), InputStream.nullInputStream(), out);
        guest.start();
        guest.print("out\n");
        guest.complain("error\n");
        guest.say("exit 42 4 6");
        assertThat(status.get()).hasValue(42);
        assertThat(out).hasToString("out\n");
        assertThat(err).hasToString("error\n");
    }

    @Test
    void outputThatIsStillOnItsWayIsWaitedFor() throws Exception {
        CompletableFuture<OptionalInt> status = run(RunPlan.command("x"), InputStream.nullInputStream(), out);
        guest.start();
        guest.print("first ");
        guest.say("exit 0 10 5");
        Thread.sleep(50);
        assertThat(status).isNotDone();
        guest.print("last");
        guest.complain("error");
        assertThat(status.get()).hasValue(0);
        assertThat(out).hasToString("first last");
        assertThat(err).hasToString("error");
    }

    @Test
    void theGuestsCountersMayHaveWrappedAround() throws Exception {
        CompletableFuture<OptionalInt> status = run(RunPlan.command("x"), InputStream.nullInputStream(), out);
        guest.start();
        guest.print("abc");
        guest.say("exit 0 " + (3 + (1L << 32)) + " " + -(1L << 32));
        assertThat(status.get()).hasValue(0);
    }

    @Test
    void inputArrivesInTheBlocksThatTheGuestAsksForAndEnds() throws Exception {
        byte[] input = new byte[100_000];
        new Random(1).nextBytes(input);
        run(RunPlan.command("cat"), new ByteArrayInputStream(input), out);
        guest.start();
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        for (byte[] block = guest.more(); block.length > 0; block = guest.more()) {
            got.writeBytes(block);
        }
        assertThat(got.toByteArray()).isEqualTo(input);
    }

    @Test
    void inputIsReadOnlyWhenTheGuestWantsIt() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        InputStream counting = new ByteArrayInputStream(new byte[100_000]) {
            @Override
            public int read(byte[] buffer, int offset, int length) {
                reads.incrementAndGet();
                return super.read(buffer, offset, length);
            }
        };
        CompletableFuture<OptionalInt> status = run(RunPlan.command("x"), counting, out);
        guest.start();
        Thread.sleep(50);
        assertThat(reads).hasValue(0);
        guest.more();
        guest.say("exit 0 0 0");
        assertThat(status.get()).hasValue(0);
        assertThat(reads).hasValue(1);
    }

    @Test
    void anInputThatFailsEnds() throws Exception {
        run(RunPlan.command("x"), new FailingStream(), out);
        guest.start();
        assertThat(guest.more()).isEmpty();
    }

    @Test
    void whatIsTypedPassesAsItIs() throws Exception {
        run(RunPlan.shell(Window.DEFAULT), new ByteArrayInputStream("ls\r\3".getBytes(StandardCharsets.US_ASCII)), out);
        guest.start();
        assertThat(guest.dataIn.exit.readNBytes(4)).asString(StandardCharsets.US_ASCII).isEqualTo("ls\r\3");
    }

    @Test
    void noiseBeforeTheStartIsNoOutputAndNoMessage() throws Exception {
        CompletableFuture<OptionalInt> status = run(RunPlan.command("x"), InputStream.nullInputStream(), out);
        guest.print("firmware");
        guest.say("\0\u00ff panic");
        guest.say("exit");
        guest.say("exit one 2 3");
        guest.say("x".repeat(100_000));
        guest.say("");
        Thread.sleep(50); // the lines are independent of each other
        guest.start();
        guest.print("out");
        guest.say("exit 0 3 0");
        assertThat(status.get()).hasValue(0);
        assertThat(out).hasToString("out");
    }

    @Test
    void aGuestThatRebootsStartsAgain() throws Exception {
        CompletableFuture<OptionalInt> status = run(RunPlan.shell(Window.DEFAULT), InputStream.nullInputStream(), out);
        guest.start();
        guest.print("first ");
        Thread.sleep(50);
        guest.start();
        guest.print("second");
        guest.say("exit 0 6 0");
        assertThat(status.get()).hasValue(0);
        assertThat(out).hasToString("first second");
    }

    @Test
    void aGuestThatGoesAwayHasNoStatusButItsOutput() throws Exception {
        CompletableFuture<OptionalInt> status = run(RunPlan.command("x"), InputStream.nullInputStream(), out);
        guest.start();
        guest.print("last words");
        guest.powerOff();
        assertThat(status.get()).isEmpty();
        assertThat(out).hasToString("last words");
    }

    @Test
    void aGuestThatDiesBeforeAllIsSentDoesNotHoldUsUp() throws Exception {
        CompletableFuture<OptionalInt> status = run(RunPlan.command("x"), InputStream.nullInputStream(), out);
        guest.start();
        guest.say("exit 3 1000 1000");
        guest.powerOff();
        assertThat(status.get()).hasValue(3);
    }

    @Test
    void anotherVersionOfTheProtocolIsRefused() throws Exception {
        CompletableFuture<OptionalInt> status = run(RunPlan.command("x"), InputStream.nullInputStream(), out);
        guest.say("hello 2");
        assertThatThrownBy(status::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void aCommandWhoseOutputNobodyWantsGetsABrokenPipe() throws Exception {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        CompletableFuture<OptionalInt> status = run(RunPlan.command("yes"), InputStream.nullInputStream(), closed);
        guest.start();
        guest.print("y\ny\ny\n");
        assertThat(guest.hear()).isEqualTo("kill PIPE");
        guest.print("y\n".repeat(1000));
        guest.say("exit 141 2006 0");
        assertThat(status.get()).hasValue(141);
    }

    @Test
    void theTerminalsSizeFollowsAlsoIfItChangesBeforeTheStart() throws Exception {
        ConsoleProtocol host = guest.host(RunPlan.shell(Window.DEFAULT));
        run(host, InputStream.nullInputStream(), out);
        host.resize(30, 100);
        guest.start();
        assertThat(guest.hear()).isEqualTo("size 30 100");
        host.resize(31, 101);
        assertThat(guest.hear()).isEqualTo("size 31 101");
    }

    @Test
    void aSignalReachesTheGuest() throws Exception {
        ConsoleProtocol host = guest.host(RunPlan.command("x"));
        run(host, InputStream.nullInputStream(), out);
        host.signal("TERM"); // there is nothing yet to be signalled
        guest.start();
        host.signal("INT");
        assertThat(guest.hear()).isEqualTo("kill INT");
    }

    @Test
    void whateverAGuestSendsTheHostComesToAnEnd() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            FakeGuest mad = new FakeGuest();
            CompletableFuture<OptionalInt> status = new CompletableFuture<>();
            ConsoleProtocol host = mad.host(RunPlan.command("x"));
            Thread.startVirtualThread(() -> complete(host, status, new ByteArrayInputStream(new byte[1000]), out));
            Thread.startVirtualThread(() -> drain(mad.controlIn.exit));
            Thread.startVirtualThread(() -> drain(mad.dataIn.exit));
            Random random = new Random(seed);
            Thread.startVirtualThread(() -> rave(mad, random));
            boolean orderly = status.handle((value, failure) -> failure == null || failure instanceof IOException)
                    .get();
            assertThat(orderly).as("seed %d", seed).isTrue();
        }
    }

    private CompletableFuture<OptionalInt> run(RunPlan plan, InputStream in, OutputStream to) {
        return run(guest.host(plan), in, to);
    }

    private CompletableFuture<OptionalInt> run(ConsoleProtocol host, InputStream in, OutputStream to) {
        CompletableFuture<OptionalInt> status = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> complete(host, status, in, to));
        return status;
    }

    private void complete(ConsoleProtocol host, CompletableFuture<OptionalInt> status, InputStream in, OutputStream to) {
        try {
            status.complete(host.run(in, to, err));
        } catch (Throwable failure) {
            status.completeExceptionally(failure);
        }
    }

    private static void rave(FakeGuest mad, Random random) {
        String[] words = {"hello", "more", "exit", "1", "-1", "\n", " ", "\0", "99999999999999999999"};
        try {
            for (int i = 0; i < 300; i++) {
                mad.controlOut.entry.write(words[random.nextInt(words.length)].getBytes(StandardCharsets.US_ASCII));
            }
            mad.powerOff();
        } catch (IOException end) {
            throw new AssertionError(end);
        }
    }

    private static void drain(InputStream in) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException end) {
            // the test is over
        }
    }

    private static final class FailingStream extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("Input/output error");
        }
    }
}
