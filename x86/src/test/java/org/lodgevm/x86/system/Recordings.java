package org.lodgevm.x86.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.lodgevm.machine.TranslationFile;

/** Where {@link Engine#TRANSLATOR} leaves the translations of each test's guests, and {@link Engine#ARCHIVE} finds them. */
final class Recordings implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(Recordings.class);

    /** Of the running test, whose parts may run on several threads; one test runs at a time. */
    private static Path test;

    private static int guests;

    /** A folder that goes when all tests are over. */
    private record Folder(Path path) implements AutoCloseable {
        static Folder create() {
            try {
                return new Folder(Files.createTempDirectory("lodge-recordings"));
            } catch (IOException e) {
                throw new IllegalStateException("a folder for recordings", e);
            }
        }

        @Override
        public void close() throws IOException {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin(folder(context).resolve(context.getRequiredTestClass().getSimpleName() + "-" + nameInClass(context)));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        begin(null);
    }

    private static synchronized void begin(Path file) {
        test = file;
        guests = 0;
    }

    private static Path folder(ExtensionContext context) {
        return context.getRoot().getStore(OURS).getOrComputeIfAbsent(Folder.class, unused -> Folder.create(), Folder.class).path();
    }

    /** The same with each engine: parameterized methods differ by their number. */
    private static String nameInClass(ExtensionContext context) {
        String last = List.of(context.getUniqueId().split("/")).getLast();
        return context.getRequiredTestMethod().getName() + "-" + HexFormat.of().toHexDigits(last.hashCode());
    }

    /** The file of the running test's next guest; null where there is no test. */
    static synchronized TranslationFile next(boolean record) {
        return test == null ? null : new TranslationFile(Path.of(test + "-" + guests++), record);
    }
}
