package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.storage.StorageException;

class UntilRoomTest {
    private final List<String> log = new ArrayList<>();
    private int failures;
    private int tries;

    private void write(String reason) throws IOException {
        tries++;
        if (failures-- > 0) {
            throw new StorageException("disk.qcow2", 0, "writing failed", new IOException(reason));
        }
    }

    @Test
    void whatFindsNoRoomIsWrittenWhenThereIsSomeAndToldOfOnce() throws IOException {
        failures = 3;
        new UntilRoom(log::add, () -> {}).write(() -> write("No space left on device"));
        assertThat(tries).isEqualTo(4);
        assertThat(log).singleElement().asString().contains("disk.qcow2", "until there is room");
    }

    @Test
    void anythingElseThatFailsFails() {
        failures = 1;
        assertThatThrownBy(() -> new UntilRoom(log::add, () -> {}).write(() -> write("Input/output error"))).isInstanceOf(StorageException.class);
        assertThat(log).isEmpty();
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() {
        failures = 1;
        UntilRoom patience = new UntilRoom(log::add, () -> {
            throw new InterruptedException();
        });
        assertThatThrownBy(() -> patience.write(() -> write("No space left on device"))).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
