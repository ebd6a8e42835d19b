package org.lodgevm.vm.guest;

import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Permissions of files as bits: those of {@code chmod}, without set-user-ID and its like. */
final class Permissions {
    private static final PosixFilePermission[] ALL = PosixFilePermission.values();

    private Permissions() {}

    /** The enumeration is in the order of the bits, highest first. */
    private static int bit(PosixFilePermission permission) {
        return 1 << ALL.length - 1 - permission.ordinal();
    }

    static int bits(Set<PosixFilePermission> permissions) {
        return permissions.stream().mapToInt(Permissions::bit).sum();
    }

    static Set<PosixFilePermission> of(int bits) {
        Set<PosixFilePermission> permissions = EnumSet.allOf(PosixFilePermission.class);
        permissions.removeIf(permission -> (bits & bit(permission)) == 0);
        return permissions;
    }
}
