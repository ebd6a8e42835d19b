package org.lodgevm.devices.virtio.filesystem.fuse;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a request asks for: enum fuse_opcode. */
enum Opcode {
    LOOKUP(1),
    FORGET(2),
    GETATTR(3),
    SETATTR(4, Effect.CHANGES),
    READLINK(5),
    SYMLINK(6, Effect.CHANGES),
    MKNOD(8, Effect.CHANGES),
    MKDIR(9, Effect.CHANGES),
    UNLINK(10, Effect.CHANGES),
    RMDIR(11, Effect.CHANGES),
    RENAME(12, Effect.CHANGES),
    LINK(13, Effect.CHANGES),
    OPEN(14),
    READ(15),
    WRITE(16, Effect.CHANGES),
    STATFS(17),
    RELEASE(18),
    FSYNC(20),
    SETXATTR(21, Effect.CHANGES),
    GETXATTR(22),
    LISTXATTR(23),
    REMOVEXATTR(24, Effect.CHANGES),
    FLUSH(25),
    INIT(26),
    OPENDIR(27),
    READDIR(28),
    RELEASEDIR(29),
    FSYNCDIR(30),
    GETLK(31),
    SETLK(32),
    SETLKW(33),
    ACCESS(34),
    CREATE(35, Effect.CHANGES),
    INTERRUPT(36),
    BMAP(37),
    DESTROY(38),
    IOCTL(39),
    POLL(40),
    BATCH_FORGET(42),
    FALLOCATE(43, Effect.CHANGES),
    READDIRPLUS(44),
    RENAME2(45, Effect.CHANGES),
    LSEEK(46),
    COPY_FILE_RANGE(47, Effect.CHANGES),
    SYNCFS(50),
    TMPFILE(51, Effect.CHANGES),
    STATX(52);

    private enum Effect {
        CHANGES,
        NONE
    }

    private static final Map<Integer, Opcode> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toMap(Opcode::number, Function.identity()));

    private final int number;
    private final Effect effect;

    Opcode(int number) {
        this(number, Effect.NONE);
    }

    Opcode(int number, Effect effect) {
        this.number = number;
        this.effect = effect;
    }

    int number() {
        return number;
    }

    /** Whether it has no place in a folder that is only to be read. */
    boolean changes() {
        return effect == Effect.CHANGES;
    }

    /** Whether there is no answer, not even one that refuses. */
    boolean unanswered() {
        return this == FORGET || this == BATCH_FORGET;
    }

    /** Null if there is none of this number. */
    static Opcode of(int number) {
        return BY_NUMBER.get(number);
    }
}
