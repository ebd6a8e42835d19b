package org.lodgevm.image.deb;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files in a Debian package, read in one pass without unpacking it anywhere. */
public final class DebFile {
    private static final String DATA = "data.tar";
    /** A tree larger than this is an attack on the disk or on patience. */
    private static final long LARGEST_TREE = 8L << 30;
    private static final int BUFFER = 64 * 1024;

    private DebFile() {}

    /** Gets each member of the tree, and its content, which is to be read before the next one comes. */
    public interface Visitor {
        /** @return whether to go on */
        boolean visit(TarEntry entry, InputStream content) throws IOException;
    }

    /**
     * Shows the members to a visitor, in the package's order, until it has seen enough.
     *
     * @throws MalformedPackageException if the package is malformed; members before that have been visited
     */
    public static void visit(Path deb, Visitor visitor) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(deb), BUFFER)) {
            ArReader parts = new ArReader(in);
            String part = parts.next();
            while (part != null && !part.startsWith(DATA)) {
                part = parts.next();
            }
            if (part == null) {
                throw new MalformedPackageException("It has no part named " + DATA);
            }
            Compression compression = Compression.of(part);
            if (!part.equals(DATA + compression.suffix())) {
                throw new MalformedPackageException("It is packed in a way that is not known here, as " + part);
            }
            InputStream tree = new BufferedInputStream(compression.unpack(parts.content()), BUFFER);
            visitTree(new TarReader(new LimitedInputStream(tree, LARGEST_TREE)), visitor);
        }
    }

    private static void visitTree(TarReader tree, Visitor visitor) throws IOException {
        TarEntry entry = tree.next();
        while (entry != null && visitor.visit(entry, tree.content())) {
            entry = tree.next();
        }
    }
}
