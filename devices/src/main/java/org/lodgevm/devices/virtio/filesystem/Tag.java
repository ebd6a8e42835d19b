package org.lodgevm.devices.virtio.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** The name by which a guest mounts a file system: UTF-8, at most 36 bytes. @virtio 5.11.4 */
public record Tag(String name) {
    static final int LENGTH = 36;

    public Tag {
        int length = name.getBytes(UTF_8).length;
        if (length == 0 || length > LENGTH || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a shared folder's tag has 1 to %d bytes, unlike \"%s\"".formatted(LENGTH, name));
        }
    }

    /** With NULs after it, if there is room. */
    byte[] padded() {
        return Arrays.copyOf(name.getBytes(UTF_8), LENGTH);
    }
}
