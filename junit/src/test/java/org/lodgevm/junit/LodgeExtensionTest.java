package org.lodgevm.junit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThatCode;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.suppressed;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.OutputDirectoryCreator;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Progress;
import org.lodgevm.image.guest.DebianGuest;
import org.lodgevm.image.guest.DebianPackages;
import org.lodgevm.vm.Machine;

/** The extension in JUnit's own hands. It needs Debian's packages: from the cache, or over the network. */
@Timeout(240)
class LodgeExtensionTest {
    private static final List<TestMachine> SEEN = new ArrayList<>();

    @BeforeAll
    static void getGuest() {
        assumeThatCode(() -> DebianGuest.of(DebianPackages.configured(), Architecture.AMD64).prepare(Progress.SILENT)).doesNotThrowAnyException();
    }

    @Lodge(publish = 80)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class Shared {
        @Test
        @Order(1)
        void servesAFile(TestMachine machine) throws Exception {
            SEEN.add(machine);
            machine.files().write("/tmp/index.html", "hello");
            machine.exec("httpd", "-h", "/tmp").orThrow();
            try (InputStream page = URI.create("http://127.0.0.1:%d/".formatted(machine.port(80))).toURL().openStream()) {
                assertThat(new String(page.readAllBytes(), UTF_8)).isEqualTo("hello");
            }
        }

        @Test
        @Order(2)
        void hasWhatTheOtherLeft(TestMachine machine, @TempDir Path folder) throws Exception {
            SEEN.add(machine);
            machine.files().copyOut("/tmp/index.html", folder);
            assertThat(Files.readString(folder.resolve("index.html"))).isEqualTo("hello");
            assertThatThrownBy(() -> machine.port(81)).hasMessageContaining("publish");
        }

        @Test
        @Order(3)
        void failsWithTheConsole(TestMachine machine) throws Exception {
            machine.exec("sh", "-c", "echo a message of the guest >/dev/ttyS0").orThrow();
            machine.console();
            throw new AssertionError("on purpose");
        }

        @Lodge(memory = 128)
        @Test
        @Order(4)
        void hasItsOwn(TestMachine machine) throws Exception {
            SEEN.add(machine);
            assertThat(machine.exec("ls", "/tmp").text()).isEmpty();
        }
    }

    /** Where JUnit puts the files that tests publish. */
    private static OutputDirectoryCreator filesTo(Path folder) {
        return new OutputDirectoryCreator() {
            @Override
            public Path getRootDirectory() {
                return folder;
            }

            @Override
            public Path createOutputDirectory(TestDescriptor test) {
                return folder;
            }
        };
    }

    @Test
    void machinesAreSharedKeptWithFailuresAndClosed(@TempDir Path folder) {
        EngineTestKit.engine("junit-jupiter").outputDirectoryCreator(filesTo(folder)).selectors(selectClass(Shared.class)).execute().testEvents()
                .assertStatistics(statistics -> statistics.succeeded(3).failed(1))
                .assertThatEvents()
                .haveExactly(1, event(test("failsWithTheConsole"), finishedWithFailure(
                        message("on purpose"), suppressed(0, message(text -> text.contains("a message of the guest"))))));
        assertThat(folder.resolve("console.log")).content().contains("Linux version", "a message of the guest");
        assertThat(SEEN).hasSize(3);
        assertThat(SEEN.get(0)).isSameAs(SEEN.get(1)).isNotSameAs(SEEN.get(2));
        assertThat(SEEN).allSatisfy(machine -> assertThat(machine.machine().state()).isEqualTo(Machine.State.ENDED));
    }

    @Lodge(scope = Lodge.Scope.RESET, publish = 80, memory = 128)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class Reset {
        private static TestMachine machine;

        @BeforeAll
        static void setUp(TestMachine given) throws Exception {
            machine = given;
            machine.exec("sh", "-c", "echo before >/tmp/index.html; httpd -h /tmp").orThrow();
        }

        private static String page() throws Exception {
            try (InputStream page = URI.create("http://127.0.0.1:%d/".formatted(machine.port(80))).toURL().openStream()) {
                return new String(page.readAllBytes(), UTF_8).strip();
            }
        }

        @Test
        @Order(1)
        void changesSomething() throws Exception {
            machine.exec("sh", "-c", "echo after >/tmp/index.html; echo >/tmp/new; killall httpd").orThrow();
        }

        @Test
        @Order(2)
        void findsAllAsItWasAndSwitchesItOff() throws Exception {
            assertThat(page()).isEqualTo("before");
            assertThat(machine.exec("ls", "/tmp").text()).doesNotContain("new");
            machine.machine().stop();
        }

        @Test
        @Order(3)
        void findsAllAsItWasNevertheless(TestMachine same) throws Exception {
            assertThat(same).isSameAs(machine);
            assertThat(page()).isEqualTo("before");
            machine.exec("sh", "-c", "echo >/tmp/new").orThrow();
        }

        @Test
        @Order(4)
        void andAgain() throws Exception {
            assertThat(machine.exec("ls", "/tmp").text()).contains("index.html").doesNotContain("new");
        }
    }

    @Test
    void aMachineIsSetBackBeforeEachTest() {
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(Reset.class)).execute().testEvents()
                .assertStatistics(statistics -> statistics.succeeded(4).failed(0));
    }

    static class WithoutAnnotation {
        @Test
        @ExtendWith(LodgeExtension.class)
        void asks(TestMachine machine) {
            SEEN.add(machine);
        }
    }

    @Test
    void aMachineHasToBeDescribed() {
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(WithoutAnnotation.class)).execute().testEvents()
                .assertThatEvents()
                .haveExactly(1, event(finishedWithFailure(message(text -> text.contains("@Lodge")))));
    }
}
