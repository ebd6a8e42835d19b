import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the application image, the folder from which {@code lodge} runs:
 *
 * <pre>
 * bin/lodge    starts it
 * lib/         our modules and their dependencies
 * runtime/     a Java runtime with only the modules that lib needs; absent where jlink cannot make one, then
 * jdk          names the JDK to use instead
 * renewed/     dependencies whose classes were too old for that
 * lodge.aot    an ahead-of-time cache: classes loaded and linked
 * run.aot      the same for lodge run alone
 * options      for the JVM, of this host
 * place        where the image was when the caches were made
 * built        when that was, in words and as the time of the file
 * </pre>
 *
 * <p>Run by the build of the cli module with its JDK: {@code java BuildImage.java IMAGE BIN BEGUN JARS...}, where BEGUN is
 * when the build began, and JARS are files or folders of them. What is up to date stays.
 */
final class BuildImage {
    /** What automatic modules use, which cannot say so. */
    private static final Set<String> UNDECLARED = Set.of("java.logging");
    /** Variables with options for JVMs. A cache is of use to those JVMs only that have the same options. */
    private static final Set<String> OPTIONS = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "LODGE_JAVA_OPTS");

    /** Ahead-of-time caches, and which part of the rehearsal each is of. */
    private static final Map<String, List<String>> CACHES = Map.of("lodge.aot", List.of(), "run.aot", List.of("run"));

    private final Path image;
    private final Path lib;
    private final Path runtime;

    private BuildImage(Path image) {
        this.image = image;
        this.lib = image.resolve("lib");
        this.runtime = image.resolve("runtime");
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        BuildImage build = new BuildImage(Path.of(args[0]).toAbsolutePath());
        build.copy(list(Path.of(args[1])), build.image.resolve("bin"));
        build.copy(build.cacheable(jars(List.of(args).subList(3, args.length))), build.lib);
        build.makeRuntime();
        build.answer();
        build.makeCaches();
        build.stamp(Instant.parse(args[2]));
    }

    /** Tells what would otherwise be looked for in every jar: whether somebody replaces the JDK's sockets, and who writes down what SLF4J is told. */
    private void answer() throws IOException {
        Files.write(image.resolve("options"), List.of(
                "-D%s=%s".formatted(SelectorProvider.class.getName(), SelectorProvider.provider().getClass().getName()),
                "-Dslf4j.provider=org.lodgevm.cli.log.StandardErrorLogging",
                "-Dslf4j.internal.verbosity=WARN")); // or it says that it was told
    }

    /** Says how new the sources are that the image is made of: what changed later is not in it. */
    private void stamp(Instant begun) throws IOException {
        Path stamp = image.resolve("built");
        Files.writeString(stamp, begun + "\n");
        Files.setLastModifiedTime(stamp, FileTime.from(begun));
    }

    private static List<Path> jars(List<String> places) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (String place : places) {
            jars.addAll(Files.isDirectory(Path.of(place)) ? list(Path.of(place)) : List.of(Path.of(place)));
        }
        return jars;
    }

    /** The same jars, or what stands for them in a cache. */
    private List<Path> cacheable(List<Path> jars) throws IOException {
        Path folder = Files.createDirectories(image.resolve("renewed"));
        List<Path> cacheable = new ArrayList<>();
        for (Path jar : jars) {
            if (OldClasses.in(jar)) {
                Path renewed = folder.resolve(jar.getFileName());
                OldClasses.renew(jar, renewed);
                cacheable.add(renewed);
            } else {
                cacheable.add(jar);
            }
        }
        return cacheable;
    }

    /** Makes {@code folder} hold these files and no others. Before anything changes the caches are gone, which would not fit. */
    private void copy(List<Path> files, Path folder) throws IOException {
        Files.createDirectories(folder);
        Set<Path> names = files.stream().map(Path::getFileName).collect(Collectors.toSet());
        for (Path old : list(folder)) {
            if (!names.contains(old.getFileName())) {
                deleteCaches();
                Files.delete(old);
            }
        }
        for (Path file : files) {
            Path to = folder.resolve(file.getFileName());
            if (!Files.exists(to) || Files.mismatch(file, to) >= 0) {
                deleteCaches();
                Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private void makeRuntime() throws IOException {
        Set<String> modules = systemModules();
        String wanted = System.getProperty("java.home") + " " + Runtime.version() + " " + modules;
        Path made = image.resolve("runtime.txt");
        if (Files.exists(made) && Files.readString(made).equals(wanted)) {
            return;
        }
        deleteCaches();
        Files.deleteIfExists(made);
        delete(runtime);
        int status = ToolProvider.findFirst("jlink")
                .map(jlink -> jlink.run(
                        System.out,
                        System.err,
                        "--add-modules", String.join(",", modules),
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--generate-cds-archive",
                        "--output", runtime.toString()))
                .orElse(1);
        Path jdk = image.resolve("jdk");
        if (status == 0) {
            Files.deleteIfExists(jdk);
        } else {
            delete(runtime);
            Files.writeString(jdk, System.getProperty("java.home") + "\n");
            System.out.println("No runtime by jlink; the image uses this JDK.");
        }
        Files.writeString(made, wanted);
    }

    /** The JDK's modules that lib needs. */
    private Set<String> systemModules() {
        ModuleFinder ours = ModuleFinder.of(lib);
        Set<String> roots = ours.findAll().stream().map(module -> module.descriptor().name()).collect(Collectors.toSet());
        Set<String> modules = new TreeSet<>(UNDECLARED);
        Configuration.empty().resolve(ours, ModuleFinder.ofSystem(), roots).modules().stream()
                .map(ResolvedModule::reference)
                .filter(BuildImage::isSystem)
                .forEach(module -> modules.add(module.descriptor().name()));
        return modules;
    }

    private static boolean isSystem(ModuleReference module) {
        return module.location().filter(uri -> uri.getScheme().equals("jrt")).isPresent();
    }

    private void deleteCaches() throws IOException {
        for (String name : CACHES.keySet()) {
            Files.deleteIfExists(image.resolve(name));
        }
    }

    private void makeCaches() throws IOException, InterruptedException {
        for (Map.Entry<String, List<String>> cache : CACHES.entrySet()) {
            if (!Files.exists(image.resolve(cache.getKey()))) {
                makeCache(cache.getKey(), cache.getValue());
            }
        }
    }

    /** Records a rehearsal; a cache that does not fit is ignored by the JVM, so that failing here costs speed only. */
    private void makeCache(String name, List<String> part) throws IOException, InterruptedException {
        Path made = image.resolve(name + ".new");
        Files.deleteIfExists(made);
        List<String> command = new ArrayList<>(part);
        command.addFirst(image.resolve("bin/lodge").toString());
        ProcessBuilder rehearsal = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(image.resolve("rehearsal.log").toFile());
        rehearsal.environment().keySet().removeAll(OPTIONS);
        rehearsal.environment().put("LODGE_REHEARSAL", made.toString());
        Path machines = image.resolve("rehearsal"); // not among the user's
        rehearsal.environment().put("XDG_DATA_HOME", machines.toString());
        int status = rehearsal.start().waitFor();
        delete(machines);
        if (status == 0 && Files.exists(made)) {
            Files.move(made, image.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.deleteIfExists(made);
            System.out.println("The rehearsal failed (status " + status + "): see rehearsal.log in the image.");
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(BuildImage::deleteFile);
            }
        }
    }

    private static void deleteFile(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
