package org.lodgevm.vm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.lodgevm.devices.chipset.serial.SerialOutput;
import org.lodgevm.vm.migration.HeldOutput;

/** What a PC sends by serial lines, ports and cables, and writes to its disks. Made while it stands still. */
final class HeldPc implements HeldOutput {
    private final Pc pc;
    private final UntilRoom room;
    /** Those whose text is told of first. */
    private final List<SerialOutput> outputs = new ArrayList<>();
    private final int told;
    private final List<HeldWrites> disks = new ArrayList<>();
    /** Of each output, what was taken before the part that is being made. */
    private long[] cut;

    /**
     * @param written called after each write to a disk
     * @param log told when the host has no room for what is to be written
     */
    HeldPc(Pc pc, Runnable written, Consumer<String> log) throws IOException {
        this.pc = pc;
        this.room = new UntilRoom(log);
        outputs.addAll(pc.outputs());
        told = outputs.size();
        outputs.addAll(pc.agentOutputs());
        for (HandedDisk disk : pc.writableDisks()) {
            disks.add(disk.hold(written));
        }
        outputs.forEach(SerialOutput::hold);
        pc.links().forEach(HeldLink::hold);
        cut = positions();
    }

    private long[] positions() {
        return outputs.stream().mapToLong(SerialOutput::taken).toArray();
    }

    /**
     * Up to a moment.
     *
     * @param positions of each output
     * @param frames of each link
     */
    private record Moment(List<byte[]> text, long[] positions, long[] frames, List<HeldWrites> disks, List<HeldWrites.Part> writes) implements Part {
        @Override
        public void read(Reader reader) throws IOException {
            for (int i = 0; i < text.size(); i++) {
                if (text.get(i).length > 0) {
                    reader.text(i, text.get(i));
                }
            }
            for (int i = 0; i < disks.size(); i++) {
                int number = i;
                disks.get(i).forEachPiece(writes.get(i), (offset, bytes) -> reader.write(number, offset, bytes));
            }
        }
    }

    @Override
    public Part cut() {
        List<byte[]> text = new ArrayList<>();
        for (int i = 0; i < told; i++) {
            text.add(outputs.get(i).since(cut[i]));
        }
        cut = positions();
        return new Moment(text, cut, pc.links().stream().mapToLong(HeldLink::taken).toArray(), disks, disks.stream().map(HeldWrites::cut).toList());
    }

    @Override
    public void commit(Part part) throws IOException {
        Moment moment = (Moment) part;
        for (HeldWrites disk : disks) {
            room.write(disk::commit);
        }
        for (int i = 0; i < outputs.size(); i++) {
            outputs.get(i).release(moment.positions[i]);
        }
        for (int i = 0; i < moment.frames.length; i++) {
            pc.links().get(i).release(moment.frames[i]);
        }
    }

    @Override
    public long bytes() {
        return disks.stream().mapToLong(HeldWrites::bytes).sum();
    }

    @Override
    public void release() throws IOException {
        try {
            for (HeldWrites disk : disks) {
                room.write(disk::commitAll);
            }
        } finally {
            disks.clear();
            pc.disks().forEach(HandedDisk::letGo);
            outputs.forEach(SerialOutput::releaseAll);
            pc.links().forEach(HeldLink::releaseAll);
        }
    }

    @Override
    public void drop() {
        pc.links().forEach(HeldLink::drop);
        outputs.forEach(SerialOutput::drop);
    }
}
