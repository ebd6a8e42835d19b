package org.lodgevm.bench;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lodgevm.bench.engine.Engine;

/** Where and with what it was measured: headings and values in the order of the report. */
final class Environment {
    private Environment() {}

    static Map<String, String> describe(Path root, String guest, List<Engine> engines, String commandLine) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Date", LocalDate.now(ZoneOffset.UTC).toString());
        facts.put("Host CPU", "%s, %d CPUs".formatted(cpu(), Runtime.getRuntime().availableProcessors()));
        facts.put("Host system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        load().ifPresent(load -> facts.put("Load of the host before", load));
        facts.put("JDK", System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version"));
        output(root, "git", "log", "-1", "--format=%h of %cs").ifPresent(commit -> facts.put("Lodge's commit", commit));
        for (Engine engine : engines) {
            facts.put(engine.name(), engine.description());
        }
        facts.put("Guest", guest);
        output(root, "gcc", "--version").ifPresent(version -> facts.put("C compiler", version));
        facts.put("Command", commandLine);
        return facts;
    }

    private static String cpu() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException notLinux) {
            return System.getProperty("os.arch");
        }
    }

    /** Processes that wanted to run in the last minute, on average: more than a few tenths spoil every figure. */
    private static Optional<String> load() {
        try {
            return Files.readAllLines(Path.of("/proc/loadavg")).stream().findFirst().map(line -> line.split(" ")[0]);
        } catch (IOException notLinux) {
            return Optional.empty();
        }
    }

    /** The first line that a program prints, if it is installed and succeeds. */
    private static Optional<String> output(Path folder, String... command) {
        try {
            Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
            return process.waitFor() == 0 ? said.lines().findFirst() : Optional.empty();
        } catch (IOException absent) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
