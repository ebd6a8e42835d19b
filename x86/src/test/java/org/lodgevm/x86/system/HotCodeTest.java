package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.ECX;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.interpret.JitAccelerator;

/** Code that one guest has executed is translated for another, before that one does. */
@Timeout(60)
class HotCodeTest {
    private static final int CODE_BYTES = 1 << 20;
    private static final int NEVER = Integer.MAX_VALUE;
    /** Of the function; its page is before all others that are executed. */
    private static final int PLACE = 0x5000;
    private static final int ROUNDS = 7;
    private static final long ROM = 0x5000_0000;
    private static final int ROM_INSTRUCTIONS = 100;
    private static final byte NOP = (byte) 0x90;
    /** In bytes, with one translation and one run of instructions. */
    private static final int PAGE_TOLD = 30;
    private static final int CASES = Integer.getInteger("lodge.fuzz.factor", 1) * 300;

    @BeforeEach
    void start() {
        assumeTrue(Engine.available().contains(Engine.ASIDE) && Runtime.getRuntime().availableProcessors() > 1, "nobody translates aside on this host");
    }

    /** It calls a function that adds a number. */
    private static Guest guest(JitAccelerator accelerator, int added) {
        Guest guest = new Guest(accelerator, null, Mode.LONG, 1);
        write(guest, added);
        Label loop = new Label();
        Guest.done(guest.kernel().mov(EAX, 0).mov(ECX, ROUNDS).bind(loop).call(Label.at("function", PLACE)).dec(ECX).jcc(NE, loop));
        return guest;
    }

    private static void write(Guest guest, int added) {
        guest.memory.write(PLACE, new Assembler(PLACE).add(EAX, added).ret().toBytes());
    }

    private static void assertAdds(Guest guest, int added) {
        assertThat(guest.run().event()).isEqualTo("done");
        assertThat(guest.gpr(0)).isEqualTo((long) ROUNDS * added);
    }

    private static byte[] learned() {
        try (Guest guest = guest(new JitAccelerator(0, CODE_BYTES), 3)) {
            assertAdds(guest, 3);
            return guest.cpus().hotCode();
        }
    }

    /** One that translates nothing by itself. */
    private static Guest cold(int added) {
        return guest(new JitAccelerator(NEVER, CODE_BYTES, true), added);
    }

    private static long counted(Guest guest, String name) {
        return guest.cpu().counters().get(name);
    }

    private static void prepare(Guest guest) throws InterruptedException {
        guest.cpus().prepare(learned());
        while (counted(guest, "regions") == 0) {
            Thread.sleep(1);
        }
    }

    @Test
    void itIsThereWhenItIsExecutedFirst() throws InterruptedException {
        try (Guest guest = cold(3)) {
            prepare(guest);
            assertAdds(guest, 3);
            assertThat(counted(guest, "copiedRegions")).isPositive();
        }
    }

    @Test
    void whoeverHasNotBeenToldTranslatesNothing() {
        try (Guest guest = cold(3)) {
            assertAdds(guest, 3);
            assertThat(counted(guest, "copiedRegions")).isZero();
        }
    }

    @Test
    void codeThatHasChangedSinceIsNotTakenForIt() throws InterruptedException {
        try (Guest guest = cold(3)) {
            prepare(guest);
            write(guest, 5);
            assertAdds(guest, 5);
        }
    }

    /** A device's ROM may end within a page: what is behind it is not the guest's. */
    @Test
    void memoryThatEndsWithinThePageIsLeftAlone() throws InterruptedException {
        byte[] learned = learned();
        byte[] rom = new byte[ROM_INSTRUCTIONS];
        Arrays.fill(rom, NOP);
        try (Guest guest = cold(3)) {
            guest.memory.addRom(ROM, rom);
            ByteBuffer told = ByteBuffer.allocate(2 * PAGE_TOLD);
            for (long place : new long[] {ROM, PLACE}) {
                told.putLong(place).putLong(place).putInt(ByteBuffer.wrap(learned).getInt(2 * Long.BYTES)).putShort((short) 1).putShort((short) 1);
                told.putShort((short) 0).putShort((short) 0).putShort((short) 0x1000); // begins where the page does, which has been executed as a whole
            }
            guest.cpus().prepare(told.array());
            while (counted(guest, "regions") == 0) {
                Thread.sleep(1);
            }
            assertThat(counted(guest, "translatedInstructions")).isLessThan(ROM_INSTRUCTIONS);
        }
    }

    @Test
    void nonsenseDoesNoHarm() {
        byte[] learned = learned();
        SplittableRandom dice = new SplittableRandom(Long.getLong("lodge.fuzz.seed", 42));
        try (Guest guest = cold(3)) {
            for (int i = 0; i < CASES; i++) {
                byte[] damaged = new byte[dice.nextInt(2 * learned.length)];
                dice.nextBytes(damaged);
                for (int at = 0; i % 3 != 0 && at < Math.min(damaged.length, learned.length); at++) {
                    damaged[at] = dice.nextInt(20) == 0 ? damaged[at] : learned[at];
                }
                guest.cpus().prepare(damaged);
            }
            assertAdds(guest, 3);
        }
    }
}
