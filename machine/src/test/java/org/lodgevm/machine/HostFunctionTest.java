package org.lodgevm.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class HostFunctionTest {
    /** Everywhere but on Windows. */
    private static final int EBADF = 9;

    @Test
    void anIntIsTakenForWhatItIsWhateverStandsBesideIt() {
        HostFunction abs = HostFunction.named("abs");
        assertThat(abs.callInt(-5)).isEqualTo(5);
        assertThat(abs.callInt(0x7777_7777_ffff_fffbL)).isEqualTo(5);
    }

    @Test
    void allBitsOfALongPass() {
        assertThat(HostFunction.named("llabs").callLong(-0x1234_5678_9abc_def0L)).isEqualTo(0x1234_5678_9abc_def0L);
    }

    @Test
    void addressesAreNumbers() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom("seven!!");
            assertThat(HostFunction.named("strlen").callLong(text.address())).isEqualTo(7);
            assertThat(HostFunction.named("strchr").callLong(text.address(), '!')).isEqualTo(text.address() + 5);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFailureIsItsNegativeNumber() {
        assertThat(HostFunction.named("close").callInt(-1)).isEqualTo(-EBADF);
        assertThat(HostFunction.named("lseek").callLong(-1, 0, 0)).isEqualTo(-EBADF);
        try (Arena arena = Arena.ofConfined()) {
            assertThat(HostFunction.named("close").callInt(HostFunction.errnoIn(arena), -1, 0, 0)).isEqualTo(-EBADF);
        }
    }

    @Test
    void aFunctionThatTheHostLacksIsNotFound() {
        assertThat(HostFunction.find("no_such_function")).isEmpty();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> HostFunction.named("no_such_function"));
    }
}
