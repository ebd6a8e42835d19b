package org.lodgevm.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.lodgevm.cli.terminal.StandardStreams;

/**
 * Goes through what most runs go through, so that the JVM can record it for the application image's ahead-of-time cache.
 * Started by the build only.
 */
final class Rehearsal {
    private Rehearsal() {}

    public static void main(String[] args) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Lodge lodge = new Lodge(new StandardStreams(
                InputStream.nullInputStream(), nowhere, nowhere, StandardStreams.Terminals.ofProcess()));
        lodge.execute("--version");
        lodge.execute("help", "run");
        lodge.execute("run", "--kernel", "no such file");
    }
}
