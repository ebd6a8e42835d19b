package org.lodgevm.devices.chipset.firmware;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.state.Restorable;

/** QEMU's firmware configuration device: the items, and the selector and data ports through which a guest reads them. */
public final class FwCfg implements IoRegion, Restorable {
    public static final int SIZE = 2;
    /** Characters that a file's name may have. */
    public static final int LONGEST_NAME = 55;

    static final class State {
        int selector;
        /** Of the next byte in the selected item; never beyond its end. */
        int offset;
    }

    private record Item(byte[] contents, Runnable written) {}

    private record File(String name, int selector, int size) {}

    private static final int SELECTOR = 0;
    private static final int DATA = 1;

    private static final int SIGNATURE = 0x00;
    private static final int ID = 0x01;
    private static final int FILE_DIRECTORY = 0x19;
    private static final int FIRST_FILE = 0x20;
    /** Announces an intent to write, and is no part of the number. */
    private static final int WRITE = 0x4000;

    private static final int LAST_FILE = WRITE - 1;

    private static final int ID_PORTS = 1;
    private static final int ID_DMA = 1 << 1;

    /** A directory entry: size, selector, a reserved half word, and the name with its terminator. */
    private static final int ENTRY_SIZE = Integer.BYTES + 2 * Short.BYTES + LONGEST_NAME + 1;

    private static final Item ABSENT = new Item(new byte[0], null);

    final State state = new State();
    private final Map<Integer, Item> items = new HashMap<>();
    private final List<File> files = new ArrayList<>();

    public FwCfg() {
        add(SIGNATURE, "QEMU".getBytes(US_ASCII));
        add(ID, new byte[] {ID_PORTS | ID_DMA, 0, 0, 0});
        listFiles();
    }

    /** A numbered item; replaces one of the same number. */
    public synchronized void add(int selector, byte[] contents) {
        items.put(selector, new Item(contents.clone(), null));
    }

    /** A named file; it appears in the directory. */
    public void addFile(String name, byte[] contents) {
        addFile(name, new Item(contents.clone(), null));
    }

    /**
     * A named file that the guest may overwrite, but not resize, by DMA.
     *
     * @param contents the bytes that the guest changes
     * @param written runs after each write, on the CPU's thread
     */
    public void addWritableFile(String name, byte[] contents, Runnable written) {
        addFile(name, new Item(contents, written));
    }

    private synchronized void addFile(String name, Item item) {
        int selector = FIRST_FILE + files.size();
        boolean known = files.stream().anyMatch(file -> file.name.equals(name));
        if (name.isEmpty() || name.length() > LONGEST_NAME || known || selector > LAST_FILE) {
            throw new IllegalArgumentException("the configuration device cannot have a file '%s'".formatted(name));
        }
        items.put(selector, item);
        files.add(new File(name, selector, item.contents.length));
        listFiles();
    }

    /** The directory is an item itself, in big-endian byte order. */
    private void listFiles() {
        ByteBuffer directory = ByteBuffer.allocate(Integer.BYTES + ENTRY_SIZE * files.size()).putInt(files.size());
        for (File file : files) {
            int next = directory.position() + ENTRY_SIZE;
            directory.putInt(file.size).putShort((short) file.selector).putShort((short) 0).put(file.name.getBytes(US_ASCII));
            directory.position(next);
        }
        items.put(FILE_DIRECTORY, new Item(directory.array(), null));
    }

    /** Items stay. */
    public synchronized void reset() {
        select(SIGNATURE);
    }

    @Override
    public synchronized long read(long offset, int size) {
        if (offset != DATA || size != 1) {
            return -1; // the selector is write-only
        }
        byte[] contents = selected().contents;
        return state.offset < contents.length ? contents[state.offset++] & 0xff : 0;
    }

    @Override
    public void write(long offset, int size, long value) {
        if (offset == SELECTOR && size == Short.BYTES) {
            select((int) value);
        }
    }

    // ---- for both ports and DMA ------------------------------------------------------------------------------------

    synchronized void select(int selector) {
        state.selector = selector & ~WRITE;
        state.offset = 0;
    }

    @Override
    public synchronized void restored() {
        Objects.checkFromToIndex(0, state.offset, selected().contents.length);
    }

    private Item selected() {
        return items.getOrDefault(state.selector, ABSENT);
    }

    /** Fills guest memory with the next bytes; after the item's end with zeros. */
    synchronized void read(MemorySegment target) {
        byte[] contents = selected().contents;
        int available = (int) Math.min(target.byteSize(), contents.length - state.offset);
        MemorySegment.copy(contents, state.offset, target, ValueLayout.JAVA_BYTE, 0, available);
        target.asSlice(available).fill((byte) 0);
        state.offset += available;
    }

    synchronized void skip(long bytes) {
        state.offset = (int) Math.min(state.offset + bytes, selected().contents.length);
    }

    /** Whether so many bytes may be written here. */
    synchronized boolean takes(long bytes) {
        Item item = selected();
        return item.written != null && bytes <= item.contents.length - state.offset;
    }

    /** Overwrites the next bytes. @return what is to run once no lock is held */
    synchronized Runnable write(byte[] bytes) {
        Item item = selected();
        System.arraycopy(bytes, 0, item.contents, state.offset, bytes.length);
        state.offset += bytes.length;
        return item.written;
    }
}
