package org.lodgevm.bench.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadTest {
    private static final Path SOURCES = Path.of("src/guest");
    /** What runs the scripts. */
    private static final Set<String> FRAME = Set.of("main.sh", "native.sh");

    @Test
    void everyScriptIsAWorkloadAndEveryWorkloadHasOne() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".sh") && !FRAME.contains(name)))
                    .containsExactlyInAnyOrderElementsOf(
                            Workloads.ALL.stream().map(workload -> workload.name() + ".sh").toList());
        }
    }

    @Test
    void namesAreUnlikeEachOtherAndUnlikeGroups() {
        List<String> names = Stream.concat(Stream.of(Group.values()).map(Group::name), Workloads.ALL.stream().map(Workload::name))
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void titlesTellHowMuchWorkThereIs() {
        Workload workload = Workload.of("x", Group.KERNEL, "%,d calls", 20_000, 10);
        assertThat(workload.title()).isEqualTo("20,000 calls");
        assertThat(workload.with(Workload.Amount.QUICK).title()).isEqualTo("10 calls");
        assertThat(workload.with(Workload.Amount.LONG).title()).isEqualTo("200,000 calls");
        assertThat(Workloads.ALL).allSatisfy(each -> assertThat(each.title()).doesNotContain("%").isNotEqualTo(each.description()));
    }

    @Test
    void aWorkloadRunsOnceForEachCpuUnlessItUsesThemByItself() {
        Workload workload = Workload.of("x", Group.SWITCH, "%d", 7, 1);
        assertThat(workload.order(2)).isEqualTo("x 7 2");
        assertThat(workload.alone().order(2)).isEqualTo("x 7 1");
    }

    @Test
    void quickWorkIsLessOrTheLeastThereIs() {
        assertThat(Workloads.ALL).allSatisfy(each -> assertThat(each.quickWork()).isBetween(1L, each.work()));
    }

    @Test
    void programsAreThereForAllThatNameThem() {
        assertThat(Workloads.ALL.stream().flatMap(workload -> workload.payloads().stream()))
                .allSatisfy(payload -> {
                    switch (payload) {
                        case Program program -> assertThat(SOURCES.resolve(program.name() + ".c")).exists();
                        case Source source -> assertThat(SOURCES.resolve(source.name())).exists();
                        default -> assertThat(payload).isInstanceOfAny(Text.class, RsaKey.class);
                    }
                });
    }

    @Test
    void aKeyIsWhatJavaReadsAgain(@TempDir Path folder) throws Exception {
        new RsaKey("key.pem").put(SOURCES, folder);

        String pem = Files.readString(folder.resolve("key.pem"));
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""));
        RSAPrivateCrtKey key =
                (RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        assertThat(key.getModulus().bitLength()).isEqualTo(2048);
    }

    @Test
    void theTextIsTheSameEverywhere(@TempDir Path folder) throws IOException {
        new Text("text").put(SOURCES, folder);

        byte[] text = Files.readAllBytes(folder.resolve("text"));
        assertThat(text).hasSize(1 << 20).endsWith('\n');
        assertThat(Arrays.hashCode(text)).isEqualTo(-263346890);
    }
}
