package org.lodgevm.linux.confine;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.lodgevm.linux.confine.FileRight.IOCTL_DEV;
import static org.lodgevm.linux.confine.FileRight.MAKE_DIR;
import static org.lodgevm.linux.confine.FileRight.MAKE_FIFO;
import static org.lodgevm.linux.confine.FileRight.MAKE_REG;
import static org.lodgevm.linux.confine.FileRight.MAKE_SOCK;
import static org.lodgevm.linux.confine.FileRight.MAKE_SYM;
import static org.lodgevm.linux.confine.FileRight.READ_DIR;
import static org.lodgevm.linux.confine.FileRight.READ_FILE;
import static org.lodgevm.linux.confine.FileRight.REFER;
import static org.lodgevm.linux.confine.FileRight.REMOVE_DIR;
import static org.lodgevm.linux.confine.FileRight.REMOVE_FILE;
import static org.lodgevm.linux.confine.FileRight.TRUNCATE;
import static org.lodgevm.linux.confine.FileRight.WRITE_FILE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.lodgevm.linux.call.Errno;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SystemCall;

/**
 * The kernel's rules on which files a thread may open, and for what. Everything that a ruleset knows of and has no rule for is
 * forbidden; versions of the kernel know more and more. Source: Linux's Documentation/userspace-api/landlock.rst.
 */
final class Landlock implements AutoCloseable {
    private static final Set<FileRight> ALL = EnumSet.allOf(FileRight.class);
    private static final Set<FileRight> READ = EnumSet.of(READ_FILE);
    private static final Set<FileRight> READ_BELOW = EnumSet.of(READ_FILE, READ_DIR);
    private static final Set<FileRight> CHANGE = EnumSet.of(READ_FILE, WRITE_FILE, TRUNCATE, IOCTL_DEV);
    private static final Set<FileRight> CHANGE_BELOW = EnumSet.of(
            READ_FILE, READ_DIR, WRITE_FILE, TRUNCATE, REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, MAKE_FIFO, MAKE_SOCK, MAKE_SYM, REFER);

    private static final long SCOPE_ABSTRACT_UNIX_SOCKET = 1;

    /** The first version that has them. */
    private static final int WITH_SCOPES = 6;

    private static final int O_PATH = 0x20_0000;
    private static final int O_CLOEXEC = 0x8_0000;
    private static final int CREATE_RULESET_VERSION = 1;
    private static final int RULE_PATH_BENEATH = 1;
    /** Of {@code struct landlock_ruleset_attr}: rights on files, on the network, scopes. */
    private static final int RULESET_BYTES = 24;

    private static final int SCOPED = 16;
    /** Of {@code struct landlock_path_beneath_attr}, which is packed: rights and a descriptor. */
    private static final int RULE_BYTES = 12;

    private static final int DESCRIPTOR = 8;

    /** Descriptors of what stays open, for all rules there are. */
    private static final Map<Path, Long> FOREVER = new ConcurrentHashMap<>();

    private final int ruleset;
    private final int version;

    private Landlock(int ruleset, int version) {
        this.ruleset = ruleset;
        this.version = version;
    }

    /** The version of the kernel's Landlock; a negative error number where there is none. */
    static int version() {
        return (int) LibC.trySystemCall(SystemCall.LANDLOCK_CREATE_RULESET, 0, 0, CREATE_RULESET_VERSION);
    }

    /** Null where the kernel has it, else why not. */
    static String unavailable() {
        int version = version();
        return switch (-version) {
            case Errno.ENOSYS -> "the kernel has none; Linux 5.13 and later can have it";
            case Errno.EOPNOTSUPP -> "it is not switched on; add landlock to the kernel's parameter lsm=";
            default -> version > 0 ? null : LibC.failure("landlock_create_ruleset", -version).getMessage();
        };
    }

    /** Rules by which nothing is allowed. */
    static Landlock nothing() {
        int version = version();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(RULESET_BYTES, Long.BYTES);
            attributes.set(JAVA_LONG, 0, FileRight.mask(ALL, version));
            attributes.set(JAVA_LONG, SCOPED, version >= WITH_SCOPES ? SCOPE_ABSTRACT_UNIX_SOCKET : 0);
            return new Landlock((int) LibC.systemCall(SystemCall.LANDLOCK_CREATE_RULESET, attributes.address(), RULESET_BYTES, 0), version);
        }
    }

    /** What {@link EveryThread} is to pass on. */
    int descriptor() {
        return ruleset;
    }

    /** A file, or a folder with what is below. What does not exist needs no rule. */
    void read(Path path) {
        add(path, readable(path));
    }

    /** Of a file system that makes files up when somebody looks: it stays the same file only while it is open, which it is from now on. */
    void readForever(Path path) {
        long file = FOREVER.computeIfAbsent(path, Landlock::open);
        if (file >= 0) {
            add(file, readable(path));
        }
    }

    private static Set<FileRight> readable(Path path) {
        return Files.isDirectory(path) ? READ_BELOW : READ;
    }

    void change(Path path) {
        if (!Files.isDirectory(path)) {
            add(path, CHANGE);
            return;
        }
        add(path, CHANGE_BELOW);
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            add(parent, EnumSet.of(REMOVE_DIR)); // which removes empty ones only
        }
    }

    private void add(Path path, Set<FileRight> rights) {
        long file = open(path);
        if (file >= 0) {
            add(file, rights);
            LibC.systemCall(SystemCall.CLOSE, file);
        }
    }

    /** @return a descriptor of the path, or a negative error number */
    private static long open(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            return LibC.trySystemCall(SystemCall.OPEN, arena.allocateFrom(path.toString()).address(), O_PATH | O_CLOEXEC);
        }
    }

    private void add(long file, Set<FileRight> rights) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rule = arena.allocate(RULE_BYTES, Long.BYTES);
            rule.set(JAVA_LONG, 0, FileRight.mask(rights, version));
            rule.set(JAVA_INT_UNALIGNED, DESCRIPTOR, (int) file);
            long refused = LibC.trySystemCall(SystemCall.LANDLOCK_ADD_RULE, ruleset, RULE_PATH_BENEATH, rule.address(), 0);
            if (refused < 0 && refused != -Errno.EBADFD) { // that is memory, a pipe or the like: there are no rules for these
                throw LibC.failure("landlock_add_rule", (int) -refused);
            }
        }
    }

    @Override
    public void close() {
        LibC.systemCall(SystemCall.CLOSE, ruleset);
    }
}
