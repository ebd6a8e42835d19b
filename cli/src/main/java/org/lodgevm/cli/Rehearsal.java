package org.lodgevm.cli;


import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.machine.Confinement;

/**
 * Goes through what most runs go through, so that the JVM can record it for an ahead-of-time cache of the application image.
 * Started by the build only.
 */
final class Rehearsal {
    private Rehearsal() {}

    /** Confined, this process could not write the cache. */
    private record Unraised(Confinement real) implements Confinement {
        @Override
        public List<Barrier> barriers() {
            return real.barriers();
        }

        @Override
        public void limit(Resources resources) {
            // nor build on
        }

        @Override
        public void rehearse() {
            real.rehearse();
        }

        @Override
        public Prepared prepare(Access access) {
            try (Prepared _ = real.prepare(access)) {
                return new Nothing();
            }
        }
    }

    private record Nothing() implements Confinement.Prepared {
        @Override
        public void raise() {
            // see above
        }

        @Override
        public void close() {
            // done before
        }
    }

    /** @param args {@code run} for nothing but that command: all classes of a cache are loaded at each start, needed or not */
    public static void main(String[] args) throws IOException, InterruptedException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Lodge lodge = new Lodge(new StandardStreams(
                InputStream.nullInputStream(), nowhere, nowhere, StandardStreams.ofProcess().terminals()), ServiceLoader.load(Confinement.class).findFirst().map(Unraised::new));
        Path bios = Files.createTempFile("lodge-rehearsal", ".bin");
        try {
            run(lodge, bios);
            if (args.length == 0) {
                lodge.execute("--version");
                lodge.execute("help", "run");
                lodge.execute("doctor");
                Files.write(bios, RehearsalGuest.idle());
                new NamedRehearsal(lodge, bios).play();
            }
        } finally {
            Files.delete(bios);
        }
    }

    private static void run(Lodge lodge, Path bios) throws IOException {
        lodge.execute("run", "--kernel", "no such file");
        Files.write(bios, RehearsalGuest.image());
        int status = lodge.execute("run", "--bios", bios.toString());
        if (status != ExitStatus.ofDebugExit(0)) {
            throw new IllegalStateException("the rehearsal's guest ended with status " + status);
        }
    }
}
