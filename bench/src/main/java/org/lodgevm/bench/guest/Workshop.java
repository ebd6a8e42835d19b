package org.lodgevm.bench.guest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Progress;
import org.lodgevm.image.guest.DebianGuest;
import org.lodgevm.image.guest.DebianPackages;
import org.lodgevm.image.guest.GuestImage;
import org.lodgevm.image.initramfs.CpioWriter;

/** The folder in which a benchmark is prepared: scripts, programs and data, the guests' files, and busybox for the host. */
public final class Workshop {
    private static final String SCRIPT = "main.sh";

    private final Path sources;
    private final Path scratch;
    /** What is in it is the guest's folder /bench. */
    private final Path bench;

    private final Path applets;
    private final GuestImage guest;
    private final Path busybox;

    /**
     * Gets the guest's kernel and busybox, those of {@code lodge run}.
     *
     * @param sources {@code bench/src/guest}
     * @param scratch an empty folder
     * @throws org.lodgevm.image.ImageException if they cannot be had
     */
    public Workshop(Path sources, Path scratch, Progress progress) throws IOException {
        this.sources = sources;
        this.scratch = scratch;
        this.bench = Files.createDirectory(scratch.resolve("bench"));
        this.applets = Files.createDirectory(scratch.resolve("applets"));
        DebianPackages packages = DebianPackages.configured();
        this.guest = DebianGuest.of(packages, Architecture.AMD64).prepare(progress);
        this.busybox = packages.extract("busybox-static", Architecture.AMD64, "**/bin/busybox", scratch, progress).getFirst();
        busybox.toFile().setExecutable(true);
        copy(SCRIPT);
    }

    /** @return why the workload cannot run here, if so */
    public Optional<String> add(Workload workload) throws IOException, InterruptedException {
        copy(workload.name() + ".sh");
        try {
            for (Payload payload : workload.payloads()) {
                payload.put(sources, bench);
            }
            return Optional.empty();
        } catch (UnavailableException reason) {
            return Optional.of(reason.getMessage());
        }
    }

    /** Makes the initial RAM disk for a run of these workloads. */
    public Job job(int cpus, List<String> workloads) throws IOException {
        Path initrd = scratch.resolve(workloads.isEmpty() ? "boot.cpio" : "work-" + cpus + ".cpio");
        if (!Files.exists(initrd)) {
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            Files.copy(guest.initramfs(), joined);
            joined.writeBytes(overlay(Job.scriptArguments(cpus, workloads)));
            Files.write(initrd, joined.toByteArray());
        }
        return new Job(guest.kernel(), guest.commandLine(false), initrd, cpus, workloads);
    }

    /** Makes firmware that writes a line with the first instructions it executes. */
    public Path firmware(String line) throws IOException {
        return Files.write(scratch.resolve("firmware.rom"), FirstInstruction.rom(line + "\n"));
    }

    /** The guest's kernel, as Debian counts. */
    public String kernelVersion() {
        return guest.kernelVersion();
    }

    /** The guests' busybox, for this host. */
    public Path busybox() {
        return busybox;
    }

    /** An empty folder, for the links to busybox's applets. */
    public Path applets() {
        return applets;
    }

    /** What runs the workloads on this host; a guest has it in /bench. */
    public Path script() {
        return bench.resolve(SCRIPT);
    }

    /** The archive behind the shared one: /lodge/command in it is what the guest's init starts. */
    private byte[] overlay(List<String> arguments) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CpioWriter archive = new CpioWriter(bytes);
                Stream<Path> files = Files.list(bench)) {
            String command = "#!/bin/sh\nexec sh /bench/%s %s\n".formatted(SCRIPT, String.join(" ", arguments));
            archive.file("lodge/command", 0755, command.getBytes(StandardCharsets.UTF_8));
            archive.directory("bench", 0755);
            for (Path file : files.sorted().toList()) {
                archive.file("bench/" + file.getFileName(), 0755, Files.readAllBytes(file));
            }
        }
        return bytes.toByteArray();
    }

    private void copy(String name) throws IOException {
        Files.copy(sources.resolve(name), bench.resolve(name));
    }
}
