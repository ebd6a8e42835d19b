package org.lodgevm.devices.chipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.MsrFault;
import org.lodgevm.machine.state.StateException;
import org.lodgevm.machine.state.StateFormat;
import org.lodgevm.machine.state.Value;

/** What is saved of the chipset, after a guest has done anything to it, is all that matters. */
class ChipsetStateTest {
    private static final long SEED = Long.getLong("lodge.fuzz.seed", 1);
    private static final int FACTOR = Integer.getInteger("lodge.fuzz.factor", 1);
    private static final int CPUS = 2;
    private static final long[] PAGES = {PcLayout.LOCAL_APIC, PcLayout.IO_APIC, PcLayout.HPET, PcLayout.ECAM, PcLayout.ECAM + (31 << 15)};

    /** The same doings for the same seed; time passes. */
    private static List<String> guest(ChipsetRig rig, ManualClock clock, long seed, int steps) {
        Random random = new Random(seed);
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            Bus bus = rig.chipset.socket(random.nextInt(CPUS)).bus();
            int port = random.nextInt(8) == 0 ? PcLayout.PM + random.nextInt(PcLayout.PM_SIZE) : random.nextInt(0x500);
            long page = PAGES[random.nextInt(PAGES.length)] + (random.nextInt(0x400) & ~3);
            int value = random.nextBoolean() ? random.nextInt() : 1 << random.nextInt(32);
            switch (random.nextInt(6)) {
                case 0 -> bus.writePort(port, 1 << random.nextInt(3), value);
                case 1 -> seen.add("port %x: %x".formatted(port, bus.readPort(port, 1 << random.nextInt(3))));
                case 2 -> bus.write(page, 4, value);
                case 3 -> seen.add("memory %x: %x".formatted(page, bus.read(page, 4)));
                case 4 -> interrupt(rig, random, seen);
                default -> clock.advance(random.nextInt(1_000_000));
            }
        }
        return seen;
    }

    private static void interrupt(ChipsetRig rig, Random random, List<String> seen) {
        var apic = rig.chipset.localApic(random.nextInt(CPUS));
        if (random.nextBoolean()) {
            seen.add("vector %x".formatted(apic.acknowledge()));
        } else {
            try {
                apic.writeMsr(0x6e0, random.nextInt(2_000_000_000));
            } catch (MsrFault fault) {
                seen.add("no deadline");
            }
        }
    }

    private static byte[] save(ChipsetRig rig) {
        return StateFormat.write(rig.chipset.states().save());
    }

    @Test
    void savedAndRestoredAndSavedAgainItIsTheSame() throws Exception {
        for (long seed = SEED; seed < SEED + 20 * FACTOR; seed++) {
            ManualClock clock = new ManualClock();
            ManualClock other = new ManualClock();
            try (ChipsetRig rig = new ChipsetRig(clock, CPUS); ChipsetRig fresh = new ChipsetRig(other, CPUS)) {
                guest(rig, clock, seed, 3_000);
                byte[] saved = save(rig);
                other.advanceTo(clock.nanos());
                fresh.chipset.states().load(StateFormat.read(saved));
                assertThat(Arrays.equals(save(fresh), saved)).as("seed %d", seed).isTrue();
            }
        }
    }

    /** Nothing that a guest can see is missing: both go on alike, timers, interrupts, and what is where on the bus included. */
    @Test
    void aRestoredChipsetGoesOnAsTheSavedOne() throws Exception {
        for (long seed = SEED; seed < SEED + 20 * FACTOR; seed++) {
            ManualClock clock = new ManualClock();
            ManualClock other = new ManualClock();
            try (ChipsetRig rig = new ChipsetRig(clock, CPUS); ChipsetRig fresh = new ChipsetRig(other, CPUS)) {
                guest(rig, clock, seed, 3_000);
                other.advanceTo(clock.nanos());
                fresh.chipset.states().load(rig.chipset.states().save());
                assertThat(guest(fresh, other, -seed, 3_000)).as("seed %d", seed).isEqualTo(guest(rig, clock, -seed, 3_000));
            }
        }
    }

    @Test
    void theStateOfAnotherMachineIsRefused() {
        try (ChipsetRig rig = new ChipsetRig(new ManualClock(), 1); ChipsetRig other = new ChipsetRig(new ManualClock(), CPUS)) {
            assertThatThrownBy(() -> rig.chipset.states().load(other.chipset.states().save()))
                    .isInstanceOf(StateException.class).hasMessageContaining("local apic 1");
            assertThatThrownBy(() -> other.chipset.states().load(rig.chipset.states().save()))
                    .isInstanceOf(StateException.class).hasMessageContaining("'local apic 1' is missing");
        }
    }

    /** Values of the right types that no chipset ever had: refused, or a chipset that does nonsense, but nothing worse. */
    @Test
    void hostileStateDoesNoHarm() {
        Random random = new Random(SEED);
        for (int n = 0; n < 100 * FACTOR; n++) {
            ManualClock clock = new ManualClock();
            try (ChipsetRig rig = new ChipsetRig(clock, CPUS)) {
                try {
                    rig.chipset.states().load(distort(rig.chipset.states().save(), random));
                } catch (StateException e) {
                    assertThat(e.getMessage()).contains("/");
                }
            }
        }
    }

    private static Value.Group distort(Value.Group group, Random random) {
        Map<String, Value> fields = new LinkedHashMap<>();
        group.fields().forEach((name, value) -> fields.put(name, distort(value, random)));
        return new Value.Group(fields);
    }

    private static Value distort(Value value, Random random) {
        boolean now = random.nextInt(50) == 0;
        return switch (value) {
            case Value.Group group -> distort(group, random);
            case Value.Whole(Value.Type type, long number) when now && type != Value.Type.BOOLEAN -> new Value.Whole(
                    type, random.nextBoolean() ? random.nextInt(40) : -1L >>> random.nextInt(64));
            case Value.Numbers(Value.Type type, byte[] content) when now && type != Value.Type.BOOLEAN -> {
                byte[] other = content.clone();
                random.nextBytes(other);
                yield new Value.Numbers(type, other);
            }
            default -> value;
        };
    }
}
