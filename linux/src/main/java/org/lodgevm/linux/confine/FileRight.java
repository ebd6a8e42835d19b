package org.lodgevm.linux.confine;

import java.util.Set;

/**
 * What a thread may do with files, by Landlock's names and in the order of its bits. Source: Linux's include/uapi/linux/landlock.h and
 * Documentation/userspace-api/landlock.rst.
 */
enum FileRight {
    EXECUTE(1),
    WRITE_FILE(1),
    READ_FILE(1),
    READ_DIR(1),
    REMOVE_DIR(1),
    REMOVE_FILE(1),
    MAKE_CHAR(1),
    MAKE_DIR(1),
    MAKE_REG(1),
    MAKE_SOCK(1),
    MAKE_FIFO(1),
    MAKE_BLOCK(1),
    MAKE_SYM(1),
    REFER(2),
    TRUNCATE(3),
    IOCTL_DEV(5);

    private final int since;

    FileRight(int since) {
        this.since = since;
    }

    /** The first version of Landlock that knows it; it is not checked by earlier ones, except REFER, which nobody has there. */
    int since() {
        return since;
    }

    long bit() {
        return 1L << ordinal();
    }

    /** As the kernel wants them. @param version of its Landlock, which refuses bits that it does not know */
    static long mask(Set<FileRight> rights, int version) {
        return rights.stream().filter(right -> right.since <= version).mapToLong(FileRight::bit).sum();
    }
}
