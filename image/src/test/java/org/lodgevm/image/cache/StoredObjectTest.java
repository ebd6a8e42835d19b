package org.lodgevm.image.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredObjectTest {
    /** The check value that catalogues of CRCs give for CRC-32. */
    private static final String CONTENT = "123456789";

    private static final int CRC = 0xcbf4_3926;
    private static final String SHA256 = "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225";

    @TempDir
    private Path folder;

    private Cache cache;
    private StoredObject stored;

    @BeforeEach
    void store() throws IOException {
        cache = new Cache(folder.resolve("cache"));
        try (CacheLock lock = cache.lock(() -> {})) {
            stored = lock.store(out -> out.write(CONTENT.getBytes(StandardCharsets.US_ASCII)));
        }
    }

    @Test
    void whatIsStoredIsFoundAgain() {
        assertThat(stored.crc()).isEqualTo(CRC);
        assertThat(stored.digest().sha256()).isEqualTo(SHA256);
        assertThat(cache.object(stored).orElseThrow()).hasContent(CONTENT);
    }

    @Test
    void itsLineSaysItAll() {
        assertThat(stored.line()).isEqualTo(stored.digest().line() + " cbf43926");
        assertThat(StoredObject.parse(stored.line())).contains(stored);
        StoredObject small = new StoredObject(stored.digest(), 0x1f);
        assertThat(StoredObject.parse(small.line())).contains(small);
    }

    @ParameterizedTest
    @ValueSource(strings = {"123456788", "12345678", "1234567890", ""})
    void whatHasRottedIsNotFound(String content) throws IOException {
        Files.writeString(cache.object(stored).orElseThrow(), content);
        assertThat(cache.object(stored)).isEmpty();
    }

    @Test
    void whatIsNotThereIsNotFound() throws IOException {
        Files.delete(cache.object(stored).orElseThrow());
        assertThat(cache.object(stored)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "  ", "%s", "%s ", "%s cbf4392", "%s cbf439266", "%s cbf4392g", "%s -bf43926", "%s cbf43926 1", "x%s cbf43926", "cbf43926"
    })
    void aDamagedLineGivesNothing(String line) {
        assertThat(StoredObject.parse(line.replace("%s", stored.digest().line()))).isEmpty();
    }
}
