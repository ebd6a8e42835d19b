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

    private final String cpu;
    private final String version = version();

    /** @param cpu a model that it knows */
    public Qemu(String cpu) {
        this.cpu = cpu;
    }

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
        return version + ", " + String.join(" ", machine(1, Job.BOOT_MEMORY));
    }

    @Override
    public Optional<String> unavailable() {
        return version == null ? Optional.of("there is no " + PROGRAM + " on this host") : Optional.empty();
    }

    @Override
    public Optional<List<String>> firmware(Path rom) {
        return Optional.of(with(machine(1, Job.BOOT_MEMORY), "-bios", rom.toString()));
    }

    @Override
    public Optional<List<String>> boot(Job job) {
        return Optional.of(work(job));
    }

    @Override
    public List<String> work(Job job) {
        return with(
                machine(job.cpus(), job.memory()),
                "-kernel", job.kernel().toString(),
                "-initrd", job.initrd().toString(),
                "-append", job.arguments());
    }

    /** The machine that QEMU makes by default, without its network card, display and drives. */
    private List<String> machine(int cpus, long memory) {
        return List.of(
                PROGRAM, "-accel", "tcg", "-cpu", cpu, "-smp", String.valueOf(cpus), "-m", (memory >> 20) + "M",
                "-nodefaults", "-no-reboot", "-display", "none", "-serial", "stdio");
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }
}
