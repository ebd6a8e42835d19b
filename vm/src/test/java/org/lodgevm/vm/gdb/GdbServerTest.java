package org.lodgevm.vm.gdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.Outcome;
import org.lodgevm.vm.boot.BootFile;
import org.lodgevm.vm.gdb.Packets.Incoming;

/** A bare-metal guest, debugged by the protocol and by GDB itself. */
class GdbServerTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final long CODE = 0x10_0020;
    /** After the instruction that counts. */
    private static final long COUNTED = CODE + 6;
    private static final long COUNTER = 0x20_0000;
    private static final long LAST_TURN = 0x20_0004;

    @TempDir
    private Path folder;

    private Machine machine;
    private GdbServer server;
    private Socket socket;
    private Packets gdb;

    /** inc dword [COUNTER]; cmp dword [LAST_TURN], 0; je back; mov al, 3; out 0xf4, al; hlt */
    @BeforeEach
    void start() throws IOException {
        byte[] code = HEX.parseHex("ff0500002000" + "833d0400200000" + "74f1" + "b003" + "e6f4" + "f4");
        int magic = 0x1bad_b002;
        int flags = 1 << 16;
        ByteBuffer kernel = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN).putInt(magic).putInt(flags).putInt(-magic - flags);
        kernel.putInt(0x10_0000).putInt(0x10_0000).putInt(0).putInt(0).putInt((int) CODE).put(code);
        machine = Machine.builder().kernel(BootFile.of("counter", kernel.array())).memory(4 << 20).cpus(2).build();
        machine.startPaused();
        server = GdbServer.onPort(machine.debugger(), 0);
    }

    @AfterEach
    void close() throws IOException {
        if (socket != null) {
            socket.close();
        }
        server.close();
        machine.close();
    }

    private int port() throws IOException {
        return ((InetSocketAddress) server.address()).getPort();
    }

    private void connect() throws IOException {
        socket = new Socket("127.0.0.1", port());
        socket.setSoTimeout(30_000);
        gdb = new Packets(socket.getInputStream(), socket.getOutputStream());
        assertThat(ask("QStartNoAckMode")).isEqualTo("OK");
        gdb.withoutAcknowledgements();
    }

    private String ask(String packet) throws IOException {
        gdb.send(packet);
        return answer();
    }

    private String answer() throws IOException {
        return gdb.receive() instanceof Incoming.Text(String text) ? text : "(end)";
    }

    private String register(int number, long value) {
        return "P%x=%s".formatted(number, HEX.formatHex(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array()));
    }

    private long register(int number) throws IOException {
        return ByteBuffer.wrap(HEX.parseHex(ask("p%x".formatted(number)))).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private static final int RIP = 16;

    @Test
    void itSaysWhatItCanAndDescribesItsRegisters() throws Exception {
        connect();
        assertThat(ask("qSupported:swbreak+")).contains("qXfer:features:read+", "swbreak+", "hwbreak+", "vContSupported+");
        assertThat(ask("vCont?")).isEqualTo("vCont;c;C;s;S");
        String description = ask("qXfer:features:read:target.xml:0,40");
        assertThat(description).startsWith("m<?xml");
        assertThat(ask("qXfer:features:read:target.xml:3f,fffff")).startsWith("l").endsWith("</target>");
        assertThat(ask("qXfer:features:read:other.xml:0,40")).startsWith("E");
        assertThat(ask("vMustReplyEmpty")).isEmpty();
        assertThat(ask("!")).isEmpty();
    }

    @Test
    void cpusAreThreads() throws Exception {
        connect();
        assertThat(ask("qfThreadInfo")).isEqualTo("m1,2");
        assertThat(ask("qsThreadInfo")).isEqualTo("l");
        assertThat(ask("T2")).isEqualTo("OK");
        assertThat(ask("T3")).startsWith("E");
        assertThat(new String(HEX.parseHex(ask("qThreadExtraInfo,2")), UTF_8)).contains("CPU 1", "waits for its start-up");
        assertThat(ask("?")).isEqualTo("T05thread:1;");
    }

    @Test
    void aBreakpointStops() throws Exception {
        connect();
        assertThat(ask("Z0,%x,1".formatted(COUNTED))).isEqualTo("OK");
        assertThat(ask("vCont;c")).isEqualTo("T05swbreak:;thread:1;");
        assertThat(register(RIP)).isEqualTo(COUNTED);
        assertThat(ask("m%x,4".formatted(COUNTER))).isEqualTo("01000000");
        assertThat(ask("z0,%x,1".formatted(COUNTED))).isEqualTo("OK");
        assertThat(ask("vCont;s:1;c")).isEqualTo("T05thread:1;");
        assertThat(register(RIP)).isEqualTo(COUNTED + 7);
        assertThat(ask("Z1,%x,1".formatted(COUNTED))).isEqualTo("OK");
        assertThat(ask("c")).isEqualTo("T05hwbreak:;thread:1;");
        assertThat(ask("m%x,4".formatted(COUNTER))).isEqualTo("02000000");
    }

    @Test
    void aWatchpointStopsAfterTheAccess() throws Exception {
        connect();
        assertThat(ask("Z2,%x,4".formatted(COUNTER))).isEqualTo("OK");
        assertThat(ask("c")).isEqualTo("T05watch:200000;thread:1;");
        assertThat(register(RIP)).isEqualTo(COUNTED);
        assertThat(ask("z2,%x,4".formatted(COUNTER))).isEqualTo("OK");
        assertThat(ask("Z3,%x,4".formatted(LAST_TURN))).isEqualTo("OK");
        assertThat(ask("c")).isEqualTo("T05rwatch:200004;thread:1;");
        assertThat(ask("Z4,%x,9".formatted(COUNTER + 0xffc))).as("over a page boundary").startsWith("E");
    }

    @Test
    void ctrlCStopsWhatRuns() throws Exception {
        connect();
        gdb.send("c");
        socket.getOutputStream().write(3);
        assertThat(answer()).isEqualTo("T02thread:1;");
        assertThat(machine.state()).isEqualTo(Machine.State.PAUSED);
    }

    @Test
    void memoryAndRegistersThatAreWrittenCount() throws Exception {
        connect();
        assertThat(ask("M%x,4:07000000".formatted(COUNTER))).isEqualTo("OK");
        assertThat(ask("X%x,1:\001".formatted(LAST_TURN))).isEqualTo("OK");
        assertThat(ask("mfee00000,4")).as("a device").startsWith("E");
        assertThat(ask(register(0, 42))).isEqualTo("OK");
        assertThat(register(0)).isEqualTo(42);
        assertThat(ask("P12=08000000")).as("a selector").startsWith("E");
        String all = ask("g");
        assertThat(all).startsWith("2a00000000000000");
        assertThat(ask("G" + all)).isEqualTo("OK");
        gdb.send("c");
        assertThat(machine.await(Duration.ofSeconds(30))).contains(new Outcome.DebugExit(3));
        assertThat(answer()).isEqualTo("W00");
    }

    @Test
    void whoDetachesOrGoesAwayLetsTheGuestRun() throws Exception {
        connect();
        assertThat(ask("Z0,%x,1".formatted(COUNTED))).isEqualTo("OK");
        assertThat(ask("D")).isEqualTo("OK");
        assertThat(answer()).isEqualTo("(end)");
        connect();
        assertThat(ask("Z0,%x,1".formatted(COUNTED))).isEqualTo("OK");
        socket.close();
        connect();
        assertThat(ask("M%x,1:01".formatted(LAST_TURN))).isEqualTo("OK");
        ask("D");
        assertThat(machine.await(Duration.ofSeconds(30))).contains(new Outcome.DebugExit(3));
    }

    @Test
    void theMachineCanBeKilledAndReset() throws Exception {
        connect();
        ask("Z0,%x,1".formatted(COUNTED));
        ask("c");
        assertThat(ask("qRcmd," + HEX.formatHex("reset".getBytes(UTF_8)))).isEqualTo("0a");
        assertThat(register(RIP)).isEqualTo(CODE);
        assertThat(ask("k")).isEqualTo("OK");
        assertThat(machine.await(Duration.ofSeconds(30))).contains(new Outcome.Stopped());
    }

    @Test
    void monitorAnswersInWords() throws Exception {
        connect();
        assertThat(monitor("help")).contains("info registers");
        assertThat(monitor("info registers")).contains("CPU 0", "CR0", "GDT");
        assertThat(monitor("physical 100020")).isEqualTo("100020 is physical 100020\n");
        assertThat(monitor("physical x")).contains("no address");
        assertThat(monitor("info cpus")).contains("CPU 1: waits");
        assertThat(monitor("dance")).contains("no command 'dance'");
    }

    private String monitor(String command) throws IOException {
        return new String(HEX.parseHex(ask("qRcmd," + HEX.formatHex(command.getBytes(UTF_8)))), UTF_8);
    }

    /** Whatever a client says, it gets an answer or the guest goes on, and the next client is served. */
    @Test
    void packetsThatMakeNoSenseDoNoHarm() throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(Long.getLong("lodge.fuzz.seed", 1));
        String[] begins = {"m", "M", "X", "p", "P", "G", "H", "Z0", "Z2", "z4", "Z9", "T", "q", "qXfer:features:read:target.xml:", "qRcmd,",
            "qThreadExtraInfo,", "Q", "v", "vCont", "vFile:", "?", "F", "\u00ff", ""};
        connect();
        for (int i = 0; i < Integer.getInteger("lodge.fuzz.cases", 1000); i++) {
            StringBuilder packet = new StringBuilder(begins[random.nextInt(begins.length)]);
            for (int j = random.nextInt(12); j > 0; j--) {
                packet.append("0123456789abcdef,:;=-xz \u00fe".charAt(random.nextInt(25)));
            }
            String text = packet.toString();
            if (!text.startsWith("vCont;") && !text.startsWith("vKill") && !text.startsWith("c")) {
                assertThat(ask(text)).as(text).isNotEqualTo("(end)");
            }
        }
        assertThat(ask("qC")).startsWith("QC");
    }

    @Test
    void stockGdbDebugsIt() throws Exception {
        Path script = Files.writeString(folder.resolve("script"), """
                set pagination off
                set confirm off
                target remote localhost:%d
                break *0x%x
                continue
                print/x *(int *) 0x%x
                stepi
                print/x $pc
                delete
                watch *(int *) 0x%x
                continue
                delete
                print $xmm0.uint128
                print $fs_base
                print $cr0 & 1
                info threads
                x/i 0x%x
                set var *(int *) 0x%x = 1
                continue
                """.formatted(port(), COUNTED, COUNTER, COUNTER, CODE, LAST_TURN));
        Process process;
        try {
            process = new ProcessBuilder("gdb", "-q", "-nx", "-batch", "-x", script.toString()).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeTrue(false, "there is no gdb");
            return;
        }
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output).contains("hit Breakpoint 1, 0x0000000000100026", "$1 = 0x1", "$2 = 0x10002d", "Old value = 1", "New value = 2", "$3 = 0",
                "$4 = 0", "$5 = 1", "Thread 2 (CPU 1, waits for its start-up", "incl", "exited normally");
        assertThat(machine.await(Duration.ofSeconds(30))).contains(new Outcome.DebugExit(3));
    }
}
