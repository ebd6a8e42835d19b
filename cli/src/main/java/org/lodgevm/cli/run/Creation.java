package org.lodgevm.cli.run;

import java.nio.file.Path;
import java.util.UUID;
import org.lodgevm.image.store.StoredImage;
import org.lodgevm.manage.MachineFile;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.MachineStore;
import picocli.CommandLine.ParseResult;

/** Makes machines that have a name, of options as they were given. */
final class Creation {
    private static final int LETTERS = 6;

    private Creation() {}

    /** @param image to make it from, or null */
    static MachineFolder create(String name, ParseResult options, StoredImage image) {
        MachineFolder made = MachineStore.ofUser().create(name, MachineFile.of(
                Path.of("").toAbsolutePath().toString(),
                image == null ? null : image.id(),
                MachineArguments.of(options, GuestOptions.names())));
        if (image != null) {
            try {
                ImageRoot.create(made, image);
            } catch (RuntimeException e) {
                made.remove();
                throw e;
            }
        }
        return made;
    }

    static String anyName() {
        return "m" + UUID.randomUUID().toString().substring(0, LETTERS);
    }
}
