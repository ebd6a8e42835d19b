package org.lodgevm.devices.chipset.debug;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lodgevm.devices.chipset.RecordingPower;
import org.lodgevm.devices.chipset.Wire;
import org.lodgevm.machine.IoRegion;

class DebugDevicesTest {
    private final List<Wire> wires = Stream.generate(Wire::new).limit(TestDevice.LINES).toList();
    private final TestDevice test = new TestDevice(Collections.unmodifiableList(wires));

    @Test
    void aWriteEndsTheMachineWithItsValue() {
        RecordingPower power = new RecordingPower();
        DebugExit exit = new DebugExit(power);
        exit.write(0, 1, 0x10);
        exit.write(0, 4, 0xffff_ffffL);
        assertThat(power.requests()).containsExactly("exit 16", "exit -1");
        assertThat(exit.read(0, 1)).isZero();
    }

    /** A stream that counts how often it was flushed. */
    private static final class Flushed extends ByteArrayOutputStream {
        private int flushes;

        @Override
        public void flush() {
            flushes++;
        }
    }

    @Test
    void theConsoleTakesBytesAndTellsThatItIsThere() {
        Flushed output = new Flushed();
        DebugConsole console = new DebugConsole(output);
        assertThat(console.read(0, 1)).isEqualTo(0xe9);
        "ab\nc".chars().forEach(c -> console.write(0, 1, c));
        assertThat(output.flushes).as("after the line").isEqualTo(1);
        console.flush();
        assertThat(output.flushes).isEqualTo(2);
        assertThat(output.toString(US_ASCII)).isEqualTo("ab\nc");
    }

    @Test
    void aBrokenStreamIsNotWrittenAgainAndHarmsNoGuest() {
        int[] attempts = {0};
        DebugConsole console = new DebugConsole(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                attempts[0]++;
                throw new IOException("closed");
            }
        });
        console.write(0, 1, 'a');
        console.write(0, 1, 'b');
        console.flush();
        assertThat(attempts[0]).isEqualTo(1);
    }

    @Test
    void theEchoRegisterKeepsAccessesOfEveryWidth() {
        IoRegion ports = test.ports();
        ports.write(0, 4, 0x1122_3344L);
        assertThat(ports.read(0, 4)).isEqualTo(0x1122_3344L);
        ports.write(2, 2, 0xaabb);
        ports.write(1, 1, 0xcc);
        assertThat(ports.read(0, 4)).isEqualTo(0xaabb_cc44L);
        assertThat(ports.read(2, 2) & 0xffff).isEqualTo(0xaabb);
        assertThat(ports.read(8, 4)).as("the same register again").isEqualTo(0xaabb_cc44L);
        ports.write(9, 1, 0x55);
        assertThat(ports.read(1, 1) & 0xff).isEqualTo(0x55);
    }

    @Test
    void thePageToMapAnewIsAcceptedWithoutEffect() {
        IoRegion ports = test.ports();
        ports.write(0, 4, 1);
        ports.write(4, 4, 0xdead_0000L);
        assertThat(ports.read(4, 4)).isEqualTo(-1);
        assertThat(ports.read(0, 4)).isEqualTo(1);
    }

    @Test
    void aPortDrivesItsInterruptLine() {
        IoRegion lines = test.lines();
        lines.write(14, 1, 1);
        assertThat(wires.get(14).asserted()).isTrue();
        lines.write(14, 1, 0);
        assertThat(wires.get(14).asserted()).isFalse();
        lines.write(23, 4, 0x0101_0101L);
        assertThat(wires.get(23).asserted()).isTrue();
        assertThat(lines.read(23, 1)).isEqualTo(0xff);
        test.reset();
        assertThat(wires).noneMatch(Wire::asserted);
    }

    @Test
    void itsMemoryTakesEveryWidth() {
        IoRegion memory = test.memory();
        memory.write(8, 8, 0x8877_6655_4433_2211L);
        assertThat(memory.read(8, 8)).isEqualTo(0x8877_6655_4433_2211L);
        assertThat(memory.read(11, 2)).isEqualTo(0x5544);
        memory.write(TestDevice.MEMORY - 1, 4, 0x7f);
        assertThat(memory.read(TestDevice.MEMORY - 1, 1)).isEqualTo(0x7f);
        assertThat(memory.read(TestDevice.MEMORY - 1, 2)).isEqualTo(0xff7f);
    }
}
