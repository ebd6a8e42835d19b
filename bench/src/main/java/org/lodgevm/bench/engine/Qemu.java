package org.lodgevm.bench.engine;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lodgevm.bench.guest.Job;

/** QEMU's full-system emulator with its translator, TCG. */
public final class Qemu implements Engine {
    private static final String PROGRAM = "qemu-system-x86_64";

    /** Like Lodge's CPU x86-64-v2, so that programs which look at CPUID take the same paths. */
    private static final String CPU = "Nehalem";

    private final String version = version();

    private static String version() {
        try {
            Process qemu = new ProcessBuilder(PROGRAM, "--version").redirectErrorStream(true).start();
            return new String(qemu.getInputStream().readAllBytes(), Charset.defaultCharset())
                    .lines().findFirst().orElse("QEMU");
        } catch (IOException absent) {
            return null;
        }
    }

    @Override
    public String name() {
        return "QEMU TCG";
    }

    @Override
    public String description() {
        return version + ", " + String.join(" ", machine(1));
    }

    @Override
    public Optional<String> unavailable() {
        return version == null ? Optional.of("there is no " + PROGRAM + " on this host") : Optional.empty();
    }

    @Override
    public Optional<List<String>> firmware(Path rom) {
        return Optional.of(with(machine(1), "-bios", rom.toString()));
    }

    @Override
    public Optional<List<String>> boot(Job job) {
        return Optional.of(work(job));
    }

    @Override
    public List<String> work(Job job) {
        return with(
                machine(job.cpus()),
                "-kernel", job.kernel().toString(),
                "-initrd", job.initrd().toString(),
                "-append", job.arguments());
    }

    /** The machine that QEMU makes by default, without its network card, display and drives. */
    private static List<String> machine(int cpus) {
        return List.of(
                PROGRAM, "-accel", "tcg", "-cpu", CPU, "-smp", String.valueOf(cpus), "-m", (Job.MEMORY >> 20) + "M",
                "-nodefaults", "-no-reboot", "-display", "none", "-serial", "stdio");
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }
}
