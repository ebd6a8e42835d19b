package org.lodgevm.vm.migration;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.lodgevm.machine.PageSet;

/** A target that listens on this host, and links to it, of which the first is cut where a test says. */
final class Loopback implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    /** Where the target is, if connections to it are gathered. */
    private final ServerSocket inside = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    /** Where it is for connections that recover one. */
    private final ServerSocket recovering = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    private final Gathering gathering;
    private final Decisions decisions = Decisions.inMemory();
    final AtomicReference<String> disk;
    /** One for each connection. */
    final List<MigrationTarget> targets = new CopyOnWriteArrayList<>();
    final List<FakeMachine> arrived = new CopyOnWriteArrayList<>();
    private final CompletableFuture<FakeMachine> arrival = new CompletableFuture<>();
    /** Which link may be cut, in the order in which they are opened, from 0. */
    int cutLink;
    /** That one. */
    volatile MigrationLink first;
    final Semaphore refused = new Semaphore(0);
    final List<Exception> refusals = new CopyOnWriteArrayList<>();
    /** Bytes after which the first link is cut, to the target and back; what is not cut is longer. */
    long forth = Long.MAX_VALUE;
    long back = Long.MAX_VALUE;
    /** Whether somebody is faster than the target when the disk is free, and gives it back. */
    boolean thief;
    boolean fenced = true;
    /** Whether memory cannot follow a machine to here. */
    boolean impatient;
    /** How much a machine's own disk has room for here, in blocks. */
    int room = FakeDisk.BLOCKS;
    /** Told of a machine before it claims disks. */
    Consumer<FakeMachine> beforeDisks = machine -> {};
    /** What is on the disk. */
    final Map<Long, Long> content = new ConcurrentHashMap<>();
    /** Whether nobody reaches the target any more, by new connections. */
    volatile boolean unreachable;
    /** Whether nobody does after the first link was cut on the way back, which then is when something comes that gets lost. */
    boolean cutForGood;
    volatile boolean sourceKilled;
    /** Whether the source is killed when the first link is cut, before it can ask who has the machine. */
    boolean cutKillsSource;
    /** Whether the first link carries nothing any more. */
    volatile boolean silent;
    /** The first link was cut. */
    final CountDownLatch cut = new CountDownLatch(1);
    /** Bytes after which each further link is cut on its way to the target, first to last; those behind are not. */
    final Queue<Long> cuts = new ArrayDeque<>();
    private int opened;
    private final List<Thread> receiving = new CopyOnWriteArrayList<>();

    Loopback(AtomicReference<String> disk) throws IOException {
        this(disk, false);
    }

    /** @param gathered whether connections are, or each leads to the target itself */
    Loopback(AtomicReference<String> disk, boolean gathered) throws IOException {
        this.disk = disk;
        this.gathering = gathered ? new Gathering(_ -> to(recovering)) : null;
        Thread.ofVirtual().start(() -> serve(recovering, this::recover));
        Thread.ofVirtual().start(() -> serve(inside, this::receive));
        Thread.ofVirtual().start(() -> serve(server, gathering == null ? this::receive : this::gather));
    }

    private void serve(ServerSocket from, Consumer<Socket> receiver) {
        try {
            while (true) {
                Socket socket = from.accept();
                receiving.add(Thread.ofVirtual().start(() -> receiver.accept(socket)));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void gather(Socket socket) {
        try (MigrationLink link = MigrationLink.of(socket, PATIENCE)) {
            gathering.serve(link, () -> to(inside));
        } catch (IOException e) {
            // whom it concerns notices
        }
    }

    private static MigrationLink to(ServerSocket listening) throws IOException {
        return MigrationLink.of(new Socket(listening.getInetAddress(), listening.getLocalPort()), PATIENCE);
    }

    private void recover(Socket socket) {
        try (MigrationLink link = MigrationLink.of(socket, PATIENCE)) {
            for (MigrationTarget each : targets) {
                if (each.rest().isPresent()) {
                    each.rest().get().recover(link);
                }
            }
        } catch (IOException e) {
            // the source notices
        }
    }

    private void receive(Socket socket) {
        FakeMachine machine = new FakeMachine("target", thief ? new AtomicReference<>("thief") : disk);
        machine.fenced = fenced;
        machine.impatient = impatient;
        machine.effects.disk = content;
        machine.own.room = room;
        machine.beforeDisks = () -> beforeDisks.accept(machine);
        try {
            MigrationLink link = MigrationLink.of(socket, PATIENCE);
            MigrationTarget made = new MigrationTarget(link, decisions);
            targets.add(made);
            if (made.run(hello -> machine)) {
                arrived.add(machine);
                arrival.complete(machine);
            }
            if (made.rest().isEmpty()) {
                link.close();
            }
        } catch (IOException | RuntimeException e) {
            refusals.add(e);
            refused.release();
            machine.close();
            close(socket);
        }
    }

    /** How many links were. */
    int opened() {
        return opened;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is of no more use in any case
        }
    }

    /** The one that arrived, as it will at once. */
    FakeMachine machine() {
        return arrival.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    MigrationLink open() throws IOException {
        if (sourceKilled) {
            throw new IllegalStateException("whoever was killed opens nothing");
        }
        if (unreachable) {
            throw new IOException("nobody can be reached");
        }
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
        MigrationLink whole = MigrationLink.of(socket, PATIENCE);
        if (opened++ != cutLink && cuts.isEmpty()) {
            return whole;
        }
        if (!cuts.isEmpty()) {
            forth = cuts.remove();
        }
        first = MigrationLink.of(new CutInput(whole.in()), new CutOutput(whole.out()));
        return first;
    }

    private final class CutInput extends FilterInputStream {
        CutInput(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (back == 0) {
                if (cutForGood) {
                    super.read(bytes, offset, 1);
                    unreachable = true;
                }
                close();
                throw new IOException("cut on the way back");
            }
            if (silent) {
                swallow();
            }
            int read = super.read(bytes, offset, (int) Math.min(length, back));
            back -= Math.max(read, 0);
            return read;
        }
    }

    private void swallow() throws IOException {
        try {
            Thread.sleep(Duration.ofDays(1));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private final class CutOutput extends FilterOutputStream {
        CutOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (silent) {
                return; // and nobody knows
            }
            int whole = (int) Math.min(length, forth);
            out.write(bytes, offset, whole);
            forth -= whole;
            if (whole < length) {
                out.flush();
                sourceKilled |= cutKillsSource;
                close();
                cut.countDown();
                throw new IOException("cut on the way there");
            }
        }
    }

    /** To a target that takes whatever comes, and keeps no more than what it was sent. */
    static MigrationLink recording(ByteArrayOutputStream sent) {
        return MigrationLink.of(new InputStream() {
            private byte[] answer = {};
            private int given;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (given == answer.length) {
                    answer = answer(sent.toByteArray());
                    given = 0;
                }
                int count = Math.min(length, answer.length - given);
                System.arraycopy(answer, given, bytes, offset, count);
                given += count;
                return count;
            }
        }, sent);
    }

    /** To the last message. */
    private static byte[] answer(byte[] sent) throws IOException {
        MessageStream stream = new MessageStream(MigrationLink.of(new ByteArrayInputStream(sent), OutputStream.nullOutputStream()));
        MessageType last = null;
        for (int at = 0; at < sent.length; ) {
            Message message = stream.receive();
            last = message.type();
            at += 1 + Integer.BYTES + message.payload().length;
        }
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        MessageStream answering = new MessageStream(MigrationLink.of(InputStream.nullInputStream(), answers));
        for (MessageType type : switch (last) {
            case HELLO -> List.of(MessageType.ACCEPT);
            case STATE -> List.of(MessageType.READY);
            case COMMIT -> List.of(MessageType.TAKEN, MessageType.END);
            default -> List.of(last);
        }) {
            answering.send(type);
        }
        return answers.toByteArray();
    }

    /** What a target was told, cut short or with some bytes changed, most of them near its beginning. */
    static byte[] damaged(byte[] recording, SplittableRandom dice) {
        byte[] damaged = dice.nextInt(3) == 0 ? Arrays.copyOf(recording, dice.nextInt(recording.length)) : recording.clone();
        for (int i = dice.nextInt(4); i >= 0 && damaged.length > 0; i--) {
            int near = dice.nextBoolean() ? Math.min(damaged.length, 200) : damaged.length;
            damaged[dice.nextInt(near)] = (byte) dice.nextInt();
        }
        return damaged;
    }

    /** Bytes there and back of a migration of a machine that stands still. */
    static long[] lengths(MigrationOptions options) throws IOException {
        try (Loopback measured = new Loopback(new AtomicReference<>()); FakeMachine machine = FakeMachine.started(measured.disk)) {
            machine.pause();
            measured.forth = 1 << 30;
            measured.back = 1 << 30;
            new MigrationSource(machine, measured::open, new byte[3], options, progress -> {}).run();
            return new long[] {(1 << 30) - measured.forth, (1 << 30) - measured.back};
        } catch (MigrationException e) {
            throw new IOException(e);
        }
    }

    /** Whether memory here is what it was there. */
    static boolean sameMemory(FakeMachine one, FakeMachine other) {
        long bytes = FakeMachine.PAGES * PageSet.PAGE;
        return one.memory.at(0, bytes).mismatch(other.memory.at(0, bytes)) < 0
                && one.memory.at(1L << 32, PageSet.PAGE).mismatch(other.memory.at(1L << 32, PageSet.PAGE)) < 0;
    }

    /** On return nobody waits for the source any more. */
    @Override
    public void close() throws IOException {
        server.close();
        inside.close();
        recovering.close();
        if (first != null) {
            first.close();
        }
        for (Thread each : receiving) {
            try {
                each.join(PATIENCE);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        arrived.forEach(FakeMachine::close);
    }
}
