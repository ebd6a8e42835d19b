package org.lodgevm.image.guest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.deb.DebFile;
import org.lodgevm.image.deb.MalformedPackageException;
import org.lodgevm.image.deb.TarEntry;
import org.lodgevm.image.guest.Acquisition.Obtained;

/** The files in some packages. */
final class PackageFiles {
    private static final Pattern WILDCARD = Pattern.compile("\\*\\*?");

    private final List<Obtained> packages;

    PackageFiles(List<Obtained> packages) {
        this.packages = packages;
    }

    /** A pattern in which {@code *} stands for anything within a name, {@code **} for anything. */
    static Predicate<String> glob(String glob) {
        StringBuilder regex = new StringBuilder();
        int literal = 0;
        for (var wildcard : WILDCARD.matcher(glob).results().toList()) {
            regex.append(Pattern.quote(glob.substring(literal, wildcard.start())));
            regex.append(wildcard.group().length() == 1 ? "[^/]*" : ".*");
            literal = wildcard.end();
        }
        regex.append(Pattern.quote(glob.substring(literal)));
        return Pattern.compile(regex.toString(), Pattern.DOTALL).asMatchPredicate();
    }

    /** Shows the regular files that fit to a visitor, until it has seen enough. */
    void visit(Predicate<String> wanted, DebFile.Visitor visitor) {
        visit((entry, content) -> entry.type() != TarEntry.Type.FILE
                || !wanted.test(entry.path())
                || visitor.visit(entry, content));
    }

    /** Shows everything to a visitor, until it has seen enough of each package. */
    void visit(DebFile.Visitor visitor) {
        for (Obtained obtained : packages) {
            try {
                DebFile.visit(obtained.deb(), visitor);
            } catch (MalformedPackageException e) {
                throw new ImageException("The package " + obtained.file() + " is malformed. " + e.getMessage()
                        + ". Name another archive with --mirror URL", e);
            } catch (IOException e) {
                throw new ImageException("Cannot unpack " + obtained.deb() + " (" + obtained.file() + "): "
                        + e.getMessage() + ". Delete it and try again", e);
            }
        }
    }

    List<Path> extract(String glob, Path destination) {
        List<Path> files = new ArrayList<>();
        visit(glob(glob), (entry, content) -> {
            Path file = destination.resolve(entry.path().substring(1));
            write(content, file);
            files.add(file);
            return true;
        });
        return files;
    }

    /** The error of a package that lacks what is in it elsewhere. */
    ImageException lacks(String what) {
        return new ImageException("The package " + packages.getLast().file() + " has no " + what
                + ". Name another package, or another archive with --mirror URL");
    }

    private static void write(InputStream content, Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (MalformedPackageException e) {
            throw new ImageException(e.getMessage(), e);
        } catch (IOException e) {
            throw new ImageException("Cannot write " + file + ": " + e.getMessage() + ". Name another folder", e);
        }
    }
}
