package org.lodgevm.vm.gdb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lodgevm.machine.Debuggable.Event;
import org.lodgevm.machine.Debuggable.Motion;
import org.lodgevm.machine.Debuggable.Stops;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.vm.Debugger;
import org.lodgevm.vm.Machine;

/** One GDB that is connected: answers its packets, one after the other, and tells it where the machine stops. @gdb E.2 */
final class GdbSession {
    /** What comes to a session. */
    sealed interface Message {
        /** From GDB. */
        record Received(Packets.Incoming incoming) implements Message {}

        /** The machine has paused. */
        record Stopped(Event event, int cpu) implements Message {}

        /** The machine is no more. */
        record Ended() implements Message {}
    }

    private static final HexFormat HEX = HexFormat.of();
    private static final String OK = "OK";
    private static final String UNKNOWN = "";
    private static final String BAD_REQUEST = "E16";
    private static final String BUSY = "E10";
    private static final String NO_MEMORY = "E0e";
    private static final int SIGINT = 2;
    private static final int SIGTRAP = 5;
    private static final String FEATURES = "PacketSize=%x;qXfer:features:read+;vContSupported+;QStartNoAckMode+;swbreak+;hwbreak+".formatted(Packets.LONGEST);

    private final Debugger machine;
    private final Packets packets;
    private final BlockingQueue<Message> messages;
    private final RegisterSet registers = new RegisterSet();
    private final StopTable stops = new StopTable();
    private final MonitorCommands monitor;
    /** Stops that came while the machine was stopped already, of other CPUs. */
    private final Deque<String> untold = new ArrayDeque<>();

    private int current;
    private int continued = -1;
    private boolean running;
    private boolean open = true;
    private String lastStop = stopReply(SIGTRAP, "", 0);

    GdbSession(Debugger machine, Packets packets, BlockingQueue<Message> messages) {
        this.machine = machine;
        this.packets = packets;
        this.messages = messages;
        this.monitor = new MonitorCommands(machine);
    }

    /** Serves until GDB or the machine is gone. The machine is stopped at first, and goes on afterwards. */
    void run() throws IOException, InterruptedException {
        machine.pause();
        try {
            while (open) {
                switch (messages.take()) {
                    case Message.Received(Packets.Incoming.Text(String text)) -> received(text);
                    case Message.Received(Packets.Incoming.Interrupt _) -> interrupted();
                    case Message.Received(Packets.Incoming.End _) -> open = false;
                    case Message.Stopped(Event event, int cpu) -> stopped(event, cpu);
                    case Message.Ended _ -> ended();
                }
            }
        } finally {
            machine.go(Stops.NONE, _ -> Motion.GO);
        }
    }

