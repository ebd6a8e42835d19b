package org.lodgevm.devices.virtio.filesystem.fuse;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.lodgevm.share.Attributes;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.Place;
import org.lodgevm.share.SharedFolder;

/** What the operations of one server share. Its monitor guards nodes and handles. */
final class Session {
    /** How long the guest may believe what it was told of names and attributes. */
    private static final long VALID_SECONDS = 1;

    private static final int ATTRIBUTES = 88;
    private static final int ATTRIBUTES_ANSWER = 16 + ATTRIBUTES;
    /** Bytes of struct fuse_entry_out. */
    static final int ENTRY = 40 + ATTRIBUTES;
    private static final int S_ISGID = 02000;
    /** Above the host's number of a file: by which other file system than the root's it is. */
    private static final int DEVICE_SHIFT = 48;

    private final SharedFolder folder;
    private final boolean readOnly;
    private final Owners owners;
    private final Nodes nodes;
    private final Handles handles;
    private final long rootDevice;

    Session(SharedFolder folder, boolean readOnly) {
        this.folder = folder;
        this.readOnly = readOnly;
        this.owners = new Owners(folder);
        this.nodes = new Nodes(folder.root());
        this.handles = new Handles(nodes);
        this.rootDevice = device(folder.root());
    }

    private static long device(Place root) {
        try {
            return root.attributes().device();
        } catch (FileFault vanished) {
            return 0; // every answer will say so
        }
    }

    Place root() {
        return folder.root();
    }

    boolean readOnly() {
        return readOnly;
    }

    Owners owners() {
        return owners;
    }

    Nodes nodes() {
        return nodes;
    }

    Handles handles() {
        return handles;
    }

    /** As if there had been no guest. */
    synchronized void clear() {
        handles.clear();
        nodes.clear();
    }

    // ---- answers ----------------------------------------------------------------------------------------------------

    /** A file that the guest is told of. */
    record Told(long node, Attributes attributes) {}

    /** The guest is told of a file that has this name. */
    Told tell(long parent, byte[] name, Attributes found) throws FileFault {
        return new Told(nodes.enter(parent, name, found), found);
    }

    /** The guest is told of a file that it just made, and that is its maker's. */
    Told tellMade(Request request, byte[] name, Attributes made) throws FileFault {
        boolean groupIsInherited = (nodes.place(request.node()).attributes().mode() & S_ISGID) != 0;
        Told told = tell(request.node(), name, made);
        boolean given = owners.give(request, groupIsInherited, told.node, nodes);
        return given ? new Told(told.node, nodes.place(told.node).attributes()) : told;
    }

    MemorySegment entry(Told told) {
        return Answer.of(put(Answer.structure(ENTRY), told));
    }

    /** struct fuse_entry_out. */
    ByteBuffer put(ByteBuffer into, Told told) {
        into.putLong(told.node).putLong(0).putLong(VALID_SECONDS).putLong(VALID_SECONDS).putInt(0).putInt(0);
        return put(into, told.attributes);
    }

    /** struct fuse_attr_out. */
    MemorySegment attributes(Attributes attributes) {
        ByteBuffer answer = Answer.structure(ATTRIBUTES_ANSWER);
        answer.putLong(VALID_SECONDS).putInt(0).putInt(0);
        return Answer.of(put(answer, attributes));
    }

    /** struct fuse_attr. */
    private ByteBuffer put(ByteBuffer into, Attributes attributes) {
        return into.putLong(inode(attributes))
                .putLong(attributes.size())
                .putLong(attributes.blocks())
                .putLong(attributes.accessed().seconds())
                .putLong(attributes.modified().seconds())
                .putLong(attributes.changed().seconds())
                .putInt(attributes.accessed().nanos())
                .putInt(attributes.modified().nanos())
                .putInt(attributes.changed().nanos())
                .putInt(attributes.mode())
                .putInt(attributes.links())
                .putInt(owners.guestUid(attributes))
                .putInt(owners.guestGid(attributes))
                .putInt(attributes.special())
                .putInt(attributes.blockSize())
                .putInt(0);
    }

    /** Programs tell hard links by it, and the guest sees one file system where the host may have several. */
    private long inode(Attributes attributes) {
        return attributes.device() == rootDevice ? attributes.inode() : attributes.inode() ^ (long) Long.hashCode(attributes.device()) << DEVICE_SHIFT;
    }
}
