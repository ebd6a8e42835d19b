package org.lodgevm.image.deb;

/**
 * A member of a package's file tree.
 *
 * @param path absolute and without {@code .} or {@code ..}: {@code /boot/vmlinuz}
 * @param mode permission bits
 * @param size of its content, in bytes
 * @param target what a link points to: of a hard link such a path, of a symbolic one anything
 */
public record TarEntry(String path, Type type, int mode, long size, String target) {
    /** What a member is. */
    public enum Type {
        FILE,
        HARD_LINK,
        SYMBOLIC_LINK,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        DIRECTORY,
        PIPE
    }
}
