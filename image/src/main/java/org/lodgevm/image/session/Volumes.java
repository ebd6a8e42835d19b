package org.lodgevm.image.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.lodgevm.image.initramfs.CpioWriter;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.MachineBuilder;

/**
 * Folders that a guest finds mounted when its command starts. To the kernel they are {@code share0}, {@code share1} and so on. Lodge's own
 * guest mounts them by a script that its process 1 runs, an image's system by units of systemd's; it gets both, in memory.
 */
public record Volumes(List<Volume> all) {
    /** What the guest needs to be told of: no devices, and no file that has its owner's rights. */
    private static final String OPTIONS = "nosuid,nodev";

    private static final String UNITS = "lodge/units";
    private static final String WANTED = UNITS + "/local-fs.target.wants";

    public Volumes {
        all = List.copyOf(all);
        Set<String> places = new HashSet<>();
        for (Volume volume : all) {
            if (!places.add(volume.guest())) {
                throw new IllegalArgumentException("two folders are to appear at %s in the guest".formatted(volume.guest()));
            }
        }
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    private static String tag(int index) {
        return "share" + index;
    }

    /** Kernel modules that mount them. */
    public List<String> drivers() {
        return isEmpty() ? List.of() : List.of("virtiofs");
    }

    /** The devices, without anything that would mount them. */
    public void attach(MachineBuilder machine) {
        for (int i = 0; i < all.size(); i++) {
            machine.device(new DeviceSpec.SharedFolder(all.get(i).host(), tag(i), all.get(i).readOnly()));
        }
    }

    /** Has a guest of this module's mount them. Called after its initial RAM disk was named. */
    public void mount(MachineBuilder machine) {
        if (!isEmpty()) {
            machine.initrd(overlay());
        }
    }

    byte[] overlay() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CpioWriter archive = new CpioWriter(bytes)) {
            archive.file("lodge/mounts", 0755, script().getBytes(UTF_8));
            archive.directory(WANTED, 0755);
            for (int i = 0; i < all.size(); i++) {
                String unit = unitName(all.get(i).guest());
                archive.file(UNITS + "/" + unit, 0644, unit(i).getBytes(UTF_8));
                archive.symbolicLink(WANTED + "/" + unit, "../" + unit);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private String options(int index) {
        return OPTIONS + (all.get(index).readOnly() ? ",ro" : "");
    }

    private String script() {
        StringBuilder script = new StringBuilder("#!/bin/sh\n");
        for (int i = 0; i < all.size(); i++) {
            String place = RunPlan.quote(all.get(i).guest());
            script.append("mkdir -p %s\nmount -t virtiofs -o %s %s %s\n".formatted(place, options(i), tag(i), place));
        }
        return script.toString();
    }

    private String unit(int index) {
        return """
               [Unit]
               Description=Folder of the host
               Before=local-fs.target

               [Mount]
               What=%s
               Where=%s
               Type=virtiofs
               Options=%s
               """.formatted(tag(index), all.get(index).guest().replace("%", "%%"), options(index));
    }

    /** The only one that a unit for this path may have. Source: systemd.unit(5), string escaping for inclusion in unit names. */
    static String unitName(String path) {
        StringBuilder name = new StringBuilder();
        for (byte letter : path.substring(1).getBytes(UTF_8)) {
            boolean plain = letter >= '0' && letter <= '9' || letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z'
                    || letter == ':' || letter == '_' || letter == '.' && !name.isEmpty();
            name.append(letter == '/' ? "-" : plain ? String.valueOf((char) letter) : "\\x%02x".formatted(letter & 0xff));
        }
        return name + ".mount";
    }
}
