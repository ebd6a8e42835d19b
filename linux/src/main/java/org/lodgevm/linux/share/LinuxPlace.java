package org.lodgevm.linux.share;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SystemCall;
import org.lodgevm.share.Attributes;
import org.lodgevm.share.Attributes.Moment;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.Flags;
import org.lodgevm.share.OpenFile;
import org.lodgevm.share.OpenFolder;
import org.lodgevm.share.Place;
import org.lodgevm.share.Usage;

/**
 * A descriptor that refers to a file without opening it.
 *
 * @param umask this process's, against which modes are made true
 */
record LinuxPlace(int descriptor, int umask) implements Place {
    private static final byte[] NO_NAME = {};
    private static final int LONGEST_PATH = 4096;
    private static final int LARGEST_ATTRIBUTE = 1 << 16;
    private static final int PERMISSIONS = 07777;

    /** The path that leads to this very file. */
    private byte[] path() {
        return ("/proc/self/fd/" + descriptor).getBytes(US_ASCII);
    }

    private long byPath(SystemCall call, long... more) throws FileFault {
        try (Arena arena = Arena.ofConfined()) {
            long[] arguments = new long[1 + more.length];
            arguments[0] = Calls.text(arena, path()).address();
            System.arraycopy(more, 0, arguments, 1, more.length);
            return Calls.call(call, arguments);
        }
    }

    private int openItself(int flags) throws FileFault {
        return (int) Calls.at(SystemCall.OPENAT, Calls.AT_FDCWD, path(), flags | Calls.O_CLOEXEC);
    }

    @Override
    public Attributes attributes() throws FileFault {
        return Statx.of(descriptor);
    }

    @Override
    public Attributes attributes(byte[] name) throws FileFault {
        return Statx.of(descriptor, name);
    }

    @Override
    public LinuxPlace child(byte[] name) throws FileFault {
        return new LinuxPlace(
                (int) Calls.at(SystemCall.OPENAT, descriptor, name, Calls.O_PATH | Calls.O_NOFOLLOW | Calls.O_CLOEXEC), umask);
    }

    // ---- content --------------------------------------------------------------------------------------------------

    @Override
    public OpenFile open(int flags) throws FileFault {
        return new LinuxFile(openItself(flags | Calls.O_NONBLOCK));
    }

    @Override
    public OpenFolder list() throws FileFault {
        return new LinuxFolder(openItself(Calls.O_DIRECTORY));
    }

