package org.lodgevm.net.user.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolversTest {
    @TempDir
    Path folder;

    private final AtomicLong now = new AtomicLong();

    @Test
    void serversAreThoseOfTheFileAndItIsReadAnew() throws Exception {
        Path file = folder.resolve("resolv.conf");
        Files.writeString(file, "# nameserver 1.1.1.1\nsearch example.org\n  nameserver 192.0.2.1  # home\nnameserver what\nnameserver 2001:db8::1\n");
        Resolvers resolvers = Resolvers.ofFile(file, now::get);
        assertThat(resolvers.current()).extracting(a -> a.getAddress().getHostAddress() + "#" + a.getPort())
                .containsExactly("192.0.2.1#53", "2001:db8:0:0:0:0:0:1#53");
        Files.writeString(file, "nameserver 192.0.2.9\n");
        assertThat(resolvers.current()).hasSize(2);
        now.addAndGet(TimeUnit.SECONDS.toNanos(3));
        assertThat(resolvers.current()).hasSize(1);
    }

    @Test
    void aHostWithoutTheFileHasNone() {
        assertThat(Resolvers.ofFile(folder.resolve("none"), now::get).current()).isEmpty();
    }
}
