package org.lodgevm.vm.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BiosImageTest {
    @Test
    void theImageEndsAtFourGibibytesAndBelowOne() {
        byte[] image = new byte[256 << 10];
        image[0] = 1;
        image[128 << 10] = 2;
        image[image.length - 16] = 3;
        try (Rig rig = new Rig(16)) {
            Entry entry = new BiosImage(BootFile.of("bios", image), rig.memory).load(rig.memory);
            assertThat(entry).isSameAs(Entry.RESET_VECTOR);
            assertThat(rig.memory.read(0xfffc_0000L, 1)[0]).isEqualTo((byte) 1);
            assertThat(rig.memory.read(0xe_0000, 1)[0]).isEqualTo((byte) 2);
            assertThat(rig.memory.read(0xf_fff0, 1)[0]).isEqualTo((byte) 3);
            assertThat(rig.memory.read(0xffff_fff0L, 1)[0]).isEqualTo((byte) 3);
            assertThat(rig.memory.slot(0xffff_fff0L).readOnly()).isTrue();
            assertThat(rig.memory.slot(0xf_fff0).readOnly()).isFalse();
        }
    }

    @Test
    void loadingAgainRestoresTheShadow() {
        try (Rig rig = new Rig(16)) {
            BiosImage bios = new BiosImage(BootFile.of("bios", new byte[] {1, 2, 3}), rig.memory);
            rig.memory.write(0xf_ffff, new byte[] {9});
            bios.load(rig.memory);
            assertThat(rig.memory.read(0xf_fffd, 3)).containsExactly(1, 2, 3);
            assertThat(rig.memory.read(0xf_f000, 1)[0]).isEqualTo((byte) 0xff);
        }
    }

    @Test
    void impossibleSizesAreRefused() {
        try (Rig rig = new Rig(16)) {
            assertThatThrownBy(() -> new BiosImage(BootFile.of("bios", new byte[0]), rig.memory)).isInstanceOf(BootException.class);
            assertThatThrownBy(() -> new BiosImage(BootFile.of("bios", new byte[17 << 20]), rig.memory))
                    .isInstanceOf(BootException.class).hasMessageContaining("17825792 bytes");
        }
    }
}
