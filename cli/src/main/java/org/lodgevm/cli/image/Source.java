package org.lodgevm.cli.image;

import java.io.IOException;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.OpenOptions;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The image that a command is about. */
final class Source {
    @Option(names = {"-f", "--format"}, paramLabel = "FORMAT", description = "Its format; otherwise found out by its beginning.")
    private String format;

    @Option(names = {"-U", "--force-share"}, description = "Look at it even though somebody writes to it.")
    private boolean unlocked;

    @Parameters(index = "0", paramLabel = "IMAGE", description = "A file, or nbd://HOST[:PORT][/EXPORT][?timeout=SECONDS].")
    private String location;

    String location() {
        return location;
    }

    OpenOptions toRead() {
        return OpenOptions.of(unlocked ? Access.READ_UNLOCKED : Access.READ).as(format);
    }

    OpenOptions toWrite() {
        return OpenOptions.of(Access.WRITE).as(format);
    }

    DiskImage open(OpenOptions options) throws IOException {
        return Images.open(location, options);
    }
}
