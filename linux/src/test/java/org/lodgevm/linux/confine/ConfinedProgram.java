package org.lodgevm.linux.confine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.Stream;
import org.lodgevm.linux.MemfdRam;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SystemCall;
import org.lodgevm.machine.Confinement.Access;
import org.lodgevm.machine.Confinement.Prepared;

/**
 * Confines itself and then tries things, in a process of its own; prints what came of each, a line {@code name: result}. It is given a
 * folder with the files {@code given}, {@code other}, {@code open} and the folder {@code own}; and perhaps a system call to make.
 */
final class ConfinedProgram {
    private static final int RAM_BYTES = 1 << 20;
    private static final int TIOCSTI = 0x5412;
    private static final int AF_NETLINK = 16;
    private static final int CLONE_VFORK = 0x4100;
    private static final long PARENT = ProcessHandle.current().parent().map(ProcessHandle::pid).orElseThrow();
    private static final SynchronousQueue<Callable<?>> TASKS = new SynchronousQueue<>();
    private static final SynchronousQueue<String> RESULTS = new SynchronousQueue<>();

    private ConfinedProgram() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Thread.ofPlatform().daemon().start(ConfinedProgram::work); // was there before
        try (var _ = Files.newByteChannel(folder.resolve("open"), StandardOpenOption.READ); Arena arena = Arena.ofShared()) {
            new MemfdRam().map(RAM_BYTES, arena); // is an open file, too, without a place
            try (Prepared barriers = new LinuxConfinement().prepare(new Access(List.of(folder.resolve("given")), List.of(folder.resolve("own"))))) {
                barriers.raise();
            }
            if (args.length > 1) {
                LibC.trySystemCall(SystemCall.valueOf(args[1]), 0, 0, 0, 0, 0, 0);
                return;
            }
            tryFiles(folder);
            tryOthers();
            tryWhatAMachineNeeds();
            tell("threads", ConfinedProgram::threads);
        }
    }

    private static void tryFiles(Path folder) throws Exception {
        tell("read given", () -> Files.readString(folder.resolve("given")));
        tell("write given", () -> Files.writeString(folder.resolve("given"), "changed"));
        tell("read open", () -> Files.readString(folder.resolve("open")));
        tell("read other", () -> Files.readString(folder.resolve("other")));
        tell("list folder", () -> {
            try (Stream<Path> files = Files.list(folder)) {
                return files.count();
            }
        });
        tell("make file", () -> Files.writeString(folder.resolve("new"), "x"));
        tell("read password file", () -> Files.readString(Path.of("/etc/passwd")));
        TASKS.put(() -> Files.readString(folder.resolve("other")));
        System.out.println("read other on an old thread: " + RESULTS.take());
        Path own = folder.resolve("own");
        tell("own file", () -> {
            Files.writeString(own.resolve("a"), "text");
            Files.move(own.resolve("a"), own.resolve("b"));
            return Files.readString(own.resolve("b"));
        });
        tell("own locked file", () -> Files.readString(own.resolve("locked")));
        tell("own folder's end", () -> {
            try (Stream<Path> files = Files.list(own)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(own);
            return "gone";
        });
    }

    private static void tryOthers() {
        tell("program", () -> new ProcessBuilder("/bin/true").start());
        tell("child", () -> LibC.trySystemCall(SystemCall.CLONE, CLONE_VFORK));
        tell("signal to parent", () -> LibC.trySystemCall(SystemCall.KILL, PARENT, 0));
        tell("typing", () -> LibC.tryIoctl(0, TIOCSTI, 0));
        tell("netlink", () -> LibC.trySystemCall(SystemCall.SOCKET, AF_NETLINK, 3, 0));
        tell("newer call", () -> LibC.trySystemCall(SystemCall.CLONE3, 0, 0));
        tell("core file", () -> Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max core file size")).findFirst().orElseThrow().replaceAll(" +", " ").strip());
    }

    private static void tryWhatAMachineNeeds() {
        tell("threads and sockets", () -> {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                var answer = threads.submit(() -> {
                    try (Socket socket = server.accept()) {
                        return socket.getInputStream().read();
                    }
                });
                try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                    socket.getOutputStream().write(42);
                }
                System.gc();
                return answer.get();
            }
        });
        tell("names", () -> InetAddress.getByName("localhost").isLoopbackAddress());
    }

    /** What the kernel says of all of them. */
    private static String threads() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.map(ConfinedProgram::status).distinct().toList().toString();
        }
    }

    private static String status(Path task) {
        try {
            return Files.readAllLines(task.resolve("status")).stream()
                    .filter(line -> line.matches("(CapInh|CapPrm|CapEff|CapAmb|NoNewPrivs|Seccomp):.*"))
                    .map(line -> line.replaceAll("0{16}", "0").replaceAll("\\s+", ""))
                    .toList().toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void work() {
        try {
            while (true) {
                RESULTS.put(outcome(TASKS.take()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(String name, Callable<?> attempt) {
        System.out.println(name + ": " + outcome(attempt));
    }

    private static String outcome(Callable<?> attempt) {
        try {
            return String.valueOf(attempt.call()).strip();
        } catch (Exception e) {
            return e.getClass().getSimpleName();
        }
    }
}
