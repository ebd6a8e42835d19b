package org.lodgevm.vm;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.PageSet;
import org.lodgevm.machine.RamSource;
import org.lodgevm.vm.snapshot.Description;
import org.lodgevm.vm.snapshot.RamPart;
import org.lodgevm.vm.snapshot.SnapshotException;
import org.lodgevm.vm.snapshot.SnapshotFile;

/** A machine that was saved in a file. Its RAM is mapped, so that a page is read when the guest first touches it, unless it is compressed. */
record SavedOrigin(SnapshotFile file) implements Origin {
    @Override
    public Description description() {
        return file.description();
    }

    @Override
    public boolean isCopied() {
        return file.isReference();
    }

    @Override
    public byte[] state() {
        return file.state();
    }

    @Override
    public void addRam(GuestMemory memory, long gpa, long size, RamSource source) {
        RamPart part = description().ram().stream().filter(each -> each.gpa() == gpa && each.size() == size).findFirst()
                .orElseThrow(() -> new MachineException("the snapshot has no %d bytes of memory at 0x%x".formatted(size, gpa)));
        if (part.isCompressed()) {
            memory.addRam(gpa, size, source);
            unpack(part, memory);
            return;
        }
        try {
            memory.addRam(gpa, size, source, file.fileOf(part), part.offset());
        } catch (IOException e) {
            throw new MachineException("the snapshot's memory cannot be mapped from %s: %s".formatted(file.fileOf(part), e.getMessage()), e);
        }
    }

    private void unpack(RamPart part, GuestMemory memory) {
        try {
            file.read(part, (offset, bytes) -> write(memory, part.gpa() + offset, MemorySegment.ofArray(bytes)));
        } catch (IOException | SnapshotException e) {
            throw new MachineException("the snapshot's memory cannot be read: " + e.getMessage(), e);
        }
    }

    /** But for pages of zeros, which would cost the host memory. */
    private static void write(GuestMemory memory, long gpa, MemorySegment content) {
        for (long at = 0; at < content.byteSize(); at += PageSet.PAGE) {
            MemorySegment page = content.asSlice(at, PageSet.PAGE);
            if (!PageSet.isZero(page)) {
                memory.change(gpa + at, PageSet.PAGE, place -> place.copyFrom(page));
            }
        }
    }
}
