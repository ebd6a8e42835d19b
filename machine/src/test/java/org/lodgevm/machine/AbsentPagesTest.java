package org.lodgevm.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Memory of which some is elsewhere. */
@Timeout(60)
class AbsentPagesTest {
    private static final int PAGES = 300;
    private static final long ALIAS = 0x4000_0000L;

    private final GuestMemory memory = new GuestMemory();
    private final BlockingQueue<Long> wanted = new LinkedBlockingQueue<>();
    private final AbsentPages absent;

    AbsentPagesTest() {
        memory.addRam(0, PAGES * PageSet.PAGE, (size, arena) -> arena.allocate(size, PageSet.PAGE));
        memory.addRom(0xfffff000L, new byte[PageSet.PAGE]);
        memory.addAlias(ALIAS, PageSet.PAGE, 7 * PageSet.PAGE, false);
        PageSet pages = new PageSet(PAGES);
        pages.add(7 * PageSet.PAGE, 3 * PageSet.PAGE);
        absent = new AbsentPages(pages);
        absent.demand(wanted::add);
        memory.expect(absent);
    }

    @AfterEach
    void close() {
        absent.lose();
        memory.close();
    }

    private void arrive(long page, int content) {
        memory.arrive(page * PageSet.PAGE, place -> place.fill((byte) content));
    }

    @Test
    void whatIsHereIsNotAwaited() {
        memory.write(0, new byte[7 * PageSet.PAGE]);
        memory.read(10 * PageSet.PAGE, 8);
        memory.read(0xfffff000L, 8);
        new Bus(memory).read(0, 8);
        assertThat(wanted).isEmpty();
    }

    @Test
    void whoReadsWaitsForThePageThatItAskedFor() throws Exception {
        CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> memory.read(9 * PageSet.PAGE - 1, 2));
        assertThat(wanted.take()).isEqualTo(8);
        arrive(8, 1);
        assertThat(wanted.take()).isEqualTo(9);
        assertThat(read.isDone()).isFalse();
        arrive(9, 2);
        assertThat(read.join()).containsExactly(1, 2);
        assertThat(memory.absent().left()).isEqualTo(1);
    }

    @Test
    void whoWritesDoesItOverWhatCame() throws Exception {
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> new Bus(memory).write(9 * PageSet.PAGE, 1, 5));
        assertThat(wanted.take()).isEqualTo(9);
        arrive(9, 2);
        written.join();
        assertThat(memory.read(9 * PageSet.PAGE, 2)).containsExactly(5, 2);
        arrive(9, 3);
        assertThat(memory.read(9 * PageSet.PAGE, 2)).as("it is here already").containsExactly(5, 2);
    }

    @Test
    void aPageGoesByItsAddressAsRam() throws Exception {
        CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> memory.read(ALIAS + 5, 1));
        assertThat(wanted.take()).isEqualTo(7);
        arrive(7, 3);
        assertThat(read.join()).containsExactly(3);
    }

    @Test
    void severalWhoWaitAskOnce() throws Exception {
        CompletableFuture<byte[]> one = CompletableFuture.supplyAsync(() -> memory.read(7 * PageSet.PAGE, 1));
        assertThat(wanted.take()).isEqualTo(7);
        CompletableFuture<byte[]> other = CompletableFuture.supplyAsync(() -> memory.read(7 * PageSet.PAGE, 1));
        arrive(7, 4);
        assertThat(one.join()).isEqualTo(other.join());
        assertThat(wanted).isEmpty();
    }

    @Test
    void whoCanGetPagesLaterIsToldWhatWasWanted() throws Exception {
        CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> memory.read(7 * PageSet.PAGE, 1));
        wanted.take();
        absent.strand();
        assertThat(absent.isStranded()).isTrue();
        absent.demand(page -> arrive(page, 6));
        assertThat(absent.isStranded()).isFalse();
        assertThat(read.join()).containsExactly(6);
        assertThat(memory.read(8 * PageSet.PAGE, 1)).containsExactly(6);
    }

    @Test
    void whatTheGuestGivesBackNeedNotCome() {
        memory.release(7 * PageSet.PAGE, 2 * PageSet.PAGE);
        arrive(7, 1);
        assertThat(memory.read(7 * PageSet.PAGE, 1)).containsExactly(0);
        assertThat(memory.absent().left()).isEqualTo(1);
        assertThat(absent.next(0)).isEqualTo(9);
    }

    @Test
    void memoryThatIsNotWholeIsNeitherFrozenNorLogged() {
        assertThatIllegalStateException().isThrownBy(memory::freeze).withMessageContaining("still where it came from");
        assertThatIllegalStateException().isThrownBy(memory::beginLog);
        for (int page = 7; page < 10; page++) {
            arrive(page, 0);
        }
        assertThat(memory.absent()).isNull();
        memory.beginLog();
        memory.endLog();
    }

    @Test
    void whoWaitsForWhatNeverComesIsTold() throws Exception {
        CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> memory.read(7 * PageSet.PAGE, 1));
        wanted.take();
        absent.lose();
        assertThatThrownBy(read::join).isInstanceOf(CompletionException.class).hasCauseInstanceOf(AbsentPages.Lost.class);
        assertThatThrownBy(() -> memory.read(8 * PageSet.PAGE, 1)).isInstanceOf(AbsentPages.Lost.class);
        assertThat(memory.read(0, 1)).containsExactly(0);
    }
}
