package org.lodgevm.image.seed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.lodgevm.image.ImageException;

/** Reads the user's files. */
public final class SeedFile {
    /** More than any cloud accepts. */
    static final int LARGEST = 1 << 20;

    /** By what cloud-init tells what user data is. @cloudinit User-data formats */
    private static final List<String> BEGINNINGS = List.of(
            "#cloud-config", "#!", "#cloud-boothook", "#include", "#part-handler", "## template: jinja", "Content-Type:", "MIME-Version:");

    private static final int SHOWN = 24;

    private SeedFile() {}

    /**
     * User data: what cloud-init is to do.
     *
     * @throws ImageException if it cannot be read, or cloud-init would pass it over
     */
    public static byte[] userData(Path file) {
        byte[] content = read(file);
        String text = new String(content, ISO_8859_1);
        if (BEGINNINGS.stream().noneMatch(text::startsWith)) {
            String first = text.lines().findFirst().orElse("").strip();
            throw new ImageException("%s begins with '%s', which cloud-init does not know; begin it with '#cloud-config', or with '#!' and an interpreter"
                    .formatted(file, first.length() > SHOWN ? first.substring(0, SHOWN) + "..." : first));
        }
        return content;
    }

    /** Any other file. @throws ImageException if it cannot be read */
    public static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new ImageException("%s is larger than %d KiB; have what is in it downloaded or shared by -v instead".formatted(file, LARGEST >> 10));
            }
            return content;
        } catch (IOException e) {
            throw new ImageException("Cannot read %s: %s".formatted(file, reason(e)), e);
        }
    }

    private static String reason(IOException problem) {
        return switch (problem) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "permission denied";
            default -> problem.getMessage();
        };
    }
}
