package org.lodgevm.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream is what it was, whatever happens to its segments. */
class TcpLossTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 104_858, 105_373, 105_609})
    void streamsSurviveLossSwappingAndDoubling(long number) {
        long seed = Long.getLong("lodge.fuzz.seed", 0) + number;
        Random random = new Random(seed);
        Exchange exchange = new Exchange(seed, 1 << 16 + random.nextInt(4));
        exchange.loss = random.nextInt(4) * 0.03;
        exchange.doubling = random.nextInt(3) * 0.05;
        exchange.swapping = random.nextInt(3) * 0.1;
        exchange.largeSegmentSize = random.nextBoolean() ? 65_000 : 0;
        exchange.left.toSend = new byte[random.nextInt(1_000_000)];
        exchange.right.toSend = new byte[random.nextInt(1_000_000)];
        random.nextBytes(exchange.left.toSend);
        random.nextBytes(exchange.right.toSend);
        exchange.left.finishAfter = true;
        exchange.right.finishAfter = true;
        exchange.left.endpoint.open();
        exchange.run(10_000_000);
        assertThat(exchange.right.received.toByteArray()).isEqualTo(exchange.left.toSend);
        assertThat(exchange.left.received.toByteArray()).isEqualTo(exchange.right.toSend);
        assertThat(exchange.pool.taken()).isZero();
    }

    @Test
    void aPoolWithoutMemoryDelaysButLosesNothing() {
        Exchange exchange = new Exchange(1);
        BufferPool hungry = exchange.pool;
        while (hungry.taken() < 1022) {
            assertThat(hungry.take(true)).isNotNull(); // others have it
        }
        exchange.loss = 0.05;
        exchange.left.toSend = new byte[500_000];
        new Random(1).nextBytes(exchange.left.toSend);
        exchange.left.finishAfter = true;
        exchange.right.finishAfter = true;
        exchange.left.endpoint.open();
        exchange.run(10_000_000);
        assertThat(exchange.right.received.toByteArray()).isEqualTo(exchange.left.toSend);
        assertThat(hungry.taken()).isEqualTo(1022);
    }
}
