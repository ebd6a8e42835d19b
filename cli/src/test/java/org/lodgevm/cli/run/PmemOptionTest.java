package org.lodgevm.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.lodgevm.vm.DeviceSpec.PersistentMemory;
import picocli.CommandLine.TypeConversionException;

class PmemOptionTest {
    private static PersistentMemory read(String text) {
        return new PmemOption().convert(text);
    }

    @Test
    void readsAFileItsSizeAndWhatMayBeDone() {
        assertThat(read("a.img")).isEqualTo(PersistentMemory.of(Path.of("a.img")));
        assertThat(read("a,,b,ro,size=1G")).isEqualTo(new PersistentMemory(Path.of("a,b"), 1L << 30, true));
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> read("a,rw")).isInstanceOf(TypeConversionException.class).hasMessage("persistent memory has no option 'rw', only size=SIZE and ro");
        assertThatThrownBy(() -> read("a,size=1K")).isInstanceOf(TypeConversionException.class).hasMessageContaining("multiple of 2 MiB");
        assertThatThrownBy(() -> read("a,size=x")).isInstanceOf(TypeConversionException.class).hasMessageContaining("is not a size");
    }
}
