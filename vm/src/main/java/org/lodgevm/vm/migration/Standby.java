package org.lodgevm.vm.migration;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.PageSet;
import org.lodgevm.machine.RamSource;

/** The other end of a {@link Protection}: has a machine as it was at the last whole checkpoint, and goes on with it when the source is gone. */
final class Standby {
    /** Of text and writes between two checkpoints. */
    private static final long MOST_BYTES = 128 << 20;
    /** Pages after which staging gives its memory back. */
    private static final long MANY_PAGES = 1 << 14;
    private static final long TRY_AGAIN_MILLIS = 20;
    /** How often to look what else is to be done. */
    private static final Duration LOOK = Duration.ofMillis(50);

    /** What a checkpoint has beside memory. */
    private static final class Effects {
        private final List<byte[]> text = new ArrayList<>();
        private final List<byte[]> writes = new ArrayList<>();
        private long bytes;
        private byte[] state = {};
        private boolean running;
    }

    private final UUID id;
    private final ProtectedMachine machine;
    private final MessageStream stream;
    private final Decisions decisions;
    private final Duration silence;
    /** What came since the last whole checkpoint. */
    private Effects coming = new Effects();

    private Effects last;
    private long number;
    /** As {@link #number}, for others. */
    private volatile long checkpoint;
    private long spoke = System.nanoTime();

    /** Pages to come into the machine's memory with the whole checkpoint; the first one's are there at once. */
    private final GuestMemory staging = new GuestMemory();
    private final PageSet staged;
    private final PageSet all;
    private final PageSet received;

    Standby(UUID id, ProtectedMachine machine, MessageStream stream, Decisions decisions, Duration silence) {
        this.id = id;
        this.machine = machine;
        this.stream = stream;
        this.decisions = decisions;
        this.silence = silence;
        RamSource source = ServiceLoader.load(RamSource.class).findFirst().orElseGet(RamSource::temporaryFile);
        machine.memory().ramSlots().forEach(slot -> staging.addRam(slot.gpa(), slot.size(), source));
        all = MemoryCopy.ram(staging);
        staged = MemoryCopy.none(staging);
        staging.addListener(staged::add);
        received = MemoryCopy.none(staging);
    }

    /** On return the machine runs here, or is paused as it was. @throws IOException if it is not to, with the reason */
    void run() throws IOException {
        Inbox inbox = new Inbox(stream, silence);
        try (staging) {
            while (true) {
                Message message;
                try {
                    message = inbox.poll(LOOK);
                    if (message == null) {
                        requireDisksInUse(inbox.heard());
                    }
                } catch (MalformedStreamException e) {
                    throw e;
                } catch (IOException gone) {
                    takeOver(gone, inbox.heard());
                    return;
                }
                if (message != null) {
                    handle(message);
                }
                sayAlive();
            }
        }
    }

    /** The last that is whole, or 0; any thread. */
    long checkpoint() {
        return checkpoint;
    }

    private void sayAlive() {
        if (System.nanoTime() - spoke > ProtectionOptions.pulse(silence).toNanos()) {
            say(MessageType.ALIVE);
        }
    }

    /** Whether the source can be told anything shows where it is listened to. */
    private void say(MessageType type, byte... payload) {
        try {
            stream.send(type, payload);
            spoke = System.nanoTime();
        } catch (IOException e) {
            // it shows there
        }
    }

    private void handle(Message message) throws IOException {
        switch (message.type()) {
            case ALIVE -> {
                // that is all it says
            }
            case PAGES -> {
                if (last == null) {
                    PageBatch.apply(message.payload(), machine.memory(), received);
                } else {
                    PageBatch.apply(message.payload(), staging, all);
                }
            }
            case HOT_CODE -> machine.prepare(message.payload());
            case TEXT -> keep(coming.text, message);
            case WRITES -> keep(coming.writes, message);
            case STATE -> coming.state = message.payload();
            case CHECKPOINT -> complete(message.payload());
            case END -> {
                decisions.decide(id, false);
                throw new RefusedException("the machine is not protected any more");
            }
            default -> throw new MalformedStreamException("the source sent %s where a checkpoint belongs".formatted(message.type()));
        }
    }

