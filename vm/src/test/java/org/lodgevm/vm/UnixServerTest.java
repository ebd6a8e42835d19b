package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixServerTest {
    @TempDir
    private Path folder;

    @Test
    void whatADeadProcessHasLeftIsReplacedAndNothingElse() throws IOException {
        Path path = folder.resolve("box");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
            assertRefused(path, "another process listens there");
        }
        UnixServer.at(path).close();
        assertThat(path).doesNotExist();
        Files.writeString(path, "mine");
        assertRefused(path, "name another path");
        assertThat(path).hasContent("mine");
    }

    private static void assertRefused(Path path, String why) {
        assertThatThrownBy(() -> UnixServer.at(path)).isInstanceOf(MachineException.class).hasMessageContaining(path.toString()).hasMessageContaining(why);
    }
}
