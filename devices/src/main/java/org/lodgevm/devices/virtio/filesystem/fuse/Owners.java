package org.lodgevm.devices.virtio.filesystem.fuse;

import org.lodgevm.share.Attributes;
import org.lodgevm.share.Errno;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.Place;
import org.lodgevm.share.SharedFolder;

/**
 * Whose a file is, to the guest: what belongs to the user who runs Lodge belongs to the guest's root, as in a container without
 * privilege; what belongs to the host's root is nobody's then. Everybody else has the same number on both sides.
 */
final class Owners {
    private static final int ROOT = 0;
    private static final int NOBODY = 65534;
    private static final int NO_CHANGE = -1;

    private final SharedFolder folder;

    Owners(SharedFolder folder) {
        this.folder = folder;
    }

    int guestUid(Attributes attributes) {
        return toGuest(attributes.uid(), folder.uid());
    }

    int guestGid(Attributes attributes) {
        return toGuest(attributes.gid(), folder.gid());
    }

    private static int toGuest(int id, int own) {
        return id == own ? ROOT : id == ROOT ? NOBODY : id;
    }

    private static int toHost(int id, int own) {
        return id == ROOT ? own : id;
    }

    /**
     * Changes owner and group, as far as the host lets this process: for what it does not, nothing happens and nothing is said, so that
     * archives can be unpacked by a guest's root.
     */
    void change(Place place, int guestUid, int guestGid) throws FileFault {
        try {
            place.own(
                    guestUid == NO_CHANGE ? NO_CHANGE : toHost(guestUid, folder.uid()),
                    guestGid == NO_CHANGE ? NO_CHANGE : toHost(guestGid, folder.gid()));
        } catch (FileFault fault) {
            if (fault.errno() != Errno.EPERM) {
                throw fault;
            }
        }
    }

    /** Gives a file that was just made to who made it, where this process can: when it is the host's root. @return whether it did */
    boolean give(Request maker, boolean groupIsInherited, long made, Nodes nodes) throws FileFault {
        boolean given = folder.uid() == ROOT && (maker.uid() != ROOT || maker.gid() != ROOT);
        if (given) {
            change(nodes.place(made), maker.uid(), groupIsInherited ? NO_CHANGE : maker.gid());
        }
        return given;
    }
}
