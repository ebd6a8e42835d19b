package org.lodgevm.cli.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lodgevm.image.Host;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Confinement.Barrier;

/**
 * Looks at a host. What is Linux's own is told on Linux only.
 *
 * @param host where files are
 * @param accelerators preferred ones first
 * @param barriers around a machine's process
 */
record Examination(Host host, List<Accelerator> accelerators, List<Barrier> barriers) {
    private static final long SPACE_WANTED = 1L << 30;
    private static final long FILES_WANTED = 4096;
    private static final int KIB = 1024;

    List<Finding> findings() throws IOException {
        List<Finding> all = new ArrayList<>();
        all.add(Finding.ok("java", "%s of %s in %s".formatted(
                Runtime.version(), System.getProperty("java.vendor"), System.getProperty("java.home"))));
        all.add(Finding.ok("host", "%s %s, %s, %d processors".formatted(System.getProperty("os.name"), System.getProperty("os.version"),
                System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors())));
        addAccelerators(all);
        addConfinement(all);
        if (Files.isDirectory(host.file("/proc/self"))) {
            addLinux(all);
        }
        all.add(space("cache", host.cacheFolder(), "name another folder in XDG_CACHE_HOME"));
        all.add(space("temporary files", Path.of(System.getProperty("java.io.tmpdir")), "name another in LODGE_JAVA_OPTS=-Djava.io.tmpdir=FOLDER"));
        return all;
    }

    private void addAccelerators(List<Finding> all) {
        boolean chosen = false;
        for (Accelerator accelerator : accelerators) {
            String reason = accelerator.unavailable();
            String subject = "accelerator " + accelerator.name();
            if (reason != null) {
                all.add(Finding.missing(subject, reason));
            } else {
                all.add(Finding.ok(subject, chosen ? "works" : "works; auto takes it"));
                chosen = true;
            }
        }
        if (!chosen) {
            all.add(Finding.bad("accelerator", "none works here; the reasons are above"));
        }
    }

    private void addConfinement(List<Finding> all) {
        for (Barrier barrier : barriers) {
            String subject = "sandbox " + barrier.name();
            all.add(barrier.unavailable() == null
                    ? Finding.ok(subject, "a machine's process " + barrier.effect())
                    : Finding.missing(subject, barrier.unavailable()));
        }
        if (barriers.isEmpty()) {
            all.add(Finding.missing("sandbox", "nothing confines the processes of machines on this system"));
        }
    }

    private void addLinux(List<Finding> all) throws IOException {
        all.add(Finding.ok("memory", "%s MiB available of %s MiB".formatted(mebibytes("MemAvailable"), mebibytes("MemTotal"))));
        all.add(hugePages());
        long files = limit("Max open files");
        all.add(files >= FILES_WANTED ? Finding.ok("open files", limitText(files))
                : Finding.missing("open files", "%s; many disks and connections need more: ulimit -n %d".formatted(limitText(files), FILES_WANTED)));
        all.add(Finding.ok("locked memory", limitText(limit("Max locked memory"))));
        Path tap = host.file("/dev/net/tun");
        all.add(!Files.exists(tap) ? Finding.missing("TAP", "there is no /dev/net/tun; load the module tun (the user-mode network needs none)")
                : Files.isWritable(tap) ? Finding.ok("TAP", "/dev/net/tun may be opened")
                : Finding.missing("TAP", "/dev/net/tun may not be opened by this user (the user-mode network needs none)"));
    }

    private Finding hugePages() throws IOException {
        String free = field("/proc/meminfo", "HugePages_Free").orElse("0");
        String shared = bracketed("/sys/kernel/mm/transparent_hugepage/shmem_enabled");
        String text = "%s reserved ones free for --huge-pages, transparent ones for shared memory: %s".formatted(free, shared);
        return free.equals("0") && (shared.equals("never") || shared.equals("deny"))
                ? Finding.missing("huge pages", text + "; faster guests: echo advise | sudo tee /sys/kernel/mm/transparent_hugepage/shmem_enabled")
                : Finding.ok("huge pages", text);
    }

    /** The choice in force among several, as the kernel writes it. */
    private String bracketed(String path) throws IOException {
        Path file = host.file(path);
        return Files.isReadable(file) ? Files.readString(file).replaceAll("(?s).*\\[(.*)].*", "$1") : "none";
    }

    private long mebibytes(String name) throws IOException {
        return field("/proc/meminfo", name).map(text -> Long.parseLong(text.replace(" kB", "")) / KIB).orElse(0L);
    }

    private Optional<String> field(String path, String name) throws IOException {
        return Files.readAllLines(host.file(path)).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    /** The soft limit; the greatest number where there is none. */
    private long limit(String name) throws IOException {
        return Files.readAllLines(host.file("/proc/self/limits")).stream()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length()).strip().split("\\s+")[0])
                .map(text -> text.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(text))
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    private static String limitText(long limit) {
        return limit == Long.MAX_VALUE ? "no limit" : "at most " + limit;
    }

    private static Finding space(String subject, Path folder, String way) throws IOException {
        Path there = folder;
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        if (!Files.isWritable(there)) {
            return Finding.bad(subject, "%s cannot be written to; %s".formatted(folder, way));
        }
        FileStore store = Files.getFileStore(there);
        long free = store.getUsableSpace();
        String text = "%s, %d MiB free".formatted(folder, free / KIB / KIB);
        return free < SPACE_WANTED ? Finding.missing(subject, text + "; make room, or " + way) : Finding.ok(subject, text);
    }
}
