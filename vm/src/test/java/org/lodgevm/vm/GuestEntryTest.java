package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.lodgevm.vm.boot.BootFile;

/** Code that runs on the installed accelerator finds what its boot protocol promises, says so on COM1 and leaves by the debug exit. */
class GuestEntryTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String DEBUG_EXIT_AL = "e6f4 f4 ebfd"; // out 0xf4, al; hlt; jmp $-1
    /** jne to the failure; mov dx, 0x3f8; print "OK"; exit with 7; or else with 1. */
    private static final String VERDICT = "7511 66baf803 b04f ee b04b ee b007" + DEBUG_EXIT_AL + "b001" + DEBUG_EXIT_AL;

    /** xor eax, eax; then what is dec eax, or a prefix in 64-bit code, before a nop; test eax, eax. */
    private static final String IN_LONG_MODE = "31c0 4890 85c0";

    /** cmp dword [rsi + 0x202], "HdrS", with the same encoding in 32 and 64-bit code. */
    private static final String ZERO_PAGE_AT_RSI = "81be02020000 48647253";

    @Test
    void linuxStartsInLongModeWithItsZeroPage() throws Exception {
        assertPasses(bzImage(3, 0x200, IN_LONG_MODE + "751d" + ZERO_PAGE_AT_RSI + VERDICT));
    }

    @Test
    void oldLinuxStartsInProtectedModeWithItsZeroPage() throws Exception {
        assertPasses(bzImage(0, 0, ZERO_PAGE_AT_RSI + VERDICT));
    }

    @Test
    void multibootKernelsFindTheMagicNumber() throws Exception {
        assertPasses(multiboot("3d02b0ad2b" + VERDICT));
    }

    /** mov ax, cs; cmp ax, 8: kernels that load a GDT of their own but not CS count on it. */
    @Test
    void multibootCodeIsTheFirstDescriptor() throws Exception {
        assertPasses(multiboot("668cc8 6683f808" + VERDICT));
    }

    /** mov dword [0xfee00300], 0x4500: the local APIC sends INIT to its own CPU. */
    @Test
    void aCpuThatBeginsAnewRestartsTheMachine() throws Exception {
        assertReboots(multiboot("c7050003e0fe00450000 f4 ebfd"));
    }

    /** lgdt [0x100030]; jmp 8:0xfff0, with a 16-bit segment at the BIOS's: where kernels that reboot by the BIOS jump to. */
    @Test
    void aJumpToTheBiosRestartsTheMachine() throws Exception {
        assertReboots(multiboot("0f011530001000 eaf0ff00000800 0000 0f0036001000 0000000000000000 ffff00000f9b0000"));
    }

    private static BootFile multiboot(String code) {
        int magic = 0x1bad_b002;
        int flags = 1 << 16;
        ByteBuffer b = little(128).putInt(magic).putInt(flags).putInt(-magic - flags);
        b.putInt(0x10_0000).putInt(0x10_0000).putInt(0).putInt(0).putInt(0x10_0020).put(hex(code));
        return BootFile.of("multiboot", b.array());
    }

    @Test
    void pvhKernelsFindTheirStartInfo() throws Exception {
        byte[] code = hex("813b78c56e33" + VERDICT);
        ByteBuffer b = little(256).putInt(0, 0x464c_457f).put(4, (byte) 1).put(5, (byte) 1).putShort(16, (short) 2).putShort(18, (short) 3);
        b.putInt(28, 52).putShort(42, (short) 32).putShort(44, (short) 2);
        b.putInt(52, 1).putInt(56, 192).putInt(64, 0x10_0000).putInt(68, 64).putInt(72, 64);
        b.putInt(84, 4).putInt(88, 128).putInt(100, 20).putInt(104, 20);
        b.putInt(128, 4).putInt(132, 4).putInt(136, 18).putInt(140, 0x6e_6558).putInt(144, 0x10_0000).put(192, code);
        assertPasses(BootFile.of("pvh", b.array()));
    }

    @Test
    void firmwareStartsAtTheResetVectorInRealMode() throws Exception {
        ByteBuffer rom = little(0x1_0000).put(0, hex("baf803 b04f ee b04b ee b007" + DEBUG_EXIT_AL)).put(0xfff0, hex("e90d00"));
        try (Machine machine = Machine.builder().bios(BootFile.of("firmware", rom.array())).memory(2 << 20).build()) {
            assertPasses(machine);
        }
    }

    private static BootFile bzImage(int xloadflags, int entry, String code) {
        ByteBuffer b = little(3072).put(0x1f1, (byte) 1).putInt(0x1f4, 128).putShort(0x1fe, (short) 0xaa55).putShort(0x200, (short) 0x6aeb);
        b.putInt(0x202, 0x5372_6448).putShort(0x206, (short) 0x20f).put(0x211, (byte) 1).putInt(0x22c, 0x7fff_ffff);
        b.putInt(0x230, 0x1000).put(0x234, (byte) 1).putShort(0x236, (short) xloadflags).putInt(0x238, 255);
        return BootFile.of("bzImage", b.putLong(0x258, 0x10_0000).putInt(0x260, 0x1_0000).put(1024 + entry, hex(code)).array());
    }

    private static void assertPasses(BootFile kernel) throws InterruptedException {
        try (Machine machine = Machine.builder().kernel(kernel).memory(4 << 20).build()) {
            assertPasses(machine);
        }
    }

    private static void assertReboots(BootFile kernel) throws InterruptedException {
        try (Machine machine = Machine.builder().kernel(kernel).memory(4 << 20).rebootAction(RebootAction.EXIT).build()) {
            machine.start();
            assertThat(machine.await(SOON)).contains(new Outcome.Rebooted());
        }
    }

    private static void assertPasses(Machine machine) throws InterruptedException {
        machine.start();
        assertThat(machine.await(SOON)).contains(new Outcome.DebugExit(7));
        assertThat(machine.console().text()).isEqualTo("OK");
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
