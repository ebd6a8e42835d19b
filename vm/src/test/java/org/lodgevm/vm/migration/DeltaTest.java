package org.lodgevm.vm.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaTest {
    private static final int PAGE = 4096;
    private static final long SEED = Long.getLong("lodge.fuzz.seed", 1);
    private static final int CASES = 3000 * Integer.getInteger("lodge.fuzz.factor", 1);

    private static MemorySegment page(byte[] content) {
        return MemorySegment.ofArray(content);
    }

    private static byte[] encode(byte[] before, byte[] after) {
        byte[] delta = new byte[PAGE];
        int length = Delta.encode(page(before), page(after), delta);
        return length < 0 ? null : Arrays.copyOf(delta, length);
    }

    @Test
    void theFormatIsThatOfQemusDescription() throws Exception {
        byte[] before = new byte[PAGE];
        byte[] after = new byte[PAGE];
        Arrays.fill(after, 1000, 1010, (byte) 0xaa);
        after[PAGE - 1] = 7;
        // 1000 = 0x3e8 stay: e8 07; ten follow; 4095 - 1010 = 3085 = 0xc0d stay: 8d 18; one follows
        assertThat(encode(before, after)).isEqualTo(HexFormat.of().parseHex("e807" + "0a" + "aa".repeat(10) + "8d18" + "01" + "07"));
        byte[] applied = new byte[PAGE];
        Delta.apply(ByteBuffer.wrap(encode(before, after)), page(applied));
        assertThat(applied).isEqualTo(after);
    }

    @Test
    void whatIsTheSameTakesNothingAndWhatIsAnotherPageHasNoRoom() {
        byte[] before = new byte[PAGE];
        byte[] after = new byte[PAGE];
        new SplittableRandom(SEED).nextBytes(after);
        assertThat(encode(after, after.clone())).isEmpty();
        assertThat(encode(before, after)).isNull();
    }

    @Test
    void anyPageIsMadeOfAnyOther() throws Exception {
        SplittableRandom dice = new SplittableRandom(SEED);
        for (int i = 0; i < CASES; i++) {
            byte[] before = new byte[PAGE];
            if (dice.nextBoolean()) {
                dice.nextBytes(before);
            }
            byte[] after = before.clone();
            for (int change = dice.nextInt(40); change > 0; change--) {
                int at = dice.nextInt(PAGE);
                int end = Math.min(PAGE, at + 1 + dice.nextInt(dice.nextBoolean() ? 4 : 200));
                for (; at < end; at++) {
                    after[at] = (byte) dice.nextInt();
                }
            }
            byte[] delta = encode(before, after);
            if (delta != null) {
                Delta.apply(ByteBuffer.wrap(delta), page(before));
                assertThat(before).as("case %d", i).isEqualTo(after);
            }
        }
    }

    @Test
    void whateverComesChangesThePageOrIsRefused() {
        SplittableRandom dice = new SplittableRandom(SEED);
        byte[] around = new byte[3 * PAGE];
        for (int i = 0; i < CASES; i++) {
            byte[] hostile = new byte[dice.nextInt(64)];
            dice.nextBytes(hostile);
            for (int j = 0; j < hostile.length; j++) {
                hostile[j] &= (byte) (dice.nextBoolean() ? 0x0f : 0xff); // short counts lead further
            }
            try {
                Delta.apply(ByteBuffer.wrap(hostile), page(around).asSlice(PAGE, PAGE));
            } catch (MalformedStreamException e) {
                assertThat(e).hasMessageContaining("the changes to a page");
            }
        }
        assertThat(page(around).asSlice(0, PAGE).mismatch(page(new byte[PAGE]))).isEqualTo(-1);
        assertThat(page(around).asSlice(2L * PAGE, PAGE).mismatch(page(new byte[PAGE]))).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "0000", "80", "808001ff", "ff1f02aabb", "ff1f01", "8020" + "01aa", "0005aabb"})
    void countsThatLeadNowhereAreRefused(String hex) {
        assertThatThrownBy(() -> Delta.apply(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), page(new byte[PAGE]))).isInstanceOf(MalformedStreamException.class);
    }

    @Test
    void pagesThatShareAPlaceDoNotTakeItFromEachOtherUntilTheyAreSentAgain() {
        byte[] one = new byte[PAGE];
        Arrays.fill(one, (byte) 1);
        try (SentPages sent = new SentPages(4)) {
            sent.put(3, page(one), false);
            sent.put(7, page(new byte[PAGE]), false);
            assertThat(sent.find(7)).isNull();
            assertThat(sent.find(3).mismatch(page(one))).isEqualTo(-1);
            sent.put(7, page(new byte[PAGE]), true);
            assertThat(sent.find(3)).isNull();
            sent.remove(3);
            assertThat(sent.find(7).mismatch(page(new byte[PAGE]))).isEqualTo(-1);
            sent.remove(7);
            assertThat(sent.find(7)).isNull();
        }
    }
}