    private void keep(List<byte[]> list, Message message) throws MalformedStreamException {
        coming.bytes += message.payload().length;
        if (coming.bytes > MOST_BYTES || message.payload().length <= (message.type() == MessageType.TEXT ? 1 : 1 + Long.BYTES)) {
            throw new MalformedStreamException("a checkpoint cannot have such a message %s".formatted(message.type()));
        }
        list.add(message.payload());
    }

    /** The source has done what the one before had: it does not acknowledge a part twice. */
    private void complete(byte[] payload) throws IOException {
        if (Checkpoint.number(payload, Long.BYTES + 1) != number + 1 || coming.state.length == 0) {
            throw new MalformedStreamException("checkpoint %d does not follow %d, or lacks the state".formatted(Checkpoint.number(payload, Long.BYTES + 1), number));
        }
        coming.running = payload[Long.BYTES] != 0;
        PageSet pages = staged.take();
        pages.forEach(page -> machine.memory().change(page * PageSet.PAGE, PageSet.PAGE, place -> place.copyFrom(page(page))));
        if (pages.count() > MANY_PAGES) {
            staging.ramSlots().forEach(slot -> staging.release(slot.gpa(), slot.size()));
            staged.take();
        }
        for (byte[] text : coming.text) {
            machine.print(text[0] & 0xff, Arrays.copyOfRange(text, 1, text.length));
        }
        coming.text.clear();
        last = coming;
        coming = new Effects();
        number++;
        checkpoint = number;
        say(MessageType.ACKNOWLEDGE, Checkpoint.acknowledge(number));
    }

    private MemorySegment page(long number) {
        return staging.at(number * PageSet.PAGE, PageSet.PAGE);
    }

    // ---- taking over --------------------------------------------------------------------------------------------------

    private void takeOver(IOException gone, long heard) throws IOException {
        if (last == null) {
            throw new IOException("the source went away before there was a whole checkpoint: " + gone.getMessage(), gone);
        }
        claimDisks(gone, heard + ProtectionOptions.claim(silence).toNanos());
        machine.restoreState(last.state);
        if (!decisions.decide(id, true)) {
            machine.releaseDisks();
            throw new IOException("the source has asked meanwhile, and was told that the machine stays there");
        }
        for (byte[] write : last.writes) {
            ByteBuffer bytes = ByteBuffer.wrap(write);
            int disk = bytes.get() & 0xff;
            long offset = bytes.getLong();
            machine.write(disk, offset, bytes);
        }
        machine.flushDisks();
        if (last.running) {
            machine.resume();
        }
    }

    /**
     * A source that lives has them. Once this gives up, the machine is never taken: the source goes on, and changes what is on them. So it may have done, and
     * have ended, when this gets them too late.
     */
    private void claimDisks(IOException gone, long deadline) throws IOException {
        while (true) {
            IOException used = tryDisks();
            if (System.nanoTime() > deadline) {
                decisions.decide(id, false);
                machine.releaseDisks();
                throw new IOException("the source was not heard of (%s), but it has not given up its disks in time%s".formatted(
                        gone.getMessage(), used == null ? "" : ": " + used.getMessage()), used);
            }
            if (used == null) {
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(TRY_AGAIN_MILLIS);
            } catch (InterruptedException e) {
                throw Inbox.interrupted(e);
            }
        }
    }

    /** Of a source that is silent, but not for long enough to be gone for that alone. @throws SilenceException if nobody has the disks: whoever lives has them */
    private void requireDisksInUse(long heard) throws SilenceException {
        if (last != null && machine.isFenced() && System.nanoTime() - heard > ProtectionOptions.pulse(silence).toNanos() && tryDisks() == null) {
            throw new SilenceException("the other side is silent, and has given up its disks");
        }
    }

    /** @return why they cannot be had, or null if they are here */
    private IOException tryDisks() {
        try {
            machine.acquireDisks();
            return null;
        } catch (IOException e) {
            return e;
        }
    }
}
