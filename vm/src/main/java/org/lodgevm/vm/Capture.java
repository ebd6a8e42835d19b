package org.lodgevm.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.lodgevm.machine.FrozenRam;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.RamSource;
import org.lodgevm.vm.guest.Guest;
import org.lodgevm.vm.snapshot.Compression;
import org.lodgevm.vm.snapshot.Description;
import org.lodgevm.vm.snapshot.SnapshotException;
import org.lodgevm.vm.snapshot.SnapshotWriter;

/**
 * What a machine was at one moment, taken while it stood still: it may go on while this is written to a file.
 *
 * @param disks that have kept their content under the description's name
 */
record Capture(Description description, byte[] state, List<Long> addresses, List<FrozenRam> ram, List<HandedDisk> disks) implements Origin, AutoCloseable {
    /** By which the names of snapshots begin that images of disks keep. */
    static final String SNAPSHOT = "lodge-";

    /** @param writable disks that are to keep their content */
    static Capture of(Pc pc, MachineSpec spec, List<HandedDisk> writable) {
        String name = writable.isEmpty() ? "" : SNAPSHOT + UUID.randomUUID();
        List<HandedDisk> kept = new ArrayList<>();
        List<FrozenRam> ram = List.of();
        try {
            byte[] state = pc.state().save();
            for (HandedDisk disk : writable) {
                disk.keep(name);
                kept.add(disk);
            }
            ram = pc.memory().freeze();
            List<Long> addresses = pc.memory().ramSlots().stream().map(GuestMemory.Slot::gpa).toList();
            return new Capture(describe(pc, spec, name), state, addresses, ram, kept);
        } catch (RuntimeException e) {
            kept.forEach(disk -> disk.forget(name));
            ram.forEach(FrozenRam::close);
            throw e;
        }
    }

    private static Description describe(Pc pc, MachineSpec spec, String disks) {
        return new Description(Instant.now().toString(), spec.name(), spec.uuid().toString(), spec.cpus(), spec.memory(), pc.acceleratorName(),
                spec.virtioTransport().name(), Compatibility.devices(spec), disks,
                pc.guests().stream().findFirst().map(Guest::commands).orElse(-1), pc.cpuFactory().cpuid(), List.of());
    }

    @Override
    public boolean isCopied() {
        return true;
    }

    /** @throws MachineException if there is a disk that cannot be two machines' */
    void requireSharable() {
        if (!disks.isEmpty()) {
            throw new MachineException("disk %s can be written to, and cannot be two machines'; make it read-only, or fork the machine into a folder".formatted(
                    disks.getFirst().name()));
        }
    }

    @Override
    public void addRam(GuestMemory memory, long gpa, long size, RamSource source) {
        FrozenRam part = ram.get(addresses.indexOf(gpa));
        if (part.file() == null) {
            memory.addRam(gpa, size, source);
            memory.change(gpa, size, place -> place.copyFrom(part.content()));
            return;
        }
        try {
            memory.addRam(gpa, size, source, part.file(), part.offset());
        } catch (IOException e) {
            throw new MachineException("the machine's memory cannot be shared: " + e.getMessage(), e);
        }
    }

    void forgetDisks() {
        disks.forEach(disk -> disk.forget(description.disks()));
    }

    /** @throws SnapshotException with the reason; then there is no such file */
    void write(Path file, Compression compression) throws SnapshotException {
        try {
            writer().write(file, compression);
        } catch (IOException | RuntimeException e) {
            throw new SnapshotException("the snapshot cannot be written to %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Of use as long as this is not closed. */
    void writeReference(Path file) throws SnapshotException {
        if (ram.stream().anyMatch(part -> part.file() == null)) {
            throw new SnapshotException("the machine's memory cannot be shared with another: it lies on huge pages (start it without --huge-pages), or this host has no files in memory");
        }
        try {
            writer().writeReference(file);
        } catch (IOException e) {
            throw new SnapshotException("the copy cannot be described in %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private SnapshotWriter writer() {
        return new SnapshotWriter(description, state, addresses, ram);
    }

    @Override
    public void close() {
        ram.forEach(FrozenRam::close);
    }
}
