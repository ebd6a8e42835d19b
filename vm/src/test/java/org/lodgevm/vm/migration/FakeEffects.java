package org.lodgevm.vm.migration;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What a {@link FakeMachine} does to the outside: says each step, and writes it to a block of its disk. */
final class FakeEffects {
    static final int BLOCKS = 16;

    /** What is on the disk, by offset. */
    Map<Long, Long> disk = new ConcurrentHashMap<>();
    /** What was said so that others hear it. */
    private final StringBuilder said = new StringBuilder();
    /** Null while nothing is held back. */
    private Part filling;
    private final Deque<Part> waiting = new ArrayDeque<>();
    private boolean dropped;

    private static final class Part implements HeldOutput.Part {
        private final StringBuilder text = new StringBuilder();
        private final Map<Long, Long> writes = new TreeMap<>();

        @Override
        public void read(HeldOutput.Reader reader) throws IOException {
            if (!text.isEmpty()) {
                reader.text(0, text.toString().getBytes(US_ASCII));
            }
            for (Map.Entry<Long, Long> write : writes.entrySet()) {
                reader.write(0, write.getKey(), ByteBuffer.allocate(Long.BYTES).putLong(write.getValue()).flip());
            }
        }
    }

    synchronized void step(long number) {
        if (filling == null) {
            said.append(number).append('\n');
            disk.put(number % BLOCKS, number);
        } else {
            filling.text.append(number).append('\n');
            filling.writes.put(number % BLOCKS, number);
        }
    }

    synchronized void print(byte[] text) {
        said.append(new String(text, US_ASCII));
    }

    synchronized String said() {
        return said.toString();
    }

    synchronized boolean isHeld() {
        return filling != null;
    }

    private void happen(Part part) {
        if (!dropped) {
            said.append(part.text);
            disk.putAll(part.writes);
        }
    }

    synchronized HeldOutput hold() {
        filling = new Part();
        return new HeldOutput() {
            @Override
            public Part cut() {
                synchronized (FakeEffects.this) {
                    FakeEffects.Part done = filling;
                    waiting.add(done);
                    filling = new FakeEffects.Part();
                    return done;
                }
            }

            @Override
            public void commit(Part part) {
                synchronized (FakeEffects.this) {
                    happen(waiting.remove());
                }
            }

            @Override
            public long bytes() {
                return 0;
            }

            @Override
            public void release() {
                synchronized (FakeEffects.this) {
                    waiting.forEach(FakeEffects.this::happen);
                    waiting.clear();
                    happen(filling);
                    filling = null;
                }
            }

            @Override
            public void drop() {
                synchronized (FakeEffects.this) {
                    dropped = true;
                    waiting.clear();
                    filling = new FakeEffects.Part();
                }
            }
        };
    }
}
