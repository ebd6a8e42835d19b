package org.lodgevm.devices.chipset.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.state.StateTree;
import org.lodgevm.machine.state.Value;

class GenerationIdTest {
    private static final long GPA = 0xfef0_0000L;

    private final GuestMemory memory = new GuestMemory();
    private final AtomicInteger events = new AtomicInteger();
    private final StateTree states = new StateTree("org.lodgevm.devices.");
    private final GenerationId generation = states.add("generation", new GenerationId(memory, GPA, events::incrementAndGet));

    @AfterEach
    void free() {
        memory.close();
    }

    private String shown() {
        return HexFormat.of().formatHex(memory.read(GPA, 16));
    }

    @Test
    void itIsInMemoryThatTheGuestOnlyReads() {
        assertThat(memory.slot(GPA).readOnly()).isTrue();
        assertThat(shown()).isNotEqualTo("0".repeat(32));
    }

    @Test
    void eachIsAnotherAndToldOf() {
        Set<String> seen = new HashSet<>(Set.of(shown()));
        for (int i = 0; i < 100; i++) {
            generation.renew();
            seen.add(shown());
        }
        assertThat(seen).hasSize(101);
        assertThat(events).hasValue(100);
    }

    @Test
    void aMachineThatMovesKeepsIts() throws Exception {
        Value.Group saved = states.save();
        String before = shown();
        generation.renew();
        states.load(saved);
        assertThat(shown()).isEqualTo(before);
    }
}