    private void received(String text) throws IOException {
        String answer;
        try {
            answer = running ? null : answer(text);
        } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
            answer = BAD_REQUEST;
        } catch (IllegalStateException elsewhere) {
            answer = BUSY; // its owner has let the machine run, or closed it
        }
        if (answer != null) {
            packets.send(answer);
        }
    }

    // --- where the machine stops --------------------------------------------------------------------------------------------

    private void interrupted() throws IOException {
        if (running) {
            machine.pause();
            tell(stopReply(SIGINT, "", current));
        }
    }

    private void stopped(Event event, int cpu) throws IOException {
        String reply = stopReply(SIGTRAP, switch (event) {
            case Event.Breakpoint(long linear) -> stops.reason(linear);
            case Event.Watched(var watchpoint) -> StopTable.reason(watchpoint);
            case Event.Stepped _ -> "";
        }, cpu);
        if (running) {
            current = cpu;
            tell(reply);
        } else if (event instanceof Event.Watched) {
            untold.add(reply); // at a breakpoint the CPU will come by again
        }
    }

    private void tell(String reply) throws IOException {
        running = false;
        lastStop = reply;
        packets.send(reply);
    }

    private void ended() throws IOException {
        if (running) {
            packets.send("W00");
        }
        open = false;
    }

    private static String stopReply(int signal, String reason, int cpu) {
        return "T%02x%sthread:%x;".formatted(signal, reason, cpu + 1);
    }

    /** @return null, as the answer comes when the machine stops */
    private String go(IntFunction<Motion> motions) throws IOException {
        if (machine.state() == Machine.State.ENDED) {
            return "W00";
        }
        running = true;
        if (!untold.isEmpty()) {
            tell(untold.poll());
            return null;
        }
        machine.go(stops.stops(), motions);
        return null;
    }

    // --- packets ------------------------------------------------------------------------------------------------------------

    private String answer(String text) throws IOException {
        char kind = text.isEmpty() ? 0 : text.charAt(0);
        String rest = text.isEmpty() ? "" : text.substring(1);
        return switch (kind) {
            case '?' -> lastStop;
            case 'g' -> HEX.formatHex(allRegisters());
            case 'G' -> writeAll(HEX.parseHex(rest));
            case 'p' -> readOne(number(rest));
            case 'P' -> writeOne(number(before(rest, '=')), HEX.parseHex(after(rest, '=')));
            case 'm' -> read(rest);
            case 'M' -> write(rest, HEX.parseHex(after(rest, ':')));
            case 'X' -> write(rest, after(rest, ':').getBytes(ISO_8859_1));
            case 'c', 'C' -> go(_ -> Motion.GO);
            case 's', 'S' -> go(cpu -> cpu == (continued < 0 ? current : continued) ? Motion.STEP : Motion.HOLD);
            case 'H' -> select(rest);
            case 'T' -> thread(rest) >= 0 ? OK : BAD_REQUEST;
            case 'Z', 'z' -> stop(kind == 'Z', rest);
            case 'D' -> detach();
            case 'k' -> kill();
            case 'q' -> query(rest);
            case 'Q' -> set(rest);
            case 'v' -> verbose(rest);
            default -> UNKNOWN;
        };
    }

    private String query(String text) {
        String name = text.split("[:,;]", 2)[0];
        String argument = text.substring(Math.min(text.length(), name.length() + 1));
        return switch (name) {
            case "Supported" -> FEATURES;
            case "Xfer" -> transfer(argument);
            case "Attached" -> "1";
            case "C" -> "QC%x".formatted(current + 1);
            case "fThreadInfo" -> IntStream.rangeClosed(1, machine.cpus()).mapToObj(Integer::toHexString).collect(Collectors.joining(",", "m", ""));
            case "sThreadInfo" -> "l";
            case "ThreadExtraInfo" -> HEX.formatHex(("CPU %d, %s".formatted(cpu(argument), MonitorCommands.activity(
                    machine.registers(cpu(argument))))).getBytes(UTF_8));
            case "Rcmd" -> HEX.formatHex((monitor.run(new String(HEX.parseHex(argument), UTF_8), current) + "\n").replace("\n\n", "\n").getBytes(UTF_8));
            case "Symbol" -> OK;
            default -> UNKNOWN;
        };
    }

    private String set(String text) throws IOException {
        if (!text.equals("StartNoAckMode")) {
            return UNKNOWN;
        }
        packets.send(OK);
        packets.withoutAcknowledgements();
        return null;
    }

    private String verbose(String text) throws IOException {
        if (text.equals("Cont?")) {
            return "vCont;c;C;s;S";
        }
        if (text.startsWith("Cont;")) {
            Motion[] motions = motions(text.substring("Cont;".length()));
            return go(cpu -> motions[cpu]);
        }
        return text.startsWith("Kill") ? kill() : UNKNOWN;
    }

    /** For each CPU the first action that names it, or names none; the others stand still. */
    private Motion[] motions(String actions) {
        Motion[] motions = new Motion[machine.cpus()];
        for (String action : actions.split(";")) {
            String[] parts = action.split(":", 2);
            Motion motion = switch (parts[0].charAt(0)) {
                case 'c', 'C' -> Motion.GO;
                case 's', 'S' -> Motion.STEP;
                default -> throw new IllegalArgumentException(action);
            };
            int thread = parts.length == 1 ? -1 : thread(parts[1]);
            for (int cpu = 0; cpu < motions.length; cpu++) {
                if (motions[cpu] == null && (thread <= 0 || thread == cpu + 1)) {
                    motions[cpu] = motion;
                }
            }
        }
        return Arrays.stream(motions).map(motion -> motion == null ? Motion.HOLD : motion).toArray(Motion[]::new);
    }

    private String transfer(String text) {
        String[] parts = text.split("[:,]");
        if (!text.startsWith("features:read:target.xml:")) {
            return text.startsWith("features:") ? "E00" : UNKNOWN;
        }
        String all = registers.description();
        int from = Math.clamp(number(parts[3]), 0, all.length());
        int to = (int) Math.min(all.length(), (long) from + number(parts[4]));
        return (to == all.length() ? "l" : "m") + all.substring(from, to);
    }

    private String select(String text) {
        int thread = thread(text.substring(1));
        if (text.charAt(0) == 'g') {
            current = thread > 0 ? thread - 1 : current;
        } else {
            continued = thread > 0 ? thread - 1 : -1;
        }
        return OK;
    }

    private String stop(boolean set, String text) {
        String[] parts = text.split("[,;]");
        int kind = number(parts[0]);
        if (!StopTable.knows(kind)) {
            return UNKNOWN;
        }
        long address = Long.parseUnsignedLong(parts[1], 16);
        if (set) {
            return stops.set(kind, address, number(parts[2])) ? OK : BAD_REQUEST;
        }
        stops.clear(kind, address, number(parts[2]));
        return OK;
    }

    private String detach() throws IOException {
        packets.send(OK);
        open = false;
        return null;
    }

    private String kill() {
        open = false;
        machine.kill();
        return OK;
    }

    // --- registers and memory -----------------------------------------------------------------------------------------------

    private byte[] allRegisters() {
        VcpuState state = machine.registers(current);
        byte[] bytes = new byte[registers.all().stream().mapToInt(Register::bytes).sum()];
        int at = 0;
        for (Register register : registers.all()) {
            System.arraycopy(register.read().apply(state), 0, bytes, at, register.bytes());
            at += register.bytes();
        }
        return bytes;
    }

    /** What cannot be changed stays. */
    private String writeAll(byte[] bytes) {
        VcpuState state = machine.registers(current);
        int at = 0;
        for (Register register : registers.all()) {
            if (register.write() != null && at + register.bytes() <= bytes.length) {
                register.write().accept(state, Arrays.copyOfRange(bytes, at, at + register.bytes()));
            }
            at += register.bytes();
        }
        machine.registers(current, state);
        return OK;
    }

    private String readOne(int number) {
        return HEX.formatHex(registers.all().get(number).read().apply(machine.registers(current)));
    }

    private String writeOne(int number, byte[] bytes) {
        Register register = registers.all().get(number);
        if (register.write() == null || bytes.length != register.bytes()) {
            return BAD_REQUEST;
        }
        VcpuState state = machine.registers(current);
        register.write().accept(state, bytes);
        machine.registers(current, state);
        return OK;
    }

    private String read(String text) {
        int length = Math.clamp(number(after(text, ',')), 0, Packets.LONGEST / 2);
        byte[] bytes = machine.read(current, Long.parseUnsignedLong(before(text, ','), 16), length);
        return bytes.length == 0 && length > 0 ? NO_MEMORY : HEX.formatHex(bytes);
    }

    private String write(String text, byte[] bytes) {
        if (number(before(after(text, ','), ':')) != bytes.length) {
            return BAD_REQUEST;
        }
        return machine.write(current, Long.parseUnsignedLong(before(text, ','), 16), bytes) ? OK : NO_MEMORY;
    }

    // --- text ---------------------------------------------------------------------------------------------------------------

    private static int number(String text) {
        return Integer.parseUnsignedInt(text, 16);
    }

    /** From 1 on; 0 is any, -1 all. @throws IllegalArgumentException if there is none such */
    private int thread(String text) {
        int thread = text.equals("-1") ? -1 : number(text);
        if (thread < -1 || thread > machine.cpus()) {
            throw new IllegalArgumentException(text);
        }
        return thread;
    }

    private int cpu(String thread) {
        return Math.max(thread(thread), 1) - 1;
    }

    private static String before(String text, char separator) {
        return text.substring(0, text.indexOf(separator));
    }

    private static String after(String text, char separator) {
        int at = text.indexOf(separator);
        if (at < 0) {
            throw new IllegalArgumentException(text);
        }
        return text.substring(at + 1);
    }
}
