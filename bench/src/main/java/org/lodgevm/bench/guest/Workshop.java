package org.lodgevm.bench.guest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
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
public final class Workshop implements Guests {
    private static final String SCRIPT = "main.sh";
    /** CPUs have different errors, and kernels work round them at different cost: that is not what we compare. */
    private static final String SAME_WORK = " mitigations=off";

    private final Path sources;
    private final Path scratch;
    /** What is in it is the guest's folder /bench. */
    private final Path bench;

    private final DebianPackages packages = DebianPackages.configured();
    private final Progress progress;
    private final GuestImage guest;
    private final Path busybox;
    private final List<Workload> workloads = new ArrayList<>();

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
        this.progress = progress;
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
            workloads.add(workload);
            return Optional.empty();
        } catch (UnavailableException reason) {
            return Optional.of(reason.getMessage());
        }
    }

    /** As small as that of {@code lodge run}. */
    @Override
    public Job boot(int cpus) throws IOException {
        return job("boot.cpio", List.of(guest.initramfs(), overlay()), cpus, Job.BOOT_MEMORY);
    }

    /** With all workloads that were added. */
    @Override
    public Job work(int cpus) throws IOException {
        return job("work.cpio", tree(), cpus, Job.WORK_MEMORY);
    }

    /**
     * The archives that make the file tree of a guest that works.
     *
     * @throws org.lodgevm.image.ImageException if the packages cannot be had
     */
    public List<Path> tree() throws IOException {
        List<Path> archives = new ArrayList<>(List.of(guest.initramfs()));
        if (workloads.stream().anyMatch(workload -> !workload.packages().isEmpty())) {
            // Always the same packages, so that one tree in the cache is enough.
            List<String> names = Workloads.ALL.stream().flatMap(workload -> workload.packages().stream()).distinct().toList();
            archives.add(packages.tree(names, Architecture.AMD64, progress));
        }
        archives.add(overlay());
        return archives;
    }

    @Override
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

    /** A script of {@code bench/src/guest} that is for the host. */
    public Path script(String name) {
        return sources.resolve(name);
    }

    /** A folder to be made, of whoever asks for this name. */
    public Path folder(String name) {
        return scratch.resolve(name);
    }

    private Job job(String name, List<Path> archives, int cpus, long memory) throws IOException {
        Path initrd = scratch.resolve(name);
        if (!Files.exists(initrd)) {
            try (OutputStream joined = Files.newOutputStream(initrd)) {
                for (Path archive : archives) {
                    Files.copy(archive, joined);
                }
            }
        }
        return new Job(guest.kernel(), guest.commandLine(false) + SAME_WORK, initrd, cpus, memory);
    }

    /** The archive behind the shared ones: /lodge/command in it is what the guest's init starts. */
    private Path overlay() throws IOException {
        Path file = scratch.resolve("overlay.cpio");
        try (CpioWriter archive = new CpioWriter(Files.newOutputStream(file));
                Stream<Path> files = Files.list(bench)) {
            String command = "#!/bin/sh\nexec sh /bench/%s\n".formatted(SCRIPT);
            archive.file("lodge/command", 0755, command.getBytes(StandardCharsets.UTF_8));
            archive.directory("bench", 0755);
            for (Path each : files.sorted().toList()) {
                archive.file("bench/" + each.getFileName(), 0755, Files.readAllBytes(each));
            }
        }
        return file;
    }

    private void copy(String name) throws IOException {
        Files.copy(sources.resolve(name), bench.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
}
