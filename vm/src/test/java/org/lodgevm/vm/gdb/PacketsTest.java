package org.lodgevm.vm.gdb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.lodgevm.vm.gdb.Packets.Incoming;

/** @gdb E.1 */
class PacketsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Packets packets(String in) {
        return new Packets(new ByteArrayInputStream(in.getBytes(ISO_8859_1)), out);
    }

    @Test
    void aPacketIsAcknowledged() throws Exception {
        assertThat(packets("+$qC#b4").receive()).isEqualTo(new Incoming.Text("qC"));
        assertThat(out.toString(ISO_8859_1)).isEqualTo("+");
    }

    @Test
    void aDamagedOneIsAskedForAgain() throws Exception {
        assertThat(packets("$qD#b4$qC#b4").receive()).isEqualTo(new Incoming.Text("qC"));
        assertThat(out.toString(ISO_8859_1)).isEqualTo("-+");
    }

    @Test
    void nobodyAcknowledgesWhenThatWasAgreed() throws Exception {
        Packets packets = packets("$qC#b4");
        packets.withoutAcknowledgements();
        packets.receive();
        assertThat(out.size()).isZero();
    }

    @Test
    void ctrlCIsAByteBetweenPackets() throws Exception {
        Packets packets = packets("\003$c#63");
        assertThat(packets.receive()).isInstanceOf(Incoming.Interrupt.class);
        assertThat(packets.receive()).isEqualTo(new Incoming.Text("c"));
        assertThat(packets.receive()).isInstanceOf(Incoming.End.class);
    }

    @Test
    void whatIsSentCanBeReceived() throws Exception {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 256; c++) {
            all.append(c);
        }
        packets("").send(all.toString());
        assertThat(packets(out.toString(ISO_8859_1)).receive()).isEqualTo(new Incoming.Text(all.toString()));
    }

    @Test
    void aPacketWithoutEndTakesNoMemory() throws Exception {
        assertThat(packets("$" + "x".repeat(1 << 20) + "#00$c#63").receive()).isEqualTo(new Incoming.Text("c"));
    }

    @Test
    void anyBytesEndWithTheStream() throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(Long.getLong("lodge.fuzz.seed", 1));
        for (int i = 0; i < 2000; i++) {
            StringBuilder bytes = new StringBuilder();
            for (int j = random.nextInt(200); j > 0; j--) {
                bytes.append(random.nextInt(3) == 0 ? "$#}\003+-c".charAt(random.nextInt(7)) : (char) random.nextInt(256));
            }
            Packets packets = packets(bytes.toString());
            Incoming last;
            int count = 0;
            do {
                last = packets.receive();
                count++;
            } while (!(last instanceof Incoming.End));
            assertThat(count).isLessThanOrEqualTo(bytes.length() + 1);
        }
    }
}
