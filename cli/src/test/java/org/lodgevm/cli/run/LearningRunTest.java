package org.lodgevm.cli.run;

import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.guest.GuestImage;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.CpuLevel;
import org.lodgevm.vm.Accelerators;

class LearningRunTest {
    private static final int ADDRESS = 0x10_0000;
    private static final int ELF_HEADER_BYTES = 52;
    private static final int PROGRAM_HEADER_BYTES = 32;

    @TempDir
    private Path folder;

    @Test
    void aGuestThatDoesNotGetAnywhereIsLeftAfterSomeTime() throws Exception {
        Path kernel = Files.write(folder.resolve("kernel"), loopForever());
        Path nothing = Files.createFile(folder.resolve("initramfs"));
        Accelerator accelerator = Accelerators.choose(Accelerators.AUTO, Accelerators.installed(), _ -> {});
        LearningRun run = new LearningRun(
                new GuestImage(kernel, nothing, Architecture.AMD64, "none"), accelerator, new Accelerator.Cpus(1, CpuLevel.MAX));
        assertThatIOException().isThrownBy(() -> run.record(folder.resolve("translations"), Duration.ofSeconds(1)))
                .withMessageContaining("did not end within 1 seconds");
    }

    /** A kernel by the multiboot protocol, in ELF: JMP to itself, and the protocol's header behind it. */
    private static byte[] loopForever() {
        int code = ELF_HEADER_BYTES + PROGRAM_HEADER_BYTES;
        ByteBuffer file = ByteBuffer.allocate(code + 16).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1}).position(16);
        file.putShort((short) 2).putShort((short) 3).putInt(1).putInt(ADDRESS).putInt(ELF_HEADER_BYTES).putInt(0).putInt(0);
        file.putShort((short) ELF_HEADER_BYTES).putShort((short) PROGRAM_HEADER_BYTES).putShort((short) 1).position(ELF_HEADER_BYTES);
        file.putInt(1).putInt(code).putInt(ADDRESS).putInt(ADDRESS).putInt(16).putInt(16).putInt(7).putInt(4);
        file.put(new byte[] {(byte) 0xeb, (byte) 0xfe, 0, 0}).putInt(0x1badb002).putInt(0).putInt(-0x1badb002);
        return file.array();
    }
}
