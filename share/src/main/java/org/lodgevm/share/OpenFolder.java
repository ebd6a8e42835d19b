package org.lodgevm.share;

/** A folder, open to be listed. One thread at a time. */
public interface OpenFolder extends AutoCloseable {
    /** Takes entries. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param type of {@link Attributes.Type#ofEntry}
         * @param next position of the following entry
         * @return whether to go on; if not, this entry counts as not taken
         */
        boolean entry(byte[] name, long inode, int type, long next) throws FileFault;
    }

    /** Visits entries from a position on: 0, or one that was told. {@code .} and {@code ..} are among them. */
    void visit(long position, Visitor visitor) throws FileFault;

    /** Makes what was done to entries last. */
    void synchronize(boolean dataOnly) throws FileFault;

    @Override
    void close();
}
