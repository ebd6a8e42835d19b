package org.lodgevm.vm.boot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that accompanies a kernel: an initial RAM disk, or a multiboot or PVH module with arguments of its own.
 *
 * @param arguments what follows the file's name in the module's command line; empty when there is nothing
 */
public record BootModule(BootFile file, String arguments) {
    /**
     * Reads what users know from other hypervisors as {@code -initrd}: one file, or several separated by commas, each
     * with arguments after a space; a doubled comma is a comma in a name. An existing file of exactly that name is taken as such.
     */
    public static List<BootModule> parse(String initrd) {
        if (Files.exists(Path.of(initrd))) {
            return List.of(of(initrd));
        }
        List<BootModule> modules = new ArrayList<>();
        StringBuilder one = new StringBuilder();
        for (int i = 0; i < initrd.length(); i++) {
            char c = initrd.charAt(i);
            if (c == ',' && i + 1 < initrd.length() && initrd.charAt(i + 1) == ',') {
                i++;
            } else if (c == ',') {
                modules.add(withArguments(one.toString()));
                one.setLength(0);
                continue;
            }
            one.append(c);
        }
        modules.add(withArguments(one.toString()));
        return List.copyOf(modules);
    }

    private static BootModule of(String path) {
        return new BootModule(BootFile.of(Path.of(path)), "");
    }

    private static BootModule withArguments(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            throw new BootException("the list of initial RAM disks has an empty entry; separate file names by one comma");
        }
        int space = trimmed.indexOf(' ');
        return space < 0
                ? of(trimmed)
                : new BootModule(BootFile.of(Path.of(trimmed.substring(0, space))), trimmed.substring(space + 1).strip());
    }
}
