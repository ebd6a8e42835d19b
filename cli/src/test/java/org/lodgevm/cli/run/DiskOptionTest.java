package org.lodgevm.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.lodgevm.vm.DeviceSpec;
import picocli.CommandLine.TypeConversionException;

class DiskOptionTest {
    private static DeviceSpec.Disk read(String text) {
        return new DiskOption().convert(text);
    }

    @Test
    void aFileAloneIsADiskToReadAndWrite() {
        assertThat(read("a/b.img")).isEqualTo(DeviceSpec.Disk.of("a/b.img"));
    }

    @Test
    void optionsFollowInAnyOrder() {
        assertThat(read("x,serial=A-1,ro,format=qcow2")).isEqualTo(new DeviceSpec.Disk("x", "qcow2", true, "A-1"));
    }

    @Test
    void aDoubledCommaIsPartOfTheName() {
        assertThat(read("x,,y,ro")).isEqualTo(new DeviceSpec.Disk("x,y", null, true, ""));
    }

    @Test
    void whatIsDoneOnAFullHostMayBeSaid() {
        assertThat(read("x,full=error")).isEqualTo(new DeviceSpec.Disk("x", null, false, "", DeviceSpec.Disk.HostFull.ERROR, DeviceSpec.Disk.Cache.WRITEBACK));
        assertThat(read("x,full=pause")).isEqualTo(DeviceSpec.Disk.of("x")).isEqualTo(read("x"));
        assertThatThrownBy(() -> read("x,full=PAUSE")).isInstanceOf(TypeConversionException.class);
        assertThatThrownBy(() -> read("x,full")).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void whereWritesWaitMayBeSaid() {
        assertThat(read("x,cache=none").cache()).isEqualTo(DeviceSpec.Disk.Cache.NONE);
        assertThat(read("x,cache=writeback")).isEqualTo(read("x"));
        assertThatThrownBy(() -> read("x,cache=directsync")).isInstanceOf(TypeConversionException.class).hasMessageContaining("writethrough");
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertThatThrownBy(() -> read("x,rw")).isInstanceOf(TypeConversionException.class).hasMessageContaining("'rw'");
        assertThatThrownBy(() -> read("x,ro=1")).isInstanceOf(TypeConversionException.class);
        assertThatThrownBy(() -> read("x,format")).isInstanceOf(TypeConversionException.class);
    }
}
