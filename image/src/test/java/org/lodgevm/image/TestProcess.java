package org.lodgevm.image;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Other processes that run this module's code, to be killed. */
public final class TestProcess {
    private TestProcess() {}

    /** Starts a class's main method; what it writes to standard error is a test's output. */
    public static Process start(Class<?> main, String... arguments) throws IOException {
        String classPath = String.join(
                File.pathSeparator,
                System.getProperty("java.class.path"),
                System.getProperty("jdk.module.path", "")); // where a build tests modules, their classes are there
        List<String> command = new ArrayList<>(
                List.of(ProcessHandle.current().info().command().orElseThrow(), "-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
