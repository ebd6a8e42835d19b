package org.lodgevm.image.initramfs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.image.cache.Digest;

/**
 * The initial root file system that every guest starts from: busybox, the scripts that make a system of it, and the
 * kernel modules asked for. The links to busybox's applets are made by itself when the guest starts, so that they are
 * those of this very build.
 */
public final class Initramfs {
    private static final List<String> DIRECTORIES = List.of(
            "dev", "etc", "lodge", "proc", "root", "run", "sys", "tmp", "usr", "usr/bin", "usr/lib", "usr/lib64",
            "usr/sbin", "var", "var/log");
    /** Links of the root to the folders in /usr, as on any Debian since 12. */
    private static final List<String> MERGED = List.of("bin", "lib", "lib64", "sbin");
    private static final Map<String, String> FILES = files();

    private final byte[] busybox;
    private final Map<String, byte[]> modules = new LinkedHashMap<>();

    /** @param busybox a statically linked binary for the guest's architecture */
    public Initramfs(byte[] busybox) {
        this.busybox = busybox;
    }

    /** Identifies everything in the archive that is not from a package: a change in this class changes it. */
    public static String layout() {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try {
            new Initramfs(new byte[0]).write(archive);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Digest.of(archive.toByteArray()).sha256();
    }

    /** Adds a kernel module; the guest loads them in the order they were added. */
    public void module(String name, byte[] content) {
        modules.put("usr/lib/modules/" + name, content);
    }

    /** Writes the archive, the same bytes for the same content. */
    public void write(OutputStream out) throws IOException {
        try (CpioWriter archive = new CpioWriter(out)) {
            for (String directory : DIRECTORIES) {
                archive.directory(directory, directory.equals("tmp") ? 01777 : 0755);
            }
            for (String folder : MERGED) {
                archive.symbolicLink(folder, "usr/" + folder);
            }
            // The kernel opens the console for process 1 before anything is mounted.
            archive.characterDevice("dev/console", 0600, 5, 1);
            archive.characterDevice("dev/null", 0666, 1, 3);
            archive.file("usr/bin/busybox", 0755, busybox);
            archive.symbolicLink("usr/bin/sh", "busybox");
            for (Map.Entry<String, String> file : FILES.entrySet()) {
                archive.file(file.getKey(), 0644, file.getValue().getBytes(StandardCharsets.UTF_8));
            }
            archive.file("init", 0755, script("init"));
            archive.file("lodge/session", 0755, script("session"));
            archive.file("lodge/command", 0755, script("command"));
            archive.file("lodge/dhcp", 0755, script("dhcp"));
            archive.file("lodge/agent", 0755, agent());
            archive.file("lodge/switch", 0755, script("switch"));
            writeUnits(archive);
            writeModules(archive);
        }
    }

    /** For systemd, in a root file system that takes over. */
    private static void writeUnits(CpioWriter archive) throws IOException {
        for (String folder : List.of("", "/multi-user.target.wants", "/serial-getty@ttyS0.service.d", "/lodge-session.service.d")) {
            archive.directory("lodge/units" + folder, 0755);
        }
        archive.file("lodge/units/lodge-session.service", 0644, script("session.service"));
        archive.symbolicLink("lodge/units/multi-user.target.wants/lodge-session.service", "../lodge-session.service");
        archive.file("lodge/units/serial-getty@ttyS0.service.d/autologin.conf", 0644, script("autologin.conf"));
        archive.file("lodge/units/lodge-agent.service", 0644, script("agent.service"));
        archive.file("lodge/agent.rules", 0644, script("agent.rules"));
    }

    private void writeModules(CpioWriter archive) throws IOException {
        List<String> paths = new ArrayList<>();
        archive.directory("usr/lib/modules", 0755);
        for (Map.Entry<String, byte[]> module : modules.entrySet()) {
            archive.file(module.getKey(), 0644, module.getValue());
            paths.add("/" + module.getKey() + "\n");
        }
        archive.file("lodge/modules", 0644, String.join("", paths).getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("etc/group", "root:x:0:\nnogroup:x:65534:\n");
        files.put("etc/hostname", "lodge\n");
        files.put("etc/hosts", "127.0.0.1\tlocalhost lodge\n::1\tlocalhost\n");
        files.put("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
        files.put("etc/profile", "PS1='\\h:\\w# '\n");
        return files;
    }

    /** The script by which a guest runs commands for the host; {@code /lodge/agent} here, and of use in any other Linux. */
    public static byte[] agent() throws IOException {
        return script("agent");
    }

    private static byte[] script(String name) throws IOException {
        try (InputStream script = Initramfs.class.getResourceAsStream(name)) {
            return script.readAllBytes();
        }
    }
}
