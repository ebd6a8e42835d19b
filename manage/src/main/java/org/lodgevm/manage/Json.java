package org.lodgevm.manage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.lodgevm.manage.ManageException.Reason;

/** Records in files. */
final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS) // a record's components are all there is
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private Json() {}

    /** @return nothing if there is no such file */
    static <T> Optional<T> read(Path file, Class<T> type) {
        try {
            return Optional.of(read(Files.readAllBytes(file), file.toString(), type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ManageException(Reason.HOST, "%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** @param name of what is read, for messages */
    static <T> T read(byte[] bytes, String name, Class<T> type) {
        try {
            return MAPPER.readValue(bytes, type);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null ? "" : " in line %d, column %d".formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
            throw new ManageException(Reason.UNKNOWN, "%s is wrong%s: %s".formatted(name, where, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new AssertionError("bytes can be read", e);
        }
    }

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // records of texts and numbers always have a form
        }
    }

    /** Replaces a file as a whole: nobody ever sees half of it. */
    static void write(Path file, Object value) {
        write(file, value, false);
    }

    /** The same, and on return the file would survive a loss of power. */
    static void writeDurably(Path file, Object value) {
        write(file, value, true);
    }

    private static void write(Path file, Object value, boolean durably) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(fresh, MAPPER.writeValueAsString(value) + "\n");
            if (durably) {
                PrivateFiles.force(fresh);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (durably) {
                PrivateFiles.force(file.getParent());
            }
        } catch (IOException e) {
            throw new ManageException(Reason.HOST, "%s cannot be written: %s; free some space, or mend its permissions".formatted(file, e.getMessage()), e);
        }
    }
}
