package org.lodgevm.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lodgevm.fuzz.Main.Order;

class MainTest {
    @Test
    void fractionsOfMinutesAndASeedAreRead() {
        assertThat(Order.of(List.of("lives", "0.5", "7"))).isEqualTo(new Order("lives", 0.5, 7, List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "cpu; fuzz/run cpu|fs|images|lives|machine|nbd|network|virtio MINUTES", "nothing 5; fuzz/run cpu|fs|images", "cpu soon; is not a number of minutes",
            "cpu 0; is no time", "cpu NaN; is no time", "cpu 1 x; is not a seed", "cpu 1 7 /nonexistent; /nonexistent cannot be read"})
    void otherArgumentsAreRefusedInOneSentence(String arguments, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Order.of(List.of(arguments.split(" ")))).withMessageContaining(message);
    }
}
