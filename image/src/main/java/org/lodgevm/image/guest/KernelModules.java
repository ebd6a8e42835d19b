package org.lodgevm.image.guest;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.deb.Compression;
import org.lodgevm.image.deb.MalformedPackageException;
import org.lodgevm.image.deb.TarEntry;

/**
 * The modules in a kernel's package. Debian works out their dependencies when a kernel is installed, so they are read
 * here from the modules themselves.
 */
final class KernelModules {
    private static final Predicate<String> MODULE = PackageFiles.glob("**/lib/modules/**.ko*");
    private static final int LARGEST = 64 << 20;

    private final PackageFiles kernel;

    KernelModules(PackageFiles kernel) {
        this.kernel = kernel;
    }

    /** @return file names and contents of these modules and of those they need, in the order of loading */
    Map<String, byte[]> withDependencies(List<String> names) {
        Map<String, byte[]> ordered = new LinkedHashMap<>();
        if (names.isEmpty()) {
            return ordered;
        }
        Map<String, List<String>> dependencies = new HashMap<>();
        kernel.visit(MODULE, (entry, content) -> {
            dependencies.put(name(entry), ModuleInfo.dependencies(read(entry, content)));
            return true;
        });
        Set<String> order = new LinkedHashSet<>();
        for (String name : names) {
            collect(canonical(name), dependencies, new HashSet<>(), order);
        }
        Map<String, byte[]> contents = new HashMap<>();
        kernel.visit(MODULE, (entry, content) -> {
            if (order.contains(name(entry))) {
                contents.put(name(entry), read(entry, content));
            }
            return contents.size() < order.size();
        });
        order.forEach(name -> ordered.put(name + ".ko", contents.get(name)));
        return ordered;
    }

    private void collect(
            String name, Map<String, List<String>> dependencies, Set<String> path, Set<String> order) {
        if (order.contains(name) || !path.add(name)) {
            return;
        }
        if (!dependencies.containsKey(name)) {
            throw new ImageException("The kernel has no module " + name
                    + ". It may be built in: leave it out, or choose another kernel");
        }
        for (String dependency : dependencies.get(name)) {
            collect(dependency, dependencies, path, order);
        }
        order.add(name);
    }

    private static byte[] read(TarEntry entry, InputStream content) throws IOException {
        byte[] module = Compression.of(entry.path()).unpack(content).readNBytes(LARGEST + 1);
        if (module.length > LARGEST) {
            throw new MalformedPackageException("The module " + entry.path() + " is absurdly large");
        }
        return module;
    }

    private static String name(TarEntry entry) {
        String file = entry.path().substring(entry.path().lastIndexOf('/') + 1);
        return canonical(file.substring(0, file.indexOf(".ko")));
    }

    /** A dash and an underscore are the same in a module's name. */
    static String canonical(String name) {
        return name.replace('-', '_');
    }
}
