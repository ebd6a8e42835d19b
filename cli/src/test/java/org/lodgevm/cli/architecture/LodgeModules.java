package org.lodgevm.cli.architecture;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The main classes of all modules that this test runs with. */
final class LodgeModules {
    private static final String PREFIX = "org.lodgevm.";

    private LodgeModules() {}

    /** For ArchUnit. */
    static JavaClasses classes() {
        return new ClassFileImporter().importUrls(references().map(LodgeModules::location).toList());
    }

    /** The class files of a module's package, as bytes have it. */
    static List<ClassModel> classFiles(String module, String packageName) {
        String folder = packageName.replace('.', '/') + "/";
        return references()
                .filter(reference -> reference.descriptor().name().equals(module))
                .flatMap(reference -> read(reference, folder).stream())
                .toList();
    }

    /** What a module provides of a service, by its descriptor and by the file that the class path has instead. */
    record Provided(String service, Set<String> byModule, Set<String> byFile) {}

    /** What those modules provide that programs embed. */
    static List<Provided> services() {
        return references()
                .filter(reference -> !reference.descriptor().name().equals(PREFIX + "cli"))
                .flatMap(reference -> reference.descriptor().provides().stream()
                        .map(provides -> new Provided(provides.service(), Set.copyOf(provides.providers()), listed(reference, provides.service()))))
                .toList();
    }

    private static Set<String> listed(ModuleReference reference, String service) {
        try (ModuleReader reader = reference.open()) {
            String file = "META-INF/services/" + service;
            return reader.find(file).isEmpty() ? Set.of() : new String(bytes(reader, file), UTF_8).lines().collect(Collectors.toSet());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<ModuleReference> references() {
        return ModuleLayer.boot().configuration().modules().stream()
                .map(ResolvedModule::reference)
                .filter(module -> module.descriptor().name().startsWith(PREFIX));
    }

    private static List<ClassModel> read(ModuleReference reference, String folder) {
        try (ModuleReader reader = reference.open();
                Stream<String> names = reader.list()) {
            return names.filter(name -> name.startsWith(folder) && name.endsWith(".class"))
                    .filter(name -> name.indexOf('/', folder.length()) < 0)
                    .map(name -> ClassFile.of().parse(bytes(reader, name)))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(ModuleReader reader, String name) {
        try {
            return reader.open(name).orElseThrow().readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static URL location(ModuleReference module) {
        try {
            return module.location().orElseThrow().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
