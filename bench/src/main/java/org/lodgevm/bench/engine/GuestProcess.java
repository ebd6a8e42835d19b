package org.lodgevm.bench.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A guest while it runs, in a process of its own: its marks, and what it costs the host. */
public final class GuestProcess implements AutoCloseable {
    private static final Duration TO_END = Duration.ofSeconds(30);
    private static final int LAST_LINES = 8;

    private final Process process;
    private final Path errors;
    private final long started;
    private final BlockingQueue<Optional<Mark>> marks = new LinkedBlockingQueue<>();
    /** What the guest wrote last, for the message of an error. */
    private final ArrayDeque<String> tail = new ArrayDeque<>();

    /** Starts the command. */
    public GuestProcess(List<String> command) throws IOException {
        errors = Files.createTempFile("lodge-bench", ".log");
        started = System.nanoTime();
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        Thread.ofPlatform().daemon().name("marks").start(this::listen);
    }

    /** When it was started, by {@link System#nanoTime}. */
    public long started() {
        return started;
    }

    /**
     * Waits for the next mark, which must have this text, or, if it ends in a space, start with it.
     *
     * @throws MeasurementException if it does not come in time, or another one does
     */
    public Mark await(String text, Duration timeout) throws InterruptedException {
        Optional<Mark> next = marks.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (next == null) {
            throw failure("\"%s\" did not appear within %d s".formatted(text, timeout.toSeconds()));
        }
        Mark mark = next.orElseThrow(() -> failure("it ended before \"%s\" appeared".formatted(text)));
        if (!(text.endsWith(" ") ? mark.text().startsWith(text) : mark.text().equals(text))) {
            throw failure("\"%s\" appeared instead of \"%s\"".formatted(mark.text(), text));
        }
        return mark;
    }

    /** Types a line, for which the guest waits. */
    public void type(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** The processor time that the process has used on the host. */
    public Optional<Duration> hostCpuTime() {
        return process.info().totalCpuDuration();
    }

    /** @param guestRam the size by which the guest's RAM is told, in bytes */
    public Optional<ResidentMemory> residentMemory(long guestRam) {
        return ResidentMemory.of(process.pid(), guestRam);
    }

    /** What the process wrote to standard error so far. */
    public List<String> errors() {
        try {
            return Files.readAllLines(errors, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /**
     * Waits until the guest has powered off.
     *
     * @throws MeasurementException if it does not, or fails
     */
    public void awaitEnd() throws InterruptedException {
        if (!process.waitFor(TO_END.toSeconds(), TimeUnit.SECONDS)) {
            throw failure("it did not power off");
        }
        if (process.exitValue() != 0) {
            throw failure("it ended with status " + process.exitValue());
        }
    }

    /** Kills what still runs. */
    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        Files.deleteIfExists(errors);
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Optional<Mark> mark = Mark.in(line, System.nanoTime());
                if (mark.isPresent()) {
                    marks.add(mark);
                }
                remember(line);
            }
        } catch (IOException closed) {
            // The process was killed: like its end.
        } finally {
            marks.add(Optional.empty());
        }
    }

    private synchronized void remember(String line) {
        tail.addLast(line.strip());
        if (tail.size() > LAST_LINES) {
            tail.removeFirst();
        }
    }

    private synchronized MeasurementException failure(String what) {
        List<String> said = errors();
        String last = Stream.concat(tail.stream(), said.subList(Math.max(0, said.size() - LAST_LINES), said.size()).stream())
                .filter(line -> !line.isBlank())
                .collect(Collectors.joining(" / "));
        return new MeasurementException(last.isEmpty() ? what : what + "; its last lines: " + last);
    }
}
