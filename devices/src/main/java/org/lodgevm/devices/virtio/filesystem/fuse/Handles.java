package org.lodgevm.devices.virtio.filesystem.fuse;

import java.util.HashMap;
import java.util.Map;
import org.lodgevm.machine.state.Restorable;
import org.lodgevm.share.Errno;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.Flags;
import org.lodgevm.share.OpenFile;
import org.lodgevm.share.Place;

/**
 * The files and folders that the guest has opened, by numbers that are never used again. What is open on the host follows from that: it is
 * opened when it is first used, again if need be. Guarded by the server's lock.
 */
final class Handles implements Restorable {
    /** @param flags of opening, or {@link #FOLDER} */
    record Handle(long node, int flags) {
        boolean appends() {
            return (flags & Flags.O_APPEND) != 0;
        }
    }

    private static final class State {
        final Map<Long, Handle> handles = new HashMap<>();
        long next = 1;
    }

    /** Instead of flags, which are not negative. */
    private static final int FOLDER = -1;

    private static final int MOST = 8192;
    /** What concerns opening alone. */
    private static final int ONCE = Flags.O_TRUNC | Flags.O_EXCL | Flags.O_CREAT;

    private final State state = new State();
    private final Map<Long, Opened> opened = new HashMap<>();
    private final Nodes nodes;

    Handles(Nodes nodes) {
        this.nodes = nodes;
    }

    /** @throws FileFault if so many are open that there must not be another */
    void requireRoom() throws FileFault {
        if (state.handles.size() >= MOST) {
            throw new FileFault(Errno.ENFILE);
        }
    }

    /** Opens a regular file. @return its handle */
    long open(long node, int flags) throws FileFault {
        requireRoom();
        return add(node, flags & ~ONCE, new Opened(nodes.place(node).open(flags), null));
    }

    /** Takes a file that was opened as it was made. @return its handle */
    long add(long node, int flags, OpenFile made) throws FileFault {
        return add(node, flags & ~ONCE, new Opened(made, null));
    }

    long openFolder(long node) throws FileFault {
        requireRoom();
        return add(node, FOLDER, new Opened(null, nodes.place(node).list()));
    }

    private long add(long node, int flags, Opened made) throws FileFault {
        try {
            nodes.pin(node);
        } catch (FileFault fault) {
            made.close();
            throw fault;
        }
        long number = state.next++;
        state.handles.put(number, new Handle(node, flags));
        opened.put(number, made);
        return number;
    }

    /** @throws FileFault if there is none of this number */
    Handle handle(long number) throws FileFault {
        Handle handle = state.handles.get(number);
        if (handle == null) {
            throw new FileFault(Errno.EBADF);
        }
        return handle;
    }

    /** What a handle stands for, to be closed by its user. */
    private Opened use(long number) throws FileFault {
        Handle handle = handle(number);
        Opened found = opened.get(number);
        if (found == null) {
            found = open(handle);
            opened.put(number, found);
        }
        return found.use();
    }

    private Opened open(Handle handle) throws FileFault {
        Place place = nodes.pin(handle.node);
        try {
            return handle.flags == FOLDER ? new Opened(null, place.list()) : new Opened(place.open(handle.flags), null);
        } catch (FileFault fault) {
            nodes.unpin(handle.node);
            throw fault;
        }
    }

    /** A regular file, to be closed by its user. */
    Opened useFile(long number) throws FileFault {
        Opened found = use(number);
        if (found.file() == null) {
            found.close();
            throw new FileFault(Errno.EISDIR);
        }
        return found;
    }

    /** A folder, to be closed by its user. */
    Opened useFolder(long number) throws FileFault {
        Opened found = use(number);
        if (found.folder() == null) {
            found.close();
            throw new FileFault(Errno.ENOTDIR);
        }
        return found;
    }

    /** The guest closes it. Whoever uses it still finds it open. */
    void release(long number) throws FileFault {
        Handle handle = handle(number);
        state.handles.remove(number);
        Opened found = opened.remove(number);
        if (found != null) {
            found.close();
            nodes.unpin(handle.node);
        }
    }

    /** Files are opened again when they are used. */
    @Override
    public void restored() {
        opened.values().forEach(Opened::close);
        opened.clear();
    }

    void clear() {
        state.handles.clear();
        opened.values().forEach(Opened::close);
        opened.clear();
    }
}
