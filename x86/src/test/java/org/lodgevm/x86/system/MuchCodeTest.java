package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.system.PageTables.PAGE;
import static org.lodgevm.x86.system.PageTables.WRITABLE;

import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.interpret.JitAccelerator;

/** A guest that executes more code once than is kept decoded. */
class MuchCodeTest {
    private static final int CODE_BYTES = 1 << 20;
    private static final int TRANSLATE_AFTER = 4;
    private static final int FUNCTION = 0x7_0000;
    /** In 81 /0, ADD with four bytes of immediate. */
    private static final int IMMEDIATE = 2;
    private static final int ONCE = 0x4000_0000;
    /** Of one byte each. */
    private static final int INSTRUCTIONS = 700_000;
    private static final byte CLC = (byte) 0xf8;
    private static final byte RET = (byte) 0xc3;
    private static final int CALLS = 20;

    /** A device of which each byte is RET. */
    private static final class Returns implements IoRegion {
        @Override
        public long read(long offset, int size) {
            return RET & 0xff;
        }

        @Override
        public void write(long offset, int size, long value) {
            throw new AssertionError("nobody writes to it");
        }
    }

    @BeforeEach
    void start() {
        assumeTrue(Engine.available().contains(Engine.TRANSLATOR), "no translator on this host");
    }

    private static Guest guest() {
        return guest(Mode.LONG);
    }

    private static Guest guest(Mode mode) {
        Guest guest = new Guest(new JitAccelerator(TRANSLATE_AFTER, CODE_BYTES), null, mode, 1);
        byte[] code = new byte[INSTRUCTIONS];
        Arrays.fill(code, CLC);
        code[INSTRUCTIONS - 1] = RET;
        guest.memory.write(Guest.FRAMES, code);
        guest.pages.map(ONCE, Guest.FRAMES, (INSTRUCTIONS | 0xfff) + 1, WRITABLE);
        guest.memory.write(FUNCTION, mode.assembler(FUNCTION).add(EAX, 1000).ret().toBytes());
        return guest;
    }

    private static void callOften(Guest guest) {
        Label loop = new Label();
        guest.kernel().mov(ECX, CALLS).bind(loop);
        call(guest, FUNCTION);
        guest.kernel().dec(ECX).jcc(NE, loop);
    }

    private static void executeOnce(Guest guest) {
        call(guest, ONCE);
    }

    private static void call(Guest guest, int function) {
        Gpr register = guest.mode.is64() ? RBX : EBX;
        guest.kernel().mov(register, function).call(register);
    }

    private static long run(Guest guest) {
        Guest.done(guest.kernel());
        assertThat(guest.run().event()).isEqualTo("done");
        return guest.gpr(0);
    }

    @Test
    void whatIsTranslatedStays() {
        long regions;
        try (Guest guest = guest()) {
            guest.kernel().mov(EAX, 0);
            callOften(guest);
            assertThat(run(guest)).isEqualTo(1000 * CALLS);
            regions = guest.cpu().counters().get("regions");
        }
        try (Guest guest = guest()) {
            guest.kernel().mov(EAX, 0);
            callOften(guest);
            executeOnce(guest);
            call(guest, FUNCTION);
            assertThat(run(guest)).isEqualTo(1000 * (CALLS + 1));
            assertThat(guest.cpu().counters().get("regions")).isEqualTo(regions);
            assertThat(guest.cpu().counters().get("copiedRegions")).as("none is forgotten, and copied again").isEqualTo(regions);
        }
    }

    @Test
    void whatIsTranslatedAndStaysIsDroppedWhenItChanges() {
        try (Guest guest = guest()) {
            guest.kernel().mov(EAX, 0);
            callOften(guest);
            executeOnce(guest);
            guest.kernel().mov(mem32(null, FUNCTION + IMMEDIATE), 1);
            callOften(guest);
            assertThat(run(guest)).isEqualTo(1000 * CALLS + CALLS);
        }
    }

    /** No translation suits where DS has a limit: the code is read once more, which is a device's by then. */
    @Test
    void whereWhatIsTranslatedWasADeviceMayBe() {
        try (Guest guest = guest(Mode.PAGED32)) {
            callOften(guest);
            executeOnce(guest);
            call(guest, FUNCTION);
            Guest.done(guest.kernel());
            guest.kernel().mov(EAX, Guest.DATA16).mov(Sreg.DS, AX);
            call(guest, FUNCTION);
            run(guest);
            guest.cpu().bus.mapMmio(FUNCTION, PAGE, new Returns());
            assertThat(guest.resume().event()).isEqualTo("done");
            assertThat(guest.gpr(0)).isEqualTo(Guest.DATA16);
        }
    }
}
