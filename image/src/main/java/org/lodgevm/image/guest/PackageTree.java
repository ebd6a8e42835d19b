package org.lodgevm.image.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lodgevm.image.cache.CacheLock;
import org.lodgevm.image.cache.StoredObject;
import org.lodgevm.image.deb.TarEntry;
import org.lodgevm.image.guest.Acquisition.Obtained;
import org.lodgevm.image.initramfs.CpioWriter;

/**
 * The files of packages in one archive, to be unpacked into the tree of an {@link org.lodgevm.image.initramfs.Initramfs}.
 * What is for readers only is left out: manuals, translations. No script of a package runs, so alternatives and
 * caches that those would make are absent; libraries are found, as they are in standard folders.
 *
 * <p>Everything is below {@code /usr}, also what packages before Debian 13 have in {@code /bin} or {@code /lib}. A hard link becomes
 * a symbolic one.
 */
final class PackageTree {
    private static final Pattern LEFT_OUT = Pattern.compile("/usr/share/(doc|doc-base|info|lintian|locale|man)/.*");
    /** Group 1 is empty for the root's own link. */
    private static final Pattern MERGED = Pattern.compile("/(?:bin|lib|lib64|sbin)(/.*)?");

    private final PackageFiles packages;

    PackageTree(List<Obtained> packages) {
        this.packages = new PackageFiles(packages);
    }

    /** Identifies the rules above: a change of them changes it. */
    static String layout() {
        return LEFT_OUT + " " + MERGED;
    }

    StoredObject store(CacheLock cache) {
        try {
            return cache.store(this::write);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // what cannot be read or written is another exception
        }
    }

    private void write(OutputStream out) throws IOException {
        try (CpioWriter archive = new CpioWriter(out)) {
            Members members = new Members(archive);
            packages.visit((entry, content) -> {
                if (!LEFT_OUT.matcher(entry.path()).matches()) {
                    members.add(entry, content);
                }
                return true;
            });
        }
    }

    /** Each folder is written once, before what is in it, whichever of the packages have it. */
    private static final class Members {
        private final CpioWriter archive;
        private final Set<String> folders = new HashSet<>();

        Members(CpioWriter archive) {
            this.archive = archive;
        }

        void add(TarEntry entry, InputStream content) throws IOException {
            String path = merged(entry.path());
            switch (entry.type()) {
                case FILE -> archive.file(within(path), entry.mode(), content.readAllBytes());
                case SYMBOLIC_LINK -> symbolicLink(entry.path(), entry.target());
                case HARD_LINK -> archive.symbolicLink(within(path), merged(entry.target()));
                case DIRECTORY -> folder(path);
                case CHARACTER_DEVICE, BLOCK_DEVICE, PIPE -> {}
            }
        }

        /** The links that merge the root's folders are in the initial tree already. */
        private void symbolicLink(String path, String target) throws IOException {
            Matcher merged = MERGED.matcher(path);
            if (!merged.matches() || merged.group(1) != null) {
                archive.symbolicLink(within(merged(path)), target);
            }
        }

        private void folder(String path) throws IOException {
            if (!path.equals("/") && !folders.contains(path)) {
                archive.directory(within(path), 0755);
                folders.add(path);
            }
        }

        /** The path as the archive has it; its folder is there. */
        private String within(String path) throws IOException {
            int slash = path.lastIndexOf('/');
            if (slash > 0) {
                folder(path.substring(0, slash));
            }
            return path.substring(1);
        }

        private static String merged(String path) {
            return MERGED.matcher(path).matches() ? "/usr" + path : path;
        }
    }
}
