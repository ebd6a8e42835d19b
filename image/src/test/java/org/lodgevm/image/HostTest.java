package org.lodgevm.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostTest {
    private static final Path HOME = Path.of("/home/user");

    @Test
    void theCacheIsWhereTheSystemKeepsCaches() {
        assertThat(folder("Linux", Map.of())).isEqualTo(HOME.resolve(".cache/lodge"));
        assertThat(folder("FreeBSD", Map.of())).isEqualTo(HOME.resolve(".cache/lodge"));
        assertThat(folder("Mac OS X", Map.of())).isEqualTo(HOME.resolve("Library/Caches/lodge"));
        assertThat(folder("Windows 11", Map.of())).isEqualTo(HOME.resolve("AppData/Local/lodge"));
        assertThat(folder("Windows 11", Map.of("LOCALAPPDATA", "/local"))).isEqualTo(Path.of("/local/lodge"));
    }

    @Test
    void theUserMayNameAnotherFolderForCaches() {
        assertThat(folder("Linux", Map.of("XDG_CACHE_HOME", "/elsewhere"))).isEqualTo(Path.of("/elsewhere/lodge"));
        assertThat(folder("Mac OS X", Map.of("XDG_CACHE_HOME", "/elsewhere"))).isEqualTo(Path.of("/elsewhere/lodge"));
    }

    @Test
    void aRelativeOrEmptyNameDoesNotCount() {
        assertThat(folder("Linux", Map.of("XDG_CACHE_HOME", "here"))).isEqualTo(HOME.resolve(".cache/lodge"));
        assertThat(folder("Linux", Map.of("XDG_CACHE_HOME", ""))).isEqualTo(HOME.resolve(".cache/lodge"));
    }

    private static Path folder(String system, Map<String, String> environment) {
        return new Host(Path.of("/"), environment, system, HOME, InstantSource.system()).cacheFolder();
    }
}
