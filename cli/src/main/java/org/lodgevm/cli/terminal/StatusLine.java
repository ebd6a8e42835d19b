package org.lodgevm.cli.terminal;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.lodgevm.image.Progress;

/**
 * What Lodge says on standard error while the user waits: one line that is drawn over and over and vanishes before
 * anything else is written. Where there is no terminal, or the user wants all of it, plain lines instead.
 */
public final class StatusLine implements Progress {
    /** How the line appears. */
    public enum Style {
        SILENT,
        REDRAWN,
        LINES
    }

    private static final String ERASE = "\r\033[K";
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int WIDTH = 78;

    private final PrintStream err;
    private final Style style;
    private final boolean notes;
    private boolean shown;
    private String step = "";
    private long redrawn;
    private boolean ended;

    /** @param notes whether {@link #note} is heard */
    public StatusLine(PrintStream err, Style style, boolean notes) {
        this.err = err;
        this.style = style;
        this.notes = notes;
    }

    @Override
    public synchronized void advance(String what, long done, long total) {
        if (ended) {
            return;
        }
        boolean begins = !what.equals(step);
        step = what;
        if (style == Style.REDRAWN) {
            long now = System.nanoTime();
            if (begins || done == total || now - redrawn >= REDRAW_NANOS) {
                redrawn = now;
                draw("lodge: " + what + amount(done, total));
            }
        } else if (style == Style.LINES && begins) {
            err.println("lodge: " + what);
        }
    }

    @Override
    public synchronized void note(String message) {
        if (notes) {
            clear();
            err.println("lodge: " + message);
        }
    }

    /** A step of which only its beginning is known: tells how long it has taken, until {@link #end}. */
    public void showElapsed(String what) {
        advance(what, 0, UNKNOWN);
        if (style == Style.REDRAWN) {
            long begun = System.nanoTime();
            Thread.ofVirtual().name("status line").start(() -> {
                while (pause()) {
                    redraw("lodge: %s %d s".formatted(what, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun)));
                }
            });
        }
    }

    /** The guest speaks now: the line is gone for good. */
    public synchronized void end() {
        clear();
        ended = true;
        notifyAll();
    }

    /** Makes room for other output. */
    public synchronized void clear() {
        if (shown) {
            err.print(ERASE);
            err.flush();
            shown = false;
        }
    }

    /** @return whether the line is still there after a second */
    private synchronized boolean pause() {
        try {
            TimeUnit.SECONDS.timedWait(this, 1);
        } catch (InterruptedException e) {
            return false;
        }
        return !ended;
    }

    private synchronized void redraw(String line) {
        if (!ended) {
            draw(line);
        }
    }

    private void draw(String line) {
        err.print(ERASE + (line.length() > WIDTH ? line.substring(0, WIDTH) : line));
        err.flush();
        shown = true;
    }

    private static String amount(long done, long total) {
        if (total > 0) {
            return " %3d%% of %.1f MB".formatted(100 * done / total, total / 1e6);
        }
        return done > 0 ? " %.1f MB".formatted(done / 1e6) : " ...";
    }
}
