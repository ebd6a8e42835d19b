package org.lodgevm.vm.migration;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.lodgevm.machine.DirtyLog;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.PageSet;

/** Sends memory, and disks that go along, while the guest writes to them, until little is left, and then that. */
final class MemoryCopy implements AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    /** By which the CPUs are slowed down at first, then each time, and at most; in percent. */
    private static final int FIRST_THROTTLE = 20;
    private static final int NEXT_THROTTLE = 10;
    private static final int MOST_THROTTLE = 99;
    /** To stand still for less is not worth a round. */
    private static final Duration MOMENT = Duration.ofMillis(5);

    private final MovingMachine machine;
    private final MigrationOptions options;
    private final Consumer<MigrationProgress> listener;
    private final Pace pace;
    private final MessageSink first;
    private final Arrived arrived;
    private final List<Lane> lanes = new ArrayList<>();
    private final DiskCopy disks;
    /** Threads of the lanes; null if there is one, which uses the caller's. */
    private final ExecutorService threads;

    /** Not sent since they were written to. */
    private PageSet rest;

    private int round;
    /** Guarded by this, as the three after it. */
    private long pages;

    private long bytes;
    private long remaining;
    private Duration downtime = Duration.ZERO;
    private int throttle;
    /** Nanoseconds that the last whole round took for a page that is not zero: too many, if there were few of them, which a further round shows. */
    private double nanosPerPage;
    private long began;
    private long bytesBefore;

    /** Waits until the other side has what was sent. */
    @FunctionalInterface
    interface Arrived {
        void await() throws IOException;
    }

    /**
     * @param sinks one for each connection
     * @param arrived asked for after each round
     */
    MemoryCopy(MovingMachine machine, List<? extends MessageSink> sinks, Arrived arrived, MigrationOptions options, Consumer<MigrationProgress> listener) {
        this.machine = machine;
        this.arrived = arrived;
        this.options = options;
        this.listener = listener;
        pace = new Pace(options.bytesPerSecond());
        first = sinks.getFirst();
        for (MessageSink sink : sinks) {
            lanes.add(new Lane(lanes.size(), sinks.size(), machine.memory(), sink, options, this::sent));
        }
        threads = sinks.size() == 1 ? null : Executors.newFixedThreadPool(sinks.size(), Thread.ofPlatform().daemon().name("migration lane ", 0).factory());
        rest = none(machine.memory());
        disks = new DiskCopy(options.storage() ? machine.disks() : List.of(), first, this::sent);
    }

    /** No page, with room for all of RAM. */
    static PageSet none(GuestMemory memory) {
        return new PageSet(memory.pages());
    }

    /** All pages of RAM. */
    static PageSet ram(GuestMemory memory) {
        PageSet all = none(memory);
        memory.ramSlots().forEach(slot -> all.add(slot.gpa(), slot.size()));
        return all;
    }

    /** First of all: what disks hold that go along. @param bytes of that */
    void sendDisks(long bytes) throws IOException {
        beginRate();
        disks.sendAll(bytes);
    }

    /** The machine stands still: sends what was written to disks since the last time. */
    void finishDisks() throws IOException {
        disks.collect();
        disks.sendRest();
    }

    /**
     * First sends all that memory holds; what it does not hold is zeroes there, too. On return, what is left can most likely be sent within the downtime that is allowed, and for less than that another round is not worth while: the last one has not even halved what
     * was left, or that takes no more than a moment.
     *
     * @return false if it cannot, as the guest writes too much: what is left may follow the machine
     */
    boolean converge(DirtyLog log) throws IOException {
        rest = machine.memory().content(); // the log has what is written from now on
        long left = left();
        boolean tooLong;
        boolean worthwhile;
        do {
            long before = left;
            disks.sendRest();
            sendRound();
            if (round == 1) {
                first.send(MessageType.HOT_CODE, machine.hotCode()); // the other side has time for it during all further rounds
            }
            rest = log.collect();
            disks.collect();
            left = left();
            boolean halved = left <= before / 2;
            Duration expected = expectedDowntime(rest.count());
            tooLong = expected.compareTo(options.downtime()) > 0;
            worthwhile = halved && expected.compareTo(MOMENT) > 0;
            if (options.postcopy() && tooLong && !halved && disks.expected().compareTo(options.downtime()) <= 0) {
                return false;
            }
            if (options.throttle() && round > 1 && tooLong && !halved) {
                slowDown();
            }
        } while (tooLong || worthwhile);
        return true;
    }

    /** Bytes, of memory and disks. */
    private long left() {
        return rest.count() * PageSet.PAGE + disks.remaining();
    }

    private void slowDown() {
        throttle = Math.min(MOST_THROTTLE, throttle == 0 ? FIRST_THROTTLE : throttle + NEXT_THROTTLE);
        machine.throttle(throttle);
    }

    /** Sends what was written to since the last time. The machine stands still, or sends the rest later. */
    void finish(DirtyLog log) throws IOException {
        rest.addAll(log.collect());
        sendRest();
        rest.take();
        remaining = 0;
    }

    /** Instead of {@link #finish}, what is left is sent as the other side wants it. */
    PageServer leave(DirtyLog log) {
        rest.addAll(log.collect());
        remaining = rest.count();
        return new PageServer(machine.memory(), rest, options.compress(), this::sent);
    }

    /** @param value for which the machine stood still, now that it runs there */
    synchronized void moved(Duration value) {
        downtime = value;
        listener.accept(progress());
    }

    /** The rate that is reported is the one from now on. */
    synchronized void beginRate() {
        began = System.nanoTime();
        bytesBefore = bytes;
    }

    private Duration expectedDowntime(long left) {
        return Duration.ofNanos((long) (left * nanosPerPage)).plus(disks.expected());
    }

    /**
     * Sends what is left, until it is there. Much of what was only sent would still be on its way when the machine stands still, in the buffers of both hosts and of the network, with all that has
     * to come after it; and how long pages take is known by when they have come.
     */
    private void sendRound() throws IOException {
        long contents = rest.count() + sum(PageBatch::zeroPages);
        sendRest();
        arrived.await();
        remaining = 0;
        contents -= sum(PageBatch::zeroPages);
        if (contents > 0) {
            nanosPerPage = (double) (System.nanoTime() - began) / contents;
        }
    }

    private void sendRest() throws IOException {
        round++;
        beginRate();
        remaining = rest.count();
        sendAll();
    }

    private void sendAll() throws IOException {
        boolean again = round > 1;
        if (threads == null) {
            lanes.getFirst().send(rest, again);
            return;
        }
        List<Callable<Void>> shares = new ArrayList<>();
        for (Lane lane : lanes) {
            shares.add(() -> {
                lane.send(rest, again);
                return null;
            });
        }
        try {
            for (Future<Void> share : threads.invokeAll(shares)) {
                share.get();
            }
        } catch (InterruptedException e) {
            throw Inbox.interrupted(e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    private long sum(ToLongFunction<PageBatch> count) {
        return lanes.stream().map(Lane::batch).mapToLong(count).sum();
    }

    private synchronized void sent(long looked, int sent, int length) {
        remaining -= looked;
        pages += sent;
        bytes += length;
        pace.sent(length);
        listener.accept(progress());
    }

    /** A message of a disk. */
    private synchronized void sent(int length) {
        bytes += length;
        pace.sent(length);
        listener.accept(progress());
    }

    synchronized MigrationProgress progress() {
        long nanos = Math.max(1, System.nanoTime() - began);
        long rate = (long) ((double) (bytes - bytesBefore) * NANOS_PER_SECOND / nanos);
        return new MigrationProgress(round, pages, sum(PageBatch::zeroPages), sum(PageBatch::deltaPages), sum(PageBatch::deltaBytes), sum(PageBatch::unchangedPages),
                bytes, remaining, disks.sent(), disks.remaining(), rate, downtime.isZero() ? expectedDowntime(remaining) : Duration.ZERO, throttle, downtime);
    }

    /** Nobody sends any more. */
    @Override
    public void close() {
        if (threads != null) {
            threads.shutdown();
        }
        lanes.forEach(Lane::close);
        disks.close();
    }
}
