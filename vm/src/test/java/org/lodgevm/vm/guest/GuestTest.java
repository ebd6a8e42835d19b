package org.lodgevm.vm.guest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GuestTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static CompletableFuture<GuestResult> exec(FakeAgent agent, String... words) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return agent.guest.exec(words);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aCommandsStreamsAndStatusComeBack() throws Exception {
        try (FakeAgent agent = FakeAgent.welcomed()) {
            CompletableFuture<GuestResult> result = exec(agent, "echo", "it's");
            assertThat(agent.takeCommand(1)).isEqualTo("cd ~ || exit 126\nexec 'echo' 'it'\\''s'\n");
            agent.say("more 1\n");
            agent.expect("in 1 0");
            agent.say("begun 1\nout 1 5                        \nhello");
            agent.expect("ok 1 out");
            agent.say("err 1 2                        \nno");
            agent.expect("ok 1 err");
            agent.say("exit 1 3\nout 1 0 \nerr 1 0 \n");
            assertThat(result.get().status()).isEqualTo(3);
            assertThat(result.get().text()).isEqualTo("hello");
            assertThat(result.get().errors()).isEqualTo("no");
        }
    }

    @Test
    void inputGoesInTheBlocksThatAreAskedFor() throws Exception {
        try (FakeAgent agent = FakeAgent.welcomed();
                GuestProcess process = agent.guest.start(GuestCommand.of("cat"))) {
            agent.takeCommand(1);
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
                try (var stdin = process.stdin()) {
                    stdin.write(new byte[InputBlocks.BLOCK + 3]);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            agent.say("more 1\nmore 1\n");
            agent.expect("in 1 " + InputBlocks.BLOCK);
            agent.bytes(InputBlocks.BLOCK);
            agent.say("more 1\n");
            agent.expect("in 1 3");
            agent.bytes(3);
            agent.say("more 1\n");
            agent.expect("in 1 0");
            written.get();
        }
    }

    @Test
    void aCommandThatTakesNoInputBreaksThePipe() throws Exception {
        try (FakeAgent agent = FakeAgent.welcomed();
                GuestProcess process = agent.guest.start(GuestCommand.of("true"))) {
            agent.say("shut 1\n");
            assertThatThrownBy(() -> {
                while (true) {
                    process.stdin().write(1); // until what the agent said has arrived
                    agent.say("more 1\n");
                }
            }).hasMessage("Broken pipe");
        }
    }

    @Test
    void signalsWaitForTheCommandToBegin() throws Exception {
        try (FakeAgent agent = FakeAgent.welcomed();
                GuestProcess process = agent.guest.start(GuestCommand.of("sleep", "9"))) {
            agent.takeCommand(1);
            process.signal("INT");
            agent.say("begun 1\n");
            agent.expect("kill 1 INT");
            assertThatThrownBy(() -> process.signal("INT; reboot")).hasMessageContaining("not the name of a signal");
        }
    }

    @Test
    void closingACommandEndsIt() throws Exception {
        try (FakeAgent agent = FakeAgent.welcomed()) {
            GuestProcess process = agent.guest.start(GuestCommand.of("yes"));
            agent.takeCommand(1);
            process.close();
            agent.expect("drop 1");
            assertThat(process.stdout().read()).isEqualTo(-1);
            agent.say("out 1 5 \nhello"); // was under way
            GuestProcess next = agent.guest.start(GuestCommand.of("true"));
            agent.takeCommand(2);
            agent.say("exit 2 0\n");
            assertThat(next.waitFor()).isZero();
        }
    }

    @Test
    void anAgentThatStartsAnewHasLostItsCommands() throws Exception {
        try (FakeAgent agent = FakeAgent.welcomed();
                GuestProcess process = agent.guest.start(GuestCommand.of("sleep", "9"))) {
            agent.say("hello 1 again\n");
            assertThatThrownBy(process::waitFor).isInstanceOf(GuestException.class).hasMessageContaining("started anew");
            assertThatThrownBy(() -> process.stdout().read()).hasMessageContaining("started anew");
        }
    }

    @Test
    void theEndOfTheMachineIsTheEndOfItsCommands() throws Exception {
        FakeAgent agent = FakeAgent.welcomed();
        GuestProcess process = agent.guest.start(GuestCommand.of("sleep", "9"));
        agent.close();
        assertThatThrownBy(process::waitFor).hasMessageContaining("the machine ended");
        assertThat(agent.guest.await(SOON)).isFalse();
        assertThatThrownBy(() -> agent.guest.exec("true")).hasMessage("the machine has ended");
    }

    @Test
    void anAgentOfAnotherVersionIsToldApart() throws Exception {
        try (FakeAgent agent = new FakeAgent()) {
            agent.say("hello 2 word\n");
            assertThat(agent.guest.await(SOON)).isFalse();
            assertThatThrownBy(() -> agent.guest.exec("true")).hasMessageContaining("version 2");
        }
    }

    @Test
    void theHostKeepsNoMoreThanItAskedFor() throws Exception {
        try (FakeAgent agent = FakeAgent.welcomed();
                GuestProcess process = agent.guest.start(GuestCommand.of("yes"))) {
            agent.takeCommand(1);
            for (int i = 0; i <= FrameStream.WINDOW; i++) {
                agent.say("out 1 1 \ny");
            }
            assertThatThrownBy(process::waitFor).hasMessageContaining("more than it was asked for");
        }
    }

    @Test
    void aReaderWhoReadsNothingHoldsUpNobodyElse() throws Exception {
        try (FakeAgent agent = FakeAgent.welcomed();
                GuestProcess idle = agent.guest.start(GuestCommand.of("yes"));
                GuestProcess other = agent.guest.start(GuestCommand.of("true"))) {
            for (int i = 0; i < FrameStream.WINDOW; i++) {
                agent.say("out 1 1 \ny");
            }
            agent.say("exit 2 0\n");
            assertThat(other.waitFor()).isZero();
            assertThat(idle.stdout().readNBytes(FrameStream.WINDOW)).isEqualTo("y".repeat(FrameStream.WINDOW).getBytes(UTF_8));
        }
    }

    /** Anything may come between the messages of a hostile guest, and the host goes on. */
    @Test
    void noiseIsIgnored() throws Exception {
        Random random = new Random(Long.getLong("lodge.fuzz.seed", 1));
        String[] words = {"hello", "begun", "more", "shut", "out", "err", "exit", "1", "2", "-1", "0", "99999999999", "32769", "\n", " ", "\0", "x"};
        try (FakeAgent agent = FakeAgent.welcomed()) {
            CompletableFuture<Void> welcomed = CompletableFuture.runAsync(() -> {
                try {
                    String line;
                    do {
                        line = agent.line(); // whatever the host answers
                    } while (!line.equals("welcome last"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            for (int i = 0; i < 20_000; i++) {
                StringBuilder text = new StringBuilder();
                for (int word = random.nextInt(6); word >= 0; word--) {
                    text.append(words[random.nextInt(words.length)]).append(random.nextInt(4) > 0 ? ' ' : '\n');
                }
                agent.say(text.toString());
            }
            byte[] newlines = "\n".repeat(AgentMessage.PIECE).getBytes(ISO_8859_1); // as the agent begins
            agent.say(newlines);
            agent.say("hello 1 last\n");
            welcomed.get(SOON.toSeconds(), TimeUnit.SECONDS); // all of the noise has been read
            assertThat(agent.guest.await(SOON)).isTrue();
        }
    }

    @Test
    void whatIsNoCommandIsRefused() {
        assertThatThrownBy(() -> GuestCommand.of()).hasMessageContaining("no command");
        assertThatThrownBy(() -> GuestCommand.of("a\0b").script()).hasMessageContaining("NUL");
        assertThatThrownBy(() -> GuestCommand.of("env").with("A-B", "")).hasMessageContaining("'A-B'");
    }
}
