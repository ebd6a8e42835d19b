package org.lodgevm.bench.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lodgevm.bench.guest.Job;
import org.lodgevm.bench.guest.Workshop;

/** This host itself, with the guest's busybox and the guest's programs. */
public final class Native implements Engine {
    private final Workshop workshop;

    public Native(Workshop workshop) {
        this.workshop = workshop;
    }

    @Override
    public String name() {
        return "native";
    }

    @Override
    public String description() {
        return "the same busybox and programs on the host itself";
    }

    @Override
    public Optional<String> unavailable() {
        boolean same = System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64");
        return same ? Optional.empty() : Optional.of("this host is not Linux on x86-64");
    }

    @Override
    public Optional<List<String>> firmware(Path rom) {
        return Optional.empty();
    }

    @Override
    public Optional<List<String>> boot(Job job) {
        return Optional.empty();
    }

    /** All commands of the scripts are busybox's, found by links to it. */
    @Override
    public List<String> work(Job job) {
        String busybox = workshop.busybox().toString();
        List<String> command = new ArrayList<>(List.of(
                busybox, "env", "PATH=" + installed(), busybox, "sh", workshop.script().toString()));
        command.addAll(job.scriptArguments());
        return command;
    }

    /** The folder with the links. */
    private Path installed() {
        Path applets = workshop.applets();
        if (!Files.exists(applets.resolve("sh"))) {
            try {
                new ProcessBuilder(workshop.busybox().toString(), "--install", "-s", applets.toString())
                        .redirectErrorStream(true)
                        .start()
                        .getInputStream()
                        .readAllBytes();
            } catch (IOException e) {
                throw new MeasurementException("The guest's busybox does not run on this host: " + e.getMessage(), e);
            }
        }
        return applets;
    }
}
