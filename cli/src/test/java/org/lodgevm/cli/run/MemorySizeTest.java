package org.lodgevm.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class MemorySizeTest {
    private final MemorySize size = new MemorySize();

    @ParameterizedTest
    @CsvSource({"512M, 536870912", "2G, 2147483648", "64k, 65536", "1GiB, 1073741824", "3MB, 3145728", "1T, 1099511627776"})
    void unitsArePowersOf1024(String text, long bytes) {
        assertThat(size.convert(text)).isEqualTo(bytes);
    }

    @Test
    void aPlainNumberIsMebibytes() {
        assertThat(size.convert("128")).isEqualTo(128L << 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "M", "-1G", "1.5G", "1P", "0x10M", "999999999999T"})
    void nonsenseIsRefused(String text) {
        assertThatThrownBy(() -> size.convert(text)).isInstanceOf(TypeConversionException.class);
    }
}
