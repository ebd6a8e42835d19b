package org.lodgevm.image.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.lodgevm.image.Damage;

class ModuleInfoTest {
    @Test
    void aModuleNamesWhatItDependsOn() throws IOException {
        assertThat(ModuleInfo.dependencies(TestModule.make("virtio,virtio-ring"))).containsExactly("virtio", "virtio_ring");
    }

    @Test
    void aDamagedModuleIsReadOrRefused() {
        Damage.read(50_000, damaged -> {
            try {
                assertThat(ModuleInfo.dependencies(damaged)).isNotNull();
            } catch (IOException expected) {
                assertThat(expected).hasMessageContaining("kernel module");
            }
        }, TestModule.make("virtio,virtio-ring"));
    }
}
