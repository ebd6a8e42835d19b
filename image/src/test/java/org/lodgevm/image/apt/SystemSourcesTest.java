package org.lodgevm.image.apt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.Host;
import org.lodgevm.image.TestHost;

class SystemSourcesTest {
    @TempDir
    private Path root;

    private Host host;

    @BeforeEach
    void setUp() {
        host = TestHost.in(root);
    }

    @Test
    void aMachineWithoutAptHasNoSources() {
        assertThat(SystemSources.of(host)).isEmpty();
    }

    @Test
    void allOfAptsFilesAreReadInItsOrder() {
        TestHost.write(host, "/etc/apt/sources.list", "deb http://main.test/ a main");
        TestHost.write(host, "/etc/apt/sources.list.d/b.list", "deb http://b.test/ a main");
        TestHost.write(host, "/etc/apt/sources.list.d/a.list", "deb http://a.test/ a main");
        TestHost.write(
                host,
                "/etc/apt/sources.list.d/c.sources",
                "Types: deb\nURIs: http://c.test/\nSuites: a\nComponents: main\n");
        assertThat(SystemSources.of(host).stream().map(source -> source.archive().getHost()))
                .containsExactly("main.test", "a.test", "b.test", "c.test");
    }

    @Test
    void filesThatAptIgnoresAreIgnored() {
        TestHost.write(host, "/etc/apt/sources.list.d/a.list.disabled", "deb http://a.test/ a main");
        TestHost.write(host, "/etc/apt/sources.list.d/b.list~", "deb http://b.test/ a main");
        TestHost.write(host, "/etc/apt/sources.list.d/c d.sources", "nonsense");
        assertThat(SystemSources.of(host)).isEmpty();
    }
}
