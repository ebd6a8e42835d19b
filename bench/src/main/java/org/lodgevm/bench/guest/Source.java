package org.lodgevm.bench.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file of {@code bench/src/guest} as it is. */
record Source(String name) implements Payload {
    @Override
    public void put(Path sources, Path folder) throws IOException {
        Files.copy(sources.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
}
