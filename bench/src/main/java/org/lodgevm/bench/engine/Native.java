package org.lodgevm.bench.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lodgevm.bench.guest.Job;
import org.lodgevm.bench.guest.Workshop;

/**
 * This host itself, with the guest's files for a root folder and as many CPUs. That takes namespaces of users and mounts, for which Linux
 * wants no privilege unless its administrator does.
 *
 * @linux user_namespaces(7), mount_namespaces(7)
 */
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
        return "the same files on the host itself";
    }

    @Override
    public Optional<String> unavailable() {
        if (!System.getProperty("os.name").equals("Linux") || !System.getProperty("os.arch").equals("amd64")) {
            return Optional.of("this host is not Linux on x86-64");
        }
        try {
            String busybox = workshop.busybox().toString();
            Process trial = new ProcessBuilder(busybox, "unshare", "-r", "-m", busybox, "true").redirectErrorStream(true).start();
            String said = new String(trial.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return trial.waitFor() == 0 ? Optional.empty() : Optional.of("this host allows no namespaces: " + said.strip());
        } catch (IOException e) {
            return Optional.of("the guest's busybox does not run on this host: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    @Override
    public Optional<List<String>> firmware(Path rom) {
        return Optional.empty();
    }

    @Override
    public Optional<List<String>> boot(Job job) {
        return Optional.empty();
    }

    @Override
    public List<String> work(Job job) {
        List<String> command = new ArrayList<>(List.of(
                workshop.busybox().toString(), "sh", workshop.script("native.sh").toString(),
                workshop.busybox().toString(), String.valueOf(job.cpus()), workshop.folder("tree").toString()));
        try {
            workshop.tree().forEach(archive -> command.add(archive.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return command;
    }
}
