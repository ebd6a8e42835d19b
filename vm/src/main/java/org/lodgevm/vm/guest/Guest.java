package org.lodgevm.vm.guest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What runs in a machine of this process, as far as an agent in there makes it accessible. See the package for the protocol. */
public final class Guest implements GuestShell {
    /** The virtio console port by which the agent is reached. */
    public static final String PORT = "org.lodgevm.agent.0";

    /** How long a command waits for an agent: a guest that boots has none at first. */
    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final int VERSION = 1;

    private final InputStream fromAgent;
    private final OutputStream toAgent;
    private final List<TerminalLine> terminals;
    private final Map<Integer, AgentProcess> processes = new ConcurrentHashMap<>();
    private final AtomicInteger commands = new AtomicInteger();
    /** Guarded by this, as the two after it. */
    private boolean ready;

    private boolean ended;
    /** Of an agent that cannot be talked to; 0 otherwise. */
    private int strangeVersion;

    /**
     * @param fromAgent ends with the machine
     * @param terminals serial ports that commands may have as their terminals
     */
    public Guest(InputStream fromAgent, OutputStream toAgent, List<TerminalLine> terminals) {
        this.fromAgent = new BufferedInputStream(fromAgent, AgentMessage.PIECE);
        this.toAgent = toAgent;
        this.terminals = List.copyOf(terminals);
        Thread.ofVirtual().name("guest agent").start(this::listen);
    }

    /** Whether an agent answers. */
    public synchronized boolean isReady() {
        return ready;
    }

    /** Waits until an agent answers. @return false if there is none in time, or the machine ended */
    public synchronized boolean await(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        long left;
        while (!ready && !ended && strangeVersion == 0 && (left = deadline - System.nanoTime()) > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return ready;
    }

    /** {@inheritDoc} Waits for the agent first, no longer than {@link #PATIENCE}. */
    @Override
    public GuestProcess start(GuestCommand command) throws IOException, InterruptedException {
        return start(command, PATIENCE);
    }

    /** The same. @param patience how long to wait for the agent */
    public GuestProcess start(GuestCommand command, Duration patience) throws IOException, InterruptedException {
        byte[] script = command.script();
        if (!await(patience)) {
            throw absent();
        }
        TerminalLine terminal = command.terminal().isPresent() ? freeTerminal() : null;
        int id = commands.incrementAndGet();
        AgentProcess process = new AgentProcess(id, this, terminal);
        processes.put(id, process);
        String how = command.terminal().map(size -> " %s %d %d".formatted(terminal.device(), size.rows(), size.columns())).orElse("");
        try {
            send("run %d %d%s".formatted(id, script.length, how), script);
        } catch (IOException e) {
            process.fail(new GuestException("the guest went away"));
            throw e;
        }
        return process;
    }

    /** Asks the agent to shut the system down. @return false if there is no agent */
    public boolean powerOff() throws IOException {
        if (isReady()) {
            send("poweroff");
            return true;
        }
        return false;
    }

    /** The guest starts anew: whatever ran in it does not any more. */
    public void restarted() {
        lose("the guest restarted");
    }

    /** How many commands there were so far, or -1 if no agent answers: what {@link #goOn} has to know. */
    public synchronized int commands() {
        return ready ? commands.get() : -1;
    }

    /** The guest was restored, with an agent that has been welcomed long since and had so many commands; -1 if there was none. */
    public synchronized void goOn(int begun) {
        if (begun >= 0) {
            commands.set(begun);
            ready = true;
            notifyAll();
        }
    }

    private TerminalLine freeTerminal() throws GuestException {
        return terminals.stream().filter(TerminalLine::take).findFirst().orElseThrow(() -> new GuestException(
                "all %d terminals of the guest are in use; run the command without one, or end another".formatted(terminals.size())));
    }

    private synchronized GuestException absent() {
        return new GuestException(
                ended ? "the machine has ended"
                : strangeVersion != 0 ? "the guest's agent speaks version %d of the protocol, not %d; install the agent that belongs to this Lodge".formatted(strangeVersion, VERSION)
                : "no agent answers in the guest; wait longer if it is still booting, as its console shows; else install Lodge's agent in it, or use the console instead");
    }

    // ---- messages ---------------------------------------------------------------------------------------------------

    void send(String line) throws IOException {
        send(line, new byte[0]);
    }

    void send(String line, byte[] data) throws IOException {
        synchronized (toAgent) {
            toAgent.write((line + "\n").getBytes(UTF_8));
            toAgent.write(data);
            toAgent.flush();
        }
    }

    /** Nobody asks for this one any more. */
    void forget(int id) {
        processes.remove(id);
    }

    private void listen() {
        try {
            for (AgentMessage message = AgentMessage.read(fromAgent); message != null; message = AgentMessage.read(fromAgent)) {
                handle(message);
            }
        } catch (IOException gone) {
            // as at its end
        }
        synchronized (this) {
            ended = true;
        }
        lose("the machine ended");
    }

    private void handle(AgentMessage message) throws IOException {
        switch (message) {
            case AgentMessage.Hello(int version, String word) -> welcome(version, word);
            case AgentMessage.Begun(int id) -> with(id, AgentProcess::begun);
            case AgentMessage.More(int id) -> with(id, process -> process.input().more());
            case AgentMessage.Shut(int id) -> with(id, process -> process.input().shut());
            case AgentMessage.Frame(int id, boolean error, byte[] data) -> with(id, process -> process.frame(error, data));
            case AgentMessage.Exit(int id, int status, long sent) -> with(id, process -> process.exit(status, sent));
            case AgentMessage.Noise() -> {
                // not for us
            }
        }
    }

    private void with(int id, Consumer<AgentProcess> action) {
        AgentProcess process = processes.get(id);
        if (process != null) {
            action.accept(process);
        }
    }

    private void welcome(int version, String word) throws IOException {
        lose("the guest's agent started anew");
        synchronized (this) {
            strangeVersion = version == VERSION ? 0 : version;
            notifyAll();
        }
        if (version == VERSION) {
            synchronized (toAgent) {
                toAgent.write(("\nwelcome " + word + "\n").getBytes(US_ASCII)); // whatever line was cut short before ends here
                toAgent.flush();
            }
            synchronized (this) {
                ready = true;
                notifyAll();
            }
        }
    }

    private void lose(String why) {
        synchronized (this) {
            ready = false;
            notifyAll();
        }
        for (AgentProcess process : List.copyOf(processes.values())) {
            process.fail(new GuestException(why + " before the command had ended"));
        }
    }
}
