package org.lodgevm.image.apt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.Host;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.TestHost;

class AptConfigurationTest {
    private static final String SETTINGS = """
            // a proxy for all but one
            Acquire::http::Proxy "http://proxy.test:8080/";
            Acquire {
              http {
                Proxy::direct.test "DIRECT"; # not this one
                Timeout "5";
              };
              /* of several
                 lines "and quotes; */
              Check-Valid-Until "false";
            };
            APT::NeverAutoRemove { "^linux-.*"; "x{y}"; };
            DPkg::Post-Invoke { "echo ';' }"; };
            Acquire::https::Proxy "http://other.test:3128/"; // quoted
            Acquire::Retries 0;
            Acquire::Check-Date "yes";
            """;

    @TempDir
    private Path root;

    private Host host;

    @BeforeEach
    void setUp() {
        host = TestHost.in(root);
    }

    @Test
    void scopesMayBeNestedOrWrittenOut() {
        TestHost.write(host, "/etc/apt/apt.conf", SETTINGS);
        AptConfiguration apt = AptConfiguration.of(host);
        assertThat(apt.value("Acquire::http::Proxy")).contains("http://proxy.test:8080/");
        assertThat(apt.value("acquire::HTTP::proxy::direct.test")).contains("DIRECT");
        assertThat(apt.value("Acquire::http::Timeout")).contains("5");
        assertThat(apt.value("Acquire::https::Proxy")).contains("http://other.test:3128/");
        assertThat(apt.isOn("Acquire::Check-Valid-Until", true)).isFalse();
        assertThat(apt.isOn("Acquire::Check-Date", false)).isTrue();
        assertThat(apt.isOn("Acquire::Unknown", true)).isTrue();
    }

    @Test
    void aptReadsTheSame() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/apt-config")), "needs apt");
        Path file = TestHost.write(host, "/etc/apt/apt.conf", SETTINGS);
        AptConfiguration apt = AptConfiguration.of(host);
        for (String key : List.of(
                "Acquire::http::Proxy",
                "Acquire::http::Proxy::direct.test",
                "Acquire::http::Timeout",
                "Acquire::https::Proxy",
                "Acquire::Check-Valid-Until",
                "Acquire::Retries")) {
            Process aptConfig = new ProcessBuilder("/usr/bin/apt-config", "-c", file.toString(), "shell", "V", key).start();
            String said = new String(aptConfig.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            aptConfig.waitFor();
            assertThat("V='" + apt.value(key).orElse("") + "'\n").as(key).isEqualTo(said);
        }
    }

    @Test
    void laterFilesWinAndTheMainFileComesLast() {
        TestHost.write(host, "/etc/apt/apt.conf.d/10a", "A::B \"1\"; A::C \"1\"; A::D \"1\";");
        TestHost.write(host, "/etc/apt/apt.conf.d/20b.conf", "A::C \"2\"; A::D \"2\";");
        TestHost.write(host, "/etc/apt/apt.conf", "A::D \"3\";");
        TestHost.write(host, "/etc/apt/apt.conf.d/30c.dpkg-old", "A::B \"9\";");
        AptConfiguration apt = AptConfiguration.of(host);
        assertThat(List.of(apt.value("A::B"), apt.value("A::C"), apt.value("A::D")).toString())
                .isEqualTo("[Optional[1], Optional[2], Optional[3]]");
    }

    @Test
    void theEnvironmentMayNameAFileThatIsReadFirst() throws IOException {
        Path named = Files.writeString(root.resolve("named"), "A::B \"1\"; A::C \"1\";");
        TestHost.write(host, "/etc/apt/apt.conf", "A::C \"2\";");
        AptConfiguration apt = AptConfiguration.of(TestHost.with(host, Map.of("APT_CONFIG", named.toString())));
        assertThat(apt.value("A::B")).contains("1");
        assertThat(apt.value("A::C")).contains("2");
    }

    @Test
    void directivesClearAndInclude() {
        TestHost.write(host, "/etc/apt/more", "A::C \"3\";");
        TestHost.write(host, "/etc/apt/apt.conf", "A::B::D \"1\";\n#clear A::B;\n#include \"more\";\n# clear A::C;\n");
        AptConfiguration apt = AptConfiguration.of(host);
        assertThat(apt.value("A::B::D")).isEmpty();
        assertThat(apt.value("A::C")).contains("3");
    }

    @Test
    void aFileThatIncludesItselfIsAnError() {
        TestHost.write(host, "/etc/apt/apt.conf", "#include \"apt.conf\";\n");
        assertThatThrownBy(() -> AptConfiguration.of(host))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("apt.conf");
    }

    @Test
    void unbalancedBracesDoNoHarm() {
        TestHost.write(host, "/etc/apt/apt.conf", "} } A { B \"1\"; } ; } C \"2\"; \"");
        assertThat(AptConfiguration.of(host).value("C")).contains("2");
    }
}
