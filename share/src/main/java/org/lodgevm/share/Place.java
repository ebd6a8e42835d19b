package org.lodgevm.share;

/**
 * A file of any kind, held so that no renaming on the host leads elsewhere. Names are of one component, checked by the caller: not empty,
 * no slash, neither {@code .} nor {@code ..}. No symbolic link is ever followed.
 */
public interface Place extends AutoCloseable {
    Attributes attributes() throws FileFault;

    /** Of what a folder has under a name. */
    Attributes attributes(byte[] name) throws FileFault;

    /** What a folder has under a name. */
    Place child(byte[] name) throws FileFault;

    // ---- content --------------------------------------------------------------------------------------------------

    /** Opens a regular file, which the caller made sure it is. @param flags of {@link Flags} */
    OpenFile open(int flags) throws FileFault;

    OpenFolder list() throws FileFault;

    /** What a symbolic link says. */
    byte[] target() throws FileFault;

    // ---- a folder's entries ---------------------------------------------------------------------------------------

    /** Makes a regular file, which must not exist. @param mode exactly that, whatever the process's umask */
    OpenFile create(byte[] name, int flags, int mode) throws FileFault;

    /** Makes an empty file, FIFO or socket. @param mode its type, too */
    void makeNode(byte[] name, int mode) throws FileFault;

    void makeFolder(byte[] name, int mode) throws FileFault;

    void makeLink(byte[] name, byte[] target) throws FileFault;

    /** Gives a file another name, here. */
    void link(Place file, byte[] name) throws FileFault;

    void remove(byte[] name, boolean folder) throws FileFault;

    /** @param flags of {@link Flags} */
    void rename(byte[] name, Place folder, byte[] newName, int flags) throws FileFault;

    // ---- attributes -----------------------------------------------------------------------------------------------

    /** Sets permissions. */
    void permit(int mode) throws FileFault;

    /** Sets owner and group; -1 leaves one as it is. */
    void own(int uid, int gid) throws FileFault;

    void truncate(long size) throws FileFault;

    /** Sets times, or {@link Attributes.Moment#NOW}, or {@link Attributes.Moment#UNCHANGED}. */
    void times(Attributes.Moment accessed, Attributes.Moment modified) throws FileFault;

    /** Whether this process's user may do this. @param mask of access(2) */
    void access(int mask) throws FileFault;

    byte[] extendedAttribute(String name) throws FileFault;

    /** @param flags of setxattr(2) */
    void extendedAttribute(String name, byte[] value, int flags) throws FileFault;

    void removeExtendedAttribute(String name) throws FileFault;

    /** Names, each with a NUL after it. */
    byte[] extendedAttributes() throws FileFault;

    // ---- the file system ------------------------------------------------------------------------------------------

    Usage usage() throws FileFault;

    /** Makes all that was written to the file system last. */
    void synchronize() throws FileFault;

    @Override
    void close();
}
