package org.lodgevm.devices.chipset.firmware;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FwCfgTest {
    private static final int FILE_DIRECTORY = 0x19;
    private static final Runnable NOTHING = () -> {};

    private final FwCfg device = new FwCfg();

    private void select(int selector) {
        device.write(0, 2, selector);
    }

    private byte[] read(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) device.read(1, 1);
        }
        return bytes;
    }

    private byte[] item(int selector, int size) {
        select(selector);
        return read(size);
    }

    @Test
    void itIntroducesItselfAsQemusWithDma() {
        assertThat(new String(item(0, 4), US_ASCII)).isEqualTo("QEMU");
        assertThat(item(1, 4)).containsExactly(3, 0, 0, 0);
    }

    @Test
    void anItemIsReadByteByByteAndZerosFollow() {
        device.add(5, new byte[] {1, 2, 3});
        assertThat(item(5, 5)).containsExactly(1, 2, 3, 0, 0);
        assertThat(item(5, 2)).as("selecting starts over").containsExactly(1, 2);
    }

    @Test
    void anAbsentItemReadsAsZeros() {
        assertThat(item(0x1234, 3)).containsExactly(0, 0, 0);
    }

    @Test
    void theBitThatAnnouncesWritingIsNoPartOfTheNumber() {
        device.add(5, new byte[] {7});
        device.add(0x8005, new byte[] {8});
        assertThat(item(0x4005, 1)).containsExactly(7);
        assertThat(item(0x8005, 1)).as("architecture's own item").containsExactly(8);
    }

    @Test
    void addedBytesAreTheCallersNoMore() {
        byte[] contents = {1};
        device.add(5, contents);
        contents[0] = 2;
        assertThat(item(5, 1)).containsExactly(1);
    }

    @Test
    void theDirectoryListsFilesInBigEndianOrder() {
        device.addFile("etc/e820", new byte[20]);
        device.addFile("opt/a", new byte[] {9});
        ByteBuffer directory = ByteBuffer.wrap(item(FILE_DIRECTORY, 4 + 2 * 64));
        assertThat(directory.getInt()).isEqualTo(2);
        assertThat(directory.getInt()).isEqualTo(20);
        int first = directory.getShort();
        assertThat(directory.getShort()).isZero();
        byte[] name = new byte[56];
        directory.get(name);
        assertThat(new String(name, US_ASCII)).isEqualTo("etc/e820" + "\0".repeat(48));
        assertThat(directory.getInt()).isEqualTo(1);
        int second = directory.getShort();
        assertThat(first).isEqualTo(0x20);
        assertThat(item(second, 1)).containsExactly(9);
    }

    @Test
    void anEmptyDirectoryCountsNoFiles() {
        assertThat(item(FILE_DIRECTORY, 4)).containsExactly(0, 0, 0, 0);
    }

    @Test
    void aFileThatTheDirectoryCannotNameIsRefused() {
        device.addFile("x".repeat(55), new byte[0]);
        assertThatIllegalArgumentException().isThrownBy(() -> device.addFile("x".repeat(56), new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> device.addFile("", new byte[0]));
        device.addFile("twice", new byte[0]);
        assertThatIllegalArgumentException().isThrownBy(() -> device.addWritableFile("twice", new byte[0], NOTHING));
    }

    @Test
    void portsOfOtherWidthsDoNothing() {
        device.add(5, new byte[] {1, 2});
        select(5);
        assertThat(device.read(1, 2)).isEqualTo(-1);
        assertThat(device.read(0, 1)).isEqualTo(-1);
        device.write(1, 1, 0);
        device.write(0, 1, 0);
        assertThat(read(2)).containsExactly(1, 2);
    }

    @Test
    void resetSelectsTheSignatureAndKeepsItems() {
        device.add(5, new byte[] {1});
        select(5);
        device.reset();
        assertThat(new String(read(4), US_ASCII)).isEqualTo("QEMU");
        assertThat(item(5, 1)).containsExactly(1);
    }
}
