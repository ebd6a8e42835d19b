package org.lodgevm.machine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.VcpuState;

class DataTest {
    enum Colour {
        RED,
        GREEN
    }

    record Point(int x, long y) {
        Point {
            if (x == 13) {
                throw new IllegalArgumentException("13");
            }
        }
    }

    static final class Inner {
        short s = 7;
        final byte[] fifo = new byte[4];
    }

    static final class Everything {
        boolean flag;
        volatile byte b;
        char c;
        int i;
        long l;
        String text;
        Colour colour = Colour.RED;
        Point point;
        Long maybe;
        byte[] grows = {};
        final boolean[] flags = new boolean[3];
        final int[] ints = new int[2];
        final long[] longs = new long[2];
        final Point[] points = new Point[2];
        final Inner inner = new Inner();
        final Inner[] inners = {new Inner(), new Inner()};
        final BitSet bits = new BitSet();
        final AtomicInteger count = new AtomicInteger();
        final Set<Point> set = new LinkedHashSet<>();
        final Deque<Point> queue = new ArrayDeque<>();
        final Map<Colour, Long> map = new TreeMap<>();
        transient int left = 3;
    }

    private static Everything filled() {
        Everything e = new Everything();
        e.flag = true;
        e.b = -5;
        e.c = 0xfffe;
        e.i = Integer.MIN_VALUE;
        e.l = Long.MAX_VALUE - 1;
        e.text = "grüezi";
        e.colour = Colour.GREEN;
        e.point = new Point(1, -2);
        e.maybe = -1L;
        e.grows = new byte[] {1, 2, 3};
        e.flags[1] = true;
        e.ints[1] = -9;
        e.longs[0] = 1L << 40;
        e.points[1] = new Point(3, 4);
        e.inner.s = -7;
        e.inner.fifo[3] = 1;
        e.inners[1].s = 99;
        e.bits.set(70);
        e.count.set(-1);
        e.set.add(new Point(5, 6));
        e.queue.addAll(List.of(new Point(8, 8), new Point(7, 7)));
        e.map.put(Colour.RED, 12L);
        e.left = 4;
        return e;
    }

    private static Value.Group throughBytes(Value.Group saved) throws StateException {
        return StateFormat.read(StateFormat.write(saved));
    }

    @Test
    void everyKindOfFieldComesBack() throws StateException {
        Everything into = new Everything();
        Data.load(throughBytes(Data.save(filled())), into);
        assertThat(into).usingRecursiveComparison().ignoringFields("left").isEqualTo(filled());
        assertThat(into.left).as("a transient field").isEqualTo(3);
    }

    @Test
    void aCollectionThatTheStreamDoesNotKnowIsEmpty() throws StateException {
        Value.Group saved = Data.save(new Everything());
        saved.fields().remove("queue");
        Everything into = filled();
        Data.load(saved, into);
        assertThat(into.queue).isEmpty();
        saved.fields().remove("map");
        assertThatThrownBy(() -> Data.load(saved, into)).isInstanceOf(StateException.class).hasMessageContaining("'map' is missing");
    }

    @Test
    void objectsThatOthersHoldStayTheSame() throws StateException {
        Everything into = new Everything();
        Inner held = into.inners[1];
        BitSet bits = into.bits;
        Data.load(Data.save(filled()), into);
        assertThat(held.s).isEqualTo((short) 99);
        assertThat(bits.get(70)).isTrue();
    }

    @Test
    void aCpusStateIsDataToo() throws StateException {
        VcpuState state = new VcpuState();
        state.gpr[3] = 4;
        state.segments[1] = new VcpuState.Segment(8, 0, -1, 0xa09b);
        state.msrs.put(0xc000_0080, 0x500L);
        state.xsave = new byte[576];
        state.event = new VcpuState.Event(VcpuState.Event.Kind.EXCEPTION, 14, true, 2);
        state.tsc = 5L;
        VcpuState into = new VcpuState();
        Data.load(throughBytes(Data.save(state)), into);
        assertThat(into).usingRecursiveComparison().isEqualTo(state);
    }

    private static Value.Group with(String field, Value value) {
        Map<String, Value> fields = new LinkedHashMap<>(Data.save(filled()).fields());
        fields.put(field, value);
        return new Value.Group(fields);
    }

    private static void refuses(Value.Group state, String why) {
        assertThatThrownBy(() -> Data.load(state, new Everything())).isInstanceOf(StateException.class).hasMessageContaining(why);
    }

    @Test
    void whatDoesNotFitIsRefusedWithItsPlace() {
        refuses(with("i", new Value.Whole(Value.Type.LONG, 1)), "i/this is no int");
        refuses(with("i", new Value.Nothing()), "i/");
        refuses(with("colour", new Value.Text("BLUE")), "colour/there is no Colour 'BLUE'");
        refuses(with("ints", new Value.Numbers(Value.Type.INT, new byte[12])), "ints/there are 3 values where 2 belong");
        refuses(with("longs", new Value.Nothing()), "longs/there must be something");
        refuses(with("inners", new Value.Many(List.of())), "inners/there are 0 values where 2 belong");
        refuses(with("new", new Value.Text("")), "'new' is of no meaning here");
        refuses(with("point", Data.save(new Point2(13, 0))), "point/this is no Point: 13");
        refuses(with("set", new Value.Many(List.of(new Value.Text("x")))), "set/this is no Point");
        refuses(new Value.Group(Map.of()), "is missing");
    }

    /** Like a {@link Point}, but without its rule. */
    record Point2(int x, long y) {}
}