    @Override
    public byte[] target() throws FileFault {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(LONGEST_PATH);
            long length = Calls.at(SystemCall.READLINKAT, descriptor, NO_NAME, text.address(), text.byteSize());
            return text.asSlice(0, length).toArray(JAVA_BYTE);
        }
    }

    // ---- a folder's entries ---------------------------------------------------------------------------------------

    @Override
    public OpenFile create(byte[] name, int flags, int mode) throws FileFault {
        int opening = flags | Flags.O_CREAT | Flags.O_EXCL | Calls.O_NOFOLLOW | Calls.O_CLOEXEC;
        LinuxFile made = new LinuxFile((int) Calls.at(SystemCall.OPENAT, descriptor, name, opening, mode & PERMISSIONS));
        if ((mode & umask) != 0) {
            made.permit(mode & PERMISSIONS);
        }
        return made;
    }

    @Override
    public void makeNode(byte[] name, int mode) throws FileFault {
        Calls.at(SystemCall.MKNODAT, descriptor, name, mode);
        correct(name, mode);
    }

    @Override
    public void makeFolder(byte[] name, int mode) throws FileFault {
        Calls.at(SystemCall.MKDIRAT, descriptor, name, mode & PERMISSIONS);
        correct(name, mode);
    }

    /** Gives what was just made what the umask took. */
    private void correct(byte[] name, int mode) throws FileFault {
        if ((mode & umask) != 0) {
            try (LinuxPlace made = child(name)) {
                made.permit(made.attributes().mode() | mode & PERMISSIONS); // a folder may have a bit of its parent's
            }
        }
    }

    @Override
    public void makeLink(byte[] name, byte[] target) throws FileFault {
        try (Arena arena = Arena.ofConfined()) {
            Calls.call(SystemCall.SYMLINKAT, Calls.text(arena, target).address(), descriptor, Calls.text(arena, name).address());
        }
    }

    @Override
    public void link(Place file, byte[] name) throws FileFault {
        try (Arena arena = Arena.ofConfined()) {
            Calls.at(SystemCall.LINKAT, Calls.AT_FDCWD, ((LinuxPlace) file).path(),
                    descriptor, Calls.text(arena, name).address(), Calls.AT_SYMLINK_FOLLOW);
        }
    }

    @Override
    public void remove(byte[] name, boolean folder) throws FileFault {
        Calls.at(SystemCall.UNLINKAT, descriptor, name, folder ? Calls.AT_REMOVEDIR : 0);
    }

    @Override
    public void rename(byte[] name, Place folder, byte[] newName, int flags) throws FileFault {
        try (Arena arena = Arena.ofConfined()) {
            Calls.at(SystemCall.RENAMEAT2, descriptor, name,
                    ((LinuxPlace) folder).descriptor, Calls.text(arena, newName).address(), flags);
        }
    }

    // ---- attributes -----------------------------------------------------------------------------------------------

    @Override
    public void permit(int mode) throws FileFault {
        byPath(SystemCall.CHMOD, mode & PERMISSIONS);
    }

    @Override
    public void own(int uid, int gid) throws FileFault {
        Calls.at(SystemCall.FCHOWNAT, descriptor, NO_NAME, uid, gid, Calls.AT_EMPTY_PATH);
    }

    @Override
    public void truncate(long size) throws FileFault {
        byPath(SystemCall.TRUNCATE, size);
    }

    @Override
    public void times(Moment accessed, Moment modified) throws FileFault {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment times = arena.allocate(JAVA_LONG, 4);
            times.setAtIndex(JAVA_LONG, 0, accessed.seconds());
            times.setAtIndex(JAVA_LONG, 1, accessed.nanos());
            times.setAtIndex(JAVA_LONG, 2, modified.seconds());
            times.setAtIndex(JAVA_LONG, 3, modified.nanos());
            Calls.at(SystemCall.UTIMENSAT, Calls.AT_FDCWD, path(), times.address(), 0);
        }
    }

    @Override
    public void access(int mask) throws FileFault {
        Calls.at(SystemCall.FACCESSAT, Calls.AT_FDCWD, path(), mask);
    }

    @Override
    public byte[] extendedAttribute(String name) throws FileFault {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(LARGEST_ATTRIBUTE);
            long length = byPath(SystemCall.GETXATTR, arena.allocateFrom(name).address(), value.address(), value.byteSize());
            return value.asSlice(0, length).toArray(JAVA_BYTE);
        }
    }

    @Override
    public void extendedAttribute(String name, byte[] value, int flags) throws FileFault {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, value);
            byPath(SystemCall.SETXATTR, arena.allocateFrom(name, StandardCharsets.UTF_8).address(), bytes.address(), value.length, flags);
        }
    }

    @Override
    public void removeExtendedAttribute(String name) throws FileFault {
        try (Arena arena = Arena.ofConfined()) {
            byPath(SystemCall.REMOVEXATTR, arena.allocateFrom(name).address());
        }
    }

    @Override
    public byte[] extendedAttributes() throws FileFault {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment names = arena.allocate(LARGEST_ATTRIBUTE);
            return names.asSlice(0, byPath(SystemCall.LISTXATTR, names.address(), names.byteSize())).toArray(JAVA_BYTE);
        }
    }

    // ---- the file system ------------------------------------------------------------------------------------------

    @Override
    public Usage usage() throws FileFault {
        return Statfs.of(descriptor);
    }

    @Override
    public void synchronize() throws FileFault {
        int opened = openItself(Calls.O_DIRECTORY);
        try {
            Calls.call(SystemCall.SYNCFS, opened);
        } finally {
            LibC.close(opened);
        }
    }

    @Override
    public void close() {
        LibC.close(descriptor);
    }
}
