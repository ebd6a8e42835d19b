package org.lodgevm.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.lodgevm.devices.virtio.pmem.PersistentRange;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.StorageException;
import org.lodgevm.storage.file.HostFile;
import org.lodgevm.vm.DeviceSpec.PersistentMemory;

/** A file as a range of guest memory. */
final class MappedFile implements PersistentRange {
    private final HostFile file;
    private final GuestMemory.Slot slot;

    private MappedFile(HostFile file, GuestMemory.Slot slot) {
        this.file = file;
        this.slot = slot;
    }

    /** @throws MachineException if that is not possible */
    static MappedFile open(PersistentMemory spec, GuestMemory memory, long gpa, long limit) {
        boolean made = spec.size() != 0 && !spec.readOnly() && !Files.exists(spec.file());
        try {
            HostFile file = made ? HostFile.create(spec.file()) : HostFile.open(spec.file(), spec.readOnly() ? Access.READ : Access.WRITE);
            try {
                if (made) {
                    file.resize(spec.size());
                }
                requireSize(spec, file, limit - gpa);
                memory.addMapped(gpa, spec.readOnly(), file::map);
                return new MappedFile(file, memory.slot(gpa));
            } catch (IOException | RuntimeException e) {
                file.close();
                if (made) {
                    Files.deleteIfExists(spec.file());
                }
                throw e;
            }
        } catch (IOException e) {
            throw new MachineException("the persistent memory cannot be used: " + e.getMessage(), e);
        }
    }

    private static void requireSize(PersistentMemory spec, HostFile file, long most) throws IOException {
        long size = file.size();
        if (spec.size() != 0 && size != spec.size()) {
            throw new StorageException(file.name(), "it has %d bytes, not %d; leave out the size, or make another file".formatted(size, spec.size()));
        }
        if (size == 0 || size % PersistentMemory.UNIT != 0) {
            throw new StorageException(file.name(), "it has %d bytes, which is no multiple of 2 MiB; lengthen it: truncate -s %%2M".formatted(size));
        }
        if (size > most) {
            throw new StorageException(file.name(), "it has %d MiB, and the machine has addresses for %d more".formatted(size >> 20, most >> 20));
        }
    }

    @Override
    public long gpa() {
        return slot.gpa();
    }

    @Override
    public long size() {
        return slot.size();
    }

    @Override
    public void flush() throws IOException {
        try {
            if (!slot.readOnly()) {
                slot.segment().force();
            }
        } catch (UncheckedIOException e) {
            throw new StorageException(file.name(), "it cannot be flushed to its disk", e.getCause());
        }
    }

    /** The memory itself remains, as all of the machine's does. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
