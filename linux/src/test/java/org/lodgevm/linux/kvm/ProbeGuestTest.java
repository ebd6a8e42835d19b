package org.lodgevm.linux.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.linux.MachineCode;
import org.lodgevm.x86.isa.CodeSize;

/** Its bytes are what they are said to be. */
class ProbeGuestTest {
    @Test
    void fromRealModeIntoLongMode() {
        assertThat(text(ProbeGuest.REAL_MODE_CODE, CodeSize.BITS_16, ProbeGuest.REAL_MODE)).containsExactly(
                "cli", "lgdtw ds:0x2100", "mov eax,0x4000", "mov cr3,eax", "mov eax,0x20", "mov cr4,eax", "mov ecx,0xc0000080",
                "mov eax,0x101", "xor edx,edx", "wrmsr", "mov eax,0x80000001", "mov cr0,eax", "jmp 0x8:0x1100");
    }

    @Test
    void fromLongModeToRing3() {
        assertThat(text(ProbeGuest.LONG_MODE_CODE, CodeSize.BITS_64, ProbeGuest.LONG_MODE)).containsExactly(
                "mov al,0x4c", "out 0x80,al", "lidt ds:0x2110", "mov ecx,0xc0000081", "xor eax,eax", "mov edx,0x130008", "wrmsr",
                "inc ecx", "mov eax,0x1200", "xor edx,edx", "wrmsr", "mov ecx,0x1300", "mov r11d,0x2", "sysretq");
    }

    @Test
    void inRing3() {
        assertThat(text(ProbeGuest.USER_CODE, CodeSize.BITS_64, ProbeGuest.USER)).containsExactly("syscall", "ud2");
    }

    @Test
    void inTheSystemCall() {
        assertThat(text(ProbeGuest.SYSTEM_CALL_CODE, CodeSize.BITS_64, ProbeGuest.SYSTEM_CALL)).containsExactly(
                "mov esp,0xf000", "mov rax,cr0", "mov al,0x53", "out 0x80,al", "sti", "hlt", "mov al,0x44", "out 0x80,al", "cli",
                "hlt");
    }

    @Test
    void inTheInterrupt() {
        assertThat(text(ProbeGuest.INTERRUPT_CODE, CodeSize.BITS_64, ProbeGuest.INTERRUPT)).containsExactly(
                "mov al,0x49", "out 0x80,al", "iretq");
    }

    private static List<String> text(String code, CodeSize size, int address) {
        return MachineCode.text(ProbeGuest.bytes(code), size, address);
    }
}
