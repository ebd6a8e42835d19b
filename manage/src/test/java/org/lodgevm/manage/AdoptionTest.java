package org.lodgevm.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that come from elsewhere, with their disks, or do not after all. */
class AdoptionTest {
    @TempDir
    private Path folder;

    private MachineStore store;
    private final MachineFile file = MachineFile.of("/", null, Map.of("disk", List.of("/data/d.raw")));

    @BeforeEach
    void open() {
        store = new MachineStore(folder.resolve("machines"));
    }

    private Adoption adopt() {
        return store.adopt(new Baggage("web", file).withDisks());
    }

    private static Path disk(Adoption adoption) throws Exception {
        return Files.createFile(adoption.newDisk("/data/d.raw", "raw"));
    }

    private List<String> files() throws Exception {
        try (var files = Files.list(store.find("web").path())) {
            return files.map(each -> each.getFileName().toString()).filter(name -> !name.equals("lock")).sorted().toList();
        }
    }

    @Test
    void aMachineThatHasComeIsStartedWithItsDisks() throws Exception {
        Adoption adoption = adopt();
        Path disk = disk(adoption);
        adoption.keep();
        store.removeUnarrived();
        MachineFolder web = store.find("web");
        assertThat(web.disk(web.definition(), "/data/d.raw")).isEqualTo(disk.toString());
        assertThat(files()).containsExactly(MachineFolder.DEFINITION, disk.getFileName().toString());
        assertThat(web.forkedDisks()).as("rm asks before it takes the content of a disk along").containsOnlyKeys("/data/d.raw");
    }

    @Test
    void ofOneThatHasNotNothingIsLeft() throws Exception {
        disk(adopt());
        assertThat(store.names()).containsExactly("web");
        store.removeUnarrived();
        assertThat(store.names()).isEmpty();
        Adoption undecided = adopt();
        disk(undecided);
        undecided.keep();
        undecided.undo();
        store.removeUnarrived();
        assertThat(store.names()).isEmpty();
    }

    @Test
    void oneThatIsOnItsWayStays() throws Exception {
        Adoption adoption = adopt();
        disk(adoption);
        try (RunLock _ = adoption.folder().lock()) {
            store.removeUnarrived();
        }
        assertThat(store.names()).containsExactly("web");
        assertThat(files()).hasSize(3);
    }

    @Test
    void whatHadBeenThereBeforeIsAsItWas() throws Exception {
        Adoption first = adopt();
        Path old = disk(first);
        first.keep();
        MachineFile before = store.find("web").definition();
        for (boolean decided : new boolean[] {false, true}) {
            Adoption second = adopt();
            disk(second);
            if (decided) {
                second.keep();
                second.undo();
            }
            store.removeUnarrived();
            assertThat(store.find("web").definition()).isEqualTo(before);
            assertThat(files()).containsExactly(MachineFolder.DEFINITION, old.getFileName().toString());
        }
    }

    @Test
    void disksFromBeforeGoWhenTheMachineHasCome() throws Exception {
        Adoption first = adopt();
        Path old = disk(first);
        first.keep();
        Adoption second = adopt();
        Path disk = disk(second);
        second.keep();
        assertThat(old).exists();
        second.folder().removeOldDisks();
        assertThat(files()).containsExactly(MachineFolder.DEFINITION, disk.getFileName().toString());
    }

    @Test
    void theDiskOfAnImageIsItsOwnHereToo() throws Exception {
        Adoption adoption = store.adopt(new Baggage("web", MachineFile.of("/", "debian", Map.of())).withDisks());
        Path disk = Files.createFile(adoption.newDisk(adoption.folder().rootDisk().toString(), "qcow2"));
        adoption.keep();
        MachineFolder web = store.find("web");
        assertThat(web.disk(web.definition(), web.rootDisk().toString())).isEqualTo(disk.toString());
        assertThat(web.forkedDisks()).isEmpty();
    }

    @Test
    void anothersNameIsNotTaken() {
        store.create("web", MachineStoreTest.file());
        assertThatThrownBy(this::adopt).isInstanceOf(ManageException.class).hasMessageContaining("there is another machine 'web' at the target");
        assertThat(store.find("web").definition().uuid()).isNotEqualTo(file.uuid());
    }
}
