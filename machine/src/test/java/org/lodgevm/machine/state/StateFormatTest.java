package org.lodgevm.machine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class StateFormatTest {
    private static final int MUTATIONS = Integer.getInteger("lodge.fuzz.factor", 1) * 20_000;

    private static Value.Group sample() {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("n", new Value.Nothing());
        fields.put("t", new Value.Text("ok"));
        fields.put("i", new Value.Whole(Value.Type.INT, -2));
        fields.put("a", new Value.Numbers(Value.Type.SHORT, new byte[] {1, 0, 2, 0}));
        fields.put("m", new Value.Many(List.of(new Value.Whole(Value.Type.BOOLEAN, 1), new Value.Group(Map.of()))));
        return new Value.Group(fields);
    }

    /** Worked out by hand from the package's description. */
    @Test
    void bytesAreAsDescribed() {
        assertThat(HexFormat.of().formatHex(StateFormat.write(sample()))).isEqualTo("4c535431" + "0002" + "03" + "00000005"
                + "0001" + "6e" + "00"
                + "0001" + "74" + "01" + "0002" + "6f6b"
                + "0001" + "69" + "14" + "fffffffe"
                + "0001" + "61" + "22" + "00000002" + "01000200"
                + "0001" + "6d" + "02" + "00000002" + "10" + "01" + "03" + "00000000");
    }

    @Test
    void readingGivesTheSame() throws StateException {
        byte[] stream = StateFormat.write(sample());
        assertThat(StateFormat.write(StateFormat.read(stream))).isEqualTo(stream);
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] stream = StateFormat.write(sample());
        for (int length = 0; length < stream.length; length++) {
            byte[] cut = Arrays.copyOf(stream, length);
            assertThatThrownBy(() -> StateFormat.read(cut)).isInstanceOf(StateException.class);
        }
    }

    @Test
    void aNewerVersionIsRefused() {
        byte[] stream = StateFormat.write(sample());
        stream[5]++;
        assertThatThrownBy(() -> StateFormat.read(stream)).isInstanceOf(StateException.class).hasMessageContaining("version 3");
    }

    @Test
    void nestingHasAnEnd() {
        byte[] stream = new byte[6 + 5 + 3 + 5 * 100];
        byte[] start = HexFormat.of().parseHex("4c5354310001" + "0300000001" + "000178");
        System.arraycopy(start, 0, stream, 0, start.length);
        for (int i = start.length; i + 5 <= stream.length; i += 5) {
            stream[i] = 2;
            stream[i + 4] = 1;
        }
        assertThatThrownBy(() -> StateFormat.read(stream)).isInstanceOf(StateException.class).hasMessageContaining("nested");
    }

    /** Damage gives another state or a {@link StateException}; nothing else, and no more memory than the stream has. */
    @Test
    void damageIsRefusedOrHarmless() {
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(Long.getLong("lodge.fuzz.seed", 1));
        byte[] stream = StateFormat.write(sample());
        for (int n = 0; n < MUTATIONS; n++) {
            byte[] damaged = stream.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(StateFormat.read(damaged)).isNotNull();
            } catch (StateException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }
}
