package org.lodgevm.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CpuLevelTest {
    @ParameterizedTest
    @EnumSource
    void eachIsFoundByItsName(CpuLevel level) {
        assertThat(CpuLevel.named(level.toString())).isSameAs(level);
    }

    @Test
    void anotherNameIsRefusedWithThoseThatThereAre() {
        assertThatIllegalArgumentException().isThrownBy(() -> CpuLevel.named("x86-64-v9")).withMessageContaining("x86-64-v9")
                .withMessageContaining("x86-64-v3, max");
    }
}
