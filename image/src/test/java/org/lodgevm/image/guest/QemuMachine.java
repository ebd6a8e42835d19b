package org.lodgevm.image.guest;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.lodgevm.image.session.RunPlan;
import org.lodgevm.image.session.UartStreams;

/** A guest in somebody else's machine: QEMU without hardware's help, with the four UARTs of a PC. */
final class QemuMachine implements AutoCloseable {
    private static final int UARTS = 4;
    private static final int ATTEMPTS = 500;

    private final Process qemu;
    private final Path log;
    private final UartStreams[] uarts = new UartStreams[UARTS];

    QemuMachine(GuestImage image, RunPlan plan, Path folder) throws IOException, InterruptedException {
        log = folder.resolve("log");
        List<String> command = new ArrayList<>(List.of(
                "qemu-system-x86_64", "-M", "pc", "-accel", "tcg", "-m", "256", "-nodefaults", "-display", "none",
                "-kernel", image.kernel().toString(),
                "-initrd", Files.write(folder.resolve("initrd"), plan.initrd(image.initramfs())).toString(),
                "-append", image.commandLine(false),
                "-serial", "file:" + log));
        for (int i = 1; i < UARTS; i++) {
            command.addAll(List.of("-chardev", "socket,server=on,wait=on,id=uart" + i + ",path=" + socket(folder, i)));
            command.addAll(List.of("-device", "isa-serial,chardev=uart" + i + ",index=" + i));
        }
        qemu = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("qemu").toFile())
                .start();
        for (int i = 1; i < UARTS; i++) {
            SocketChannel channel = connect(socket(folder, i));
            uarts[i] = new UartStreams(Channels.newInputStream(channel), Channels.newOutputStream(channel));
        }
    }

    UartStreams uart(int index) {
        return uarts[index];
    }

    /** The kernel's log, and what else went to the first UART. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** Whether the guest switches its machine off by itself. */
    boolean isOffWithin(int seconds) throws InterruptedException {
        return qemu.waitFor(seconds, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        qemu.destroyForcibly();
    }

    private static Path socket(Path folder, int index) {
        return folder.resolve("uart" + index);
    }

    private static SocketChannel connect(Path socket) throws IOException, InterruptedException {
        IOException failure = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                return SocketChannel.open(UnixDomainSocketAddress.of(socket));
            } catch (IOException notYet) {
                failure = notYet;
                Thread.sleep(20);
            }
        }
        throw failure;
    }
}
