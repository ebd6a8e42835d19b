package org.lodgevm.devices.virtio.filesystem.fuse;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.lodgevm.machine.state.Restorable;
import org.lodgevm.share.Attributes;
import org.lodgevm.share.Attributes.Moment;
import org.lodgevm.share.Errno;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.Place;

/** The files that the guest knows, by numbers that are never used again. Guarded by the server's lock. */
final class Nodes implements Restorable {
    /** The shared folder itself: FUSE_ROOT_ID. */
    static final long ROOT = 1;

    /** By which a file is told from another that has its number, or its name. */
    record Identity(long device, long inode, long bornSeconds, int bornNanos) {
        static Identity of(Attributes file) {
            return new Identity(file.device(), file.inode(), file.birth().seconds(), file.birth().nanos());
        }
    }

    /** Content, as far as its size and time of modification tell. */
    record Version(long size, long modifiedSeconds, int modifiedNanos) {
        static final Version NONE = new Version(-1, 0, 0);

        static Version of(Attributes file) {
            Moment modified = file.modified();
            return new Version(file.size(), modified.seconds(), modified.nanos());
        }
    }

    /**
     * @param parent in which it was found last, under {@code name}
     * @param lookups that the guest has been told of and has not forgotten
     * @param children nodes whose parent this is
     * @param opened what it contained when it was opened last
     */
    record Node(long parent, byte[] name, Identity identity, long lookups, int children, Version opened) {
        Node at(long newParent, byte[] newName) {
            return new Node(newParent, newName, identity, lookups, children, opened);
        }

        Node lookups(long now) {
            return new Node(parent, name, identity, now, children, opened);
        }

        Node children(int now) {
            return new Node(parent, name, identity, lookups, now, opened);
        }

        Node opened(Version now) {
            return new Node(parent, name, identity, lookups, children, now);
        }
    }

    private static final class State {
        final Map<Long, Node> nodes = new HashMap<>();
        long next = ROOT + 1;
    }

    /** Some hundred bytes of the host's each; the guest's kernel needs a thousand. */
    private static final int MOST = 1 << 19;
    /** Levels of folders, as many as a path of Linux has room for. */
    private static final int DEEPEST = 2048;

    private final State state = new State();
    private final Map<Identity, Long> numbers = new HashMap<>();
    private final Places places = new Places();
    private final Place root;

    Nodes(Place root) {
        this.root = root;
    }

    /** Whether the guest may get to know another file. */
    boolean hasRoom() {
        return state.nodes.size() < MOST;
    }

    /** To be called before a file is made. */
    void requireRoom() throws FileFault {
        if (!hasRoom()) {
            throw new FileFault(Errno.ENFILE);
        }
    }

    /** @throws FileFault if there is none of this number */
    Node node(long number) throws FileFault {
        Node node = state.nodes.get(number);
        if (node == null) {
            throw new FileFault(Errno.ESTALE);
        }
        return node;
    }

    // ---- what the guest is told, and forgets ----------------------------------------------------------------------

    /** The guest is told of a file that was found. @return its number */
    long enter(long parent, byte[] name, Attributes found) throws FileFault {
        Identity identity = Identity.of(found);
        Long known = numbers.get(identity);
        if (known != null) {
            move(known, parent, name);
            state.nodes.computeIfPresent(known, (number, node) -> node.lookups(node.lookups + 1));
            return known;
        }
        requireRoom();
        long number = state.next++;
        state.nodes.put(number, new Node(parent, name, identity, 1, 0, Version.NONE));
        numbers.put(identity, number);
        count(parent, 1);
        return number;
    }

    /** The number of a file, or null if the guest does not know it. */
    Long number(Attributes file) {
        return numbers.get(Identity.of(file));
    }

    /** A file is found under this name from now on. */
    void move(long number, long parent, byte[] name) {
        Node node = state.nodes.get(number);
        if (node == null || node.parent == parent && Arrays.equals(node.name, name)) {
            return;
        }
        state.nodes.put(number, node.at(parent, name));
        count(parent, 1);
        count(node.parent, -1);
    }

    private void count(long parent, int change) {
        state.nodes.computeIfPresent(parent, (number, node) -> node.children(node.children + change));
        removeUnused(parent);
    }

    /** The guest takes back what it was told so many times. */
    void forget(long number, long lookups) {
        state.nodes.computeIfPresent(number, (same, node) -> node.lookups(
                Long.compareUnsigned(lookups, node.lookups) < 0 ? node.lookups - lookups : 0));
        removeUnused(number);
    }

    private void removeUnused(long number) {
        long at = number;
        Node node = state.nodes.get(at);
        while (node != null && node.lookups == 0 && node.children == 0) {
            state.nodes.remove(at);
            numbers.remove(node.identity);
            places.drop(at);
            at = node.parent;
            Node parent = state.nodes.get(at);
            node = parent == null ? null : parent.children(parent.children - 1);
            state.nodes.computeIfPresent(at, (same, before) -> before.children(before.children - 1));
        }
    }

    /** A file is opened. @return whether it contains what it contained the last time */
    boolean open(long number, Attributes now) throws FileFault {
        Version version = Version.of(now);
        boolean same = node(number).opened.equals(version);
        state.nodes.computeIfPresent(number, (key, node) -> node.opened(version));
        return same;
    }

    // ---- where files are ------------------------------------------------------------------------------------------

    /** Where a file is; valid until the next call. @throws FileFault if it is not there any more */
    Place place(long number) throws FileFault {
        Deque<Long> way = new ArrayDeque<>();
        long at = number;
        Place held = held(at);
        while (held == null) {
            if (way.size() == DEEPEST) {
                throw new FileFault(Errno.ESTALE); // names that the host moved into each other, or too deep
            }
            way.push(at);
            at = node(at).parent;
            held = held(at);
        }
        for (long next : way) {
            held = step(held, next);
        }
        return held;
    }

    private Place held(long number) {
        return number == ROOT ? root : places.get(number);
    }

    /** The file under a node's name is held if it is the node's. */
    private Place step(Place folder, long number) throws FileFault {
        Node node = node(number);
        Place found;
        try {
            found = folder.child(node.name);
        } catch (FileFault fault) {
            throw isGone(fault) ? new FileFault(Errno.ESTALE) : fault;
        }
        try {
            if (!Identity.of(found.attributes()).equals(node.identity)) {
                throw new FileFault(Errno.ESTALE);
            }
        } catch (FileFault fault) {
            found.close();
            throw fault;
        }
        places.put(number, found);
        return found;
    }

    private static boolean isGone(FileFault fault) {
        return fault.errno() == Errno.ENOENT || fault.errno() == Errno.ENOTDIR;
    }

    /** Keeps a file, which may lose its name, until {@link #unpin}. */
    Place pin(long number) throws FileFault {
        Place place = place(number);
        if (number != ROOT) {
            places.pin(number);
        }
        return place;
    }

    void unpin(long number) {
        places.unpin(number);
        if (!state.nodes.containsKey(number)) {
            places.drop(number);
        }
    }

    /** Files are found again by name, or are stale. */
    @Override
    public void restored() {
        numbers.clear();
        state.nodes.forEach((number, node) -> numbers.put(node.identity, number));
        places.clear();
    }

    /** The guest knows nothing any more. */
    void clear() {
        state.nodes.clear();
        numbers.clear();
        places.clear();
    }
}
