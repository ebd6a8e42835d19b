package org.lodgevm.devices.chipset.firmware;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.RamSource;

class FwCfgDmaTest {
    private static final int ERROR = 1;
    private static final int READ = 2;
    private static final int SKIP = 4;
    private static final int SELECT = 8;
    private static final int WRITE = 16;
    private static final int DESCRIPTOR = 0x100;
    private static final int BUFFER = 0x800;
    private static final int RAM = 0x2000;
    private static final int ROM = RAM;
    private static final long HIGH_RAM = 0x1_0000_0000L;

    private final GuestMemory memory = new GuestMemory();
    private final FwCfg items = new FwCfg();
    private final FwCfgDma dma = new FwCfgDma(items, memory);
    private int writes;

    FwCfgDmaTest() {
        RamSource heap = (size, arena) -> arena.allocate(size, 8);
        memory.addRam(0, RAM, heap);
        memory.addRom(ROM, new byte[0x1000]);
        memory.addRam(HIGH_RAM, 0x1000, heap);
        memory.addRam(HIGH_RAM + 0x1000, 0x1000, heap);
        items.add(5, new byte[] {1, 2, 3, 4});
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private void start(long descriptor) {
        if (descriptor >>> 32 != 0) {
            dma.write(0, 4, Integer.toUnsignedLong(Integer.reverseBytes((int) (descriptor >>> 32))));
        }
        dma.write(4, 4, Integer.toUnsignedLong(Integer.reverseBytes((int) descriptor)));
    }

    /** @return the control field afterwards */
    private int transfer(int control, long length, long address) {
        return transfer(DESCRIPTOR, control, length, address);
    }

    private int transfer(long descriptor, int control, long length, long address) {
        memory.write(descriptor, ByteBuffer.allocate(16).putInt(control).putInt((int) length).putLong(address).array());
        start(descriptor);
        return ByteBuffer.wrap(memory.read(descriptor, 4)).getInt();
    }

    private static int select(int selector) {
        return selector << 16 | SELECT;
    }

    @Test
    void theRegisterReadsAsASignature() {
        assertThat(dma.read(0, 4)).isEqualTo(0x554d_4551L);
        assertThat(dma.read(4, 4)).isEqualTo(0x4746_4320L);
        byte[] bytes = new byte[8];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) dma.read(i, 1);
        }
        assertThat(new String(bytes, US_ASCII)).isEqualTo("QEMU CFG");
        assertThat(dma.read(7, 4)).as("beyond the register").isEqualTo('G');
    }

    @Test
    void readingCopiesTheItemAndFillsUpWithZeros() {
        memory.write(BUFFER, new byte[] {9, 9, 9, 9, 9, 9, 9});
        assertThat(transfer(select(5) | READ, 6, BUFFER)).isZero();
        assertThat(memory.read(BUFFER, 7)).containsExactly(1, 2, 3, 4, 0, 0, 9);
    }

    @Test
    void transfersAndTheDataPortShareOneOffset() {
        assertThat(transfer(select(5) | READ, 1, BUFFER)).isZero();
        assertThat(items.read(1, 1)).isEqualTo(2);
        assertThat(transfer(READ, 1, BUFFER)).isZero();
        assertThat(memory.read(BUFFER, 1)).containsExactly(3);
    }

    @Test
    void skippingMovesOnButNotBeyondTheEnd() {
        assertThat(transfer(select(5) | SKIP, 3, 0)).isZero();
        assertThat(items.read(1, 1)).isEqualTo(4);
        assertThat(transfer(SKIP, 0xffff_ffffL, 0)).isZero();
        assertThat(transfer(SKIP, 0xffff_ffffL, 0)).isZero();
        assertThat(items.read(1, 1)).isZero();
    }

    @Test
    void selectingAloneIsAnOperation() {
        assertThat(transfer(select(5), 0, 0)).isZero();
        assertThat(items.read(1, 1)).isEqualTo(1);
    }

    @Test
    void descriptorsAndBuffersMayBeAbove4GiBAndSpanSlots() {
        assertThat(transfer(HIGH_RAM, select(5) | READ, 4, HIGH_RAM + 0xffe)).isZero();
        assertThat(memory.read(HIGH_RAM + 0xffe, 2)).containsExactly(1, 2);
        assertThat(memory.read(HIGH_RAM + 0x1000, 2)).containsExactly(3, 4);
    }

    @Test
    void theUpperHalfOfTheAddressIsUsedOnce() {
        transfer(HIGH_RAM, select(5), 0, 0);
        assertThat(transfer(select(5) | READ, 1, BUFFER)).isZero();
    }

    @Test
    void readingToWhereThereIsNoRamIsAnError() {
        assertThat(transfer(select(5) | READ, 4, 0x8000_0000L)).isEqualTo(ERROR);
        assertThat(transfer(select(5) | READ, 4, ROM)).isEqualTo(ERROR);
        assertThat(transfer(select(5) | READ, 4, -2)).isEqualTo(ERROR);
        assertThat(transfer(select(5) | READ, 0xffff_ffffL, BUFFER)).isEqualTo(ERROR);
    }

    @Test
    void writingChangesAWritableFileAndTellsItsOwner() {
        byte[] contents = {0, 0, 0};
        items.addWritableFile("opt/written", contents, () -> writes++);
        memory.write(BUFFER, new byte[] {7, 8});
        assertThat(transfer(select(0x20) | SKIP, 1, 0)).isZero();
        assertThat(transfer(WRITE, 2, BUFFER)).isZero();
        assertThat(contents).containsExactly(0, 7, 8);
        assertThat(writes).isEqualTo(1);
    }

    @Test
    void writingBeyondTheEndOrFromNowhereOrToAReadOnlyItemChangesNothing() {
        byte[] contents = {1, 2};
        items.addWritableFile("opt/written", contents, () -> writes++);
        assertThat(transfer(select(0x20) | WRITE, 3, BUFFER)).isEqualTo(ERROR);
        assertThat(transfer(select(0x20) | WRITE, 2, 0x8000_0000L)).isEqualTo(ERROR);
        assertThat(transfer(select(5) | WRITE, 1, BUFFER)).isEqualTo(ERROR);
        assertThat(transfer(select(0x1234) | WRITE, 0, BUFFER)).isEqualTo(ERROR);
        assertThat(contents).containsExactly(1, 2);
        assertThat(writes).isZero();
    }

    @Test
    void readingComesBeforeWritingWhenBothAreAsked() {
        byte[] contents = {1};
        items.addWritableFile("opt/written", contents, () -> writes++);
        assertThat(transfer(select(0x20) | READ | WRITE, 1, BUFFER)).isZero();
        assertThat(memory.read(BUFFER, 1)).containsExactly(1);
        assertThat(writes).isZero();
    }

    @Test
    void aDescriptorOutsideRamIsIgnored() {
        start(0x8000_0000L);
        start(RAM - 8);
        start(ROM);
        start(-1);
        assertThat(items.read(1, 1)).isEqualTo('Q');
    }

    @Test
    void anyDescriptorLeavesTheHostUnharmed() {
        items.addWritableFile("opt/written", new byte[8], () -> writes++);
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] descriptor = new byte[16];
            random.nextBytes(descriptor);
            memory.write(DESCRIPTOR, descriptor);
            memory.write(DESCRIPTOR, new byte[] {0, (byte) random.nextInt(0x22)});
            if (random.nextBoolean()) {
                memory.write(DESCRIPTOR + 4, new byte[] {0, 0, 0, (byte) random.nextInt(12), 0, 0, 0, 0, 0, 0});
            }
            start(DESCRIPTOR);
            dma.write(random.nextInt(8), 1 << random.nextInt(3), random.nextInt(RAM));
        }
        assertThat(writes).isPositive();
    }
}
