package org.lodgevm.machine;

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Pages of RAM whose content is elsewhere, and those who wait for it. Any thread may use it at any time.
 *
 * <p>Once a page is here it stays. So whoever has {@link GuestMemory#await awaited} a page may use its host address from then on, as a CPU does that enters it in its TLB.
 */
public final class AbsentPages {
    /** What was waited for does not come any more. Stackless: it means the machine's end. */
    public static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1;

        Lost() {
            super("the machine ended before all of its memory was here", null, false, false);
        }
    }

    /** Writes the content of a page that comes. */
    @FunctionalInterface
    interface Content<E extends Exception> {
        void write() throws E;
    }

    private final PageSet absent;
    /** Those that somebody waits for. Guarded by this, as what follows. */
    private final Set<Long> wanted = new HashSet<>();

    private long left;
    /** Null as long as nobody can get any. */
    private LongConsumer demand;
    private boolean lost;

    /** @param absent no more used by the caller */
    public AbsentPages(PageSet absent) {
        this.absent = absent;
        left = absent.count();
    }

    /** How many there still are. */
    public synchronized long left() {
        return left;
    }

    /** The first one from a number on; -1 if there is none. */
    public long next(long from) {
        return absent.next(from);
    }

    public boolean contains(long page) {
        return absent.contains(page);
    }

    /** @param wish told from now on which page somebody waits for, by the one who begins to, and before it returns of those that are waited for */
    public void demand(LongConsumer wish) {
        Set<Long> before;
        synchronized (this) {
            demand = wish;
            before = Set.copyOf(wanted);
        }
        before.forEach(wish::accept);
    }

    /** From now on nobody can get any, until there is another {@link #demand}. */
    public synchronized void strand() {
        demand = null;
    }

    /** Whether nobody can get any now. */
    public synchronized boolean isStranded() {
        return demand == null;
    }

    /** Returns when the page is here. @throws Lost if it never will be */
    void await(long page) {
        if (!absent.contains(page)) {
            return;
        }
        LongConsumer asked;
        synchronized (this) {
            asked = absent.contains(page) && wanted.add(page) ? demand : null;
        }
        if (asked != null) {
            asked.accept(page); // which may take its time; nobody else is to wait for that
        }
        awaitWanted(page);
    }

    /** An interrupt means nothing to a guest's memory, and is passed on. */
    private synchronized void awaitWanted(long page) {
        boolean interrupted = false;
        try {
            while (absent.contains(page)) {
                if (lost) {
                    throw new Lost();
                }
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The content of a page comes; of one that is here already, it is not written. */
    synchronized <E extends Exception> void arrive(long page, Content<E> content) throws E {
        if (absent.contains(page)) {
            content.write();
            absent.remove(page);
            left--;
            if (wanted.remove(page)) {
                notifyAll();
            }
        }
    }

    /** No more will come: whoever waits, or will, is told. */
    public synchronized void lose() {
        lost = true;
        notifyAll();
    }
}
