package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.Accelerator;

class AcceleratorsTest {
    private record Named(String name, String unavailable, int preference) implements Accelerator {
        @Override
        public VcpuFactory open(MachineContext context) {
            throw new UnsupportedOperationException();
        }
    }

    private static final Accelerator FAST = new Named("fast", "/dev/fast is missing; load its module", 2);
    private static final Accelerator SLOW = new Named("slow", null, 1);

    private final List<String> log = new ArrayList<>();

    @Test
    void autoTakesTheBestThatWorksAndSaysWhatItPassedOver() {
        assertThat(choose("auto", FAST, SLOW)).isSameAs(SLOW);
        assertThat(log).containsExactly("using accelerator slow; fast does not work here: /dev/fast is missing; load its module");
    }

    @Test
    void autoIsSilentWhenItTakesTheFirst() {
        assertThat(choose("auto", SLOW, FAST)).isSameAs(SLOW);
        assertThat(log).isEmpty();
    }

    @Test
    void aNamedOneThatDoesNotWorkIsRefused() {
        assertThatThrownBy(() -> choose("fast", FAST, SLOW)).isInstanceOf(MachineException.class)
                .hasMessage("accelerator fast does not work here: /dev/fast is missing; load its module");
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> choose("warp", FAST, SLOW)).isInstanceOf(MachineException.class)
                .hasMessage("there is no accelerator called warp; choose auto or one of: fast, slow");
    }

    @Test
    void withoutAnyTheModulePathIsToBlame() {
        assertThatThrownBy(() -> choose("auto")).isInstanceOf(MachineException.class).hasMessageContaining("org.lodgevm.x86");
    }

    private Accelerator choose(String name, Accelerator... installed) {
        return Accelerators.choose(name, List.of(installed), log::add);
    }
}
