import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the classes of Java 5 and before anew, with what makes them ones of Java 6: stack maps, by which the JVM verifies a class without finding out for
 * itself what is on its stack. An ahead-of-time cache holds no others, so that they would be read and verified at each start. Source: JVMS 4.10.1.
 */
final class OldClasses {
    private static final int HEADER_BYTES = 8;
    private static final int VERSION = 6;

    private OldClasses() {}

    /** Whether a jar has some. */
    static boolean in(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : classes(file)) {
                try (InputStream bytes = file.getInputStream(entry)) {
                    if (ByteBuffer.wrap(bytes.readNBytes(HEADER_BYTES)).getShort(VERSION) < ClassFile.JAVA_6_VERSION) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private static List<JarEntry> classes(JarFile file) {
        return file.stream().filter(OldClasses::isClass).toList();
    }

    private static boolean isClass(ZipEntry entry) {
        return entry.getName().endsWith(".class");
    }

    /** Copies a jar, with its classes renewed. The same jar gives the same bytes. */
    static void renew(Path jar, Path to) throws IOException {
        try (JarFile file = new JarFile(jar.toFile());
                URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
            ClassFile format = ClassFile.of(
                    StackMapsOption.GENERATE_STACK_MAPS, ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader)));
            for (JarEntry entry : file.stream().toList()) {
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                out.putNextEntry(copy);
                byte[] bytes = file.getInputStream(entry).readAllBytes();
                out.write(isClass(entry) ? renew(bytes, format) : bytes);
            }
        }
    }

    private static byte[] renew(byte[] bytes, ClassFile format) {
        var old = format.parse(bytes);
        if (old.majorVersion() >= ClassFile.JAVA_6_VERSION) {
            return bytes;
        }
        ClassTransform renewal = (builder, element) -> {
            switch (element) {
                case ClassFileVersion _ -> builder.withVersion(ClassFile.JAVA_6_VERSION, 0);
                case MethodModel method -> builder.transformMethod(method, MethodTransform.transformingCode(CodeBuilder::with));
                default -> builder.with(element);
            }
        };
        return format.transformClass(old, renewal);
    }
}
