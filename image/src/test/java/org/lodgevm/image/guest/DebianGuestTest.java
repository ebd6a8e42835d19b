package org.lodgevm.image.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Host;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.Progress;
import org.lodgevm.image.TestHost;
import org.lodgevm.image.TestProcess;
import org.lodgevm.image.deb.DebBuilder;
import org.lodgevm.image.initramfs.CpioReader;
import org.lodgevm.image.pgp.TestKey;

/** The whole way from an archive to a guest, over a real connection. */
@Timeout(60)
class DebianGuestTest {
    private static final String KERNEL = "linux-image-6-cloud-amd64";
    private static final String DEB = FakeArchive.poolPath(KERNEL, "6.1-1", "amd64");

    @TempDir
    private Path root;

    private final TestKey key = TestKey.make();
    private final List<String> notes = new ArrayList<>();
    private final Progress progress = new Progress() {
        @Override
        public void advance(String what, long done, long total) {
            assertThat(done).isBetween(0L, total == UNKNOWN ? Long.MAX_VALUE : total);
        }

        @Override
        public void note(String message) {
            notes.add(message);
        }
    };
    private FakeArchive archive;
    private Host host;

    @BeforeEach
    void setUp() throws IOException {
        archive = new FakeArchive();
        addKernel("6.1-1", "first kernel");
        archive.add("busybox-static", "1:1.35-4", "amd64", "", new DebBuilder().file("./bin/busybox", "busybox"));
        archive.publish(key);
        host = TestHost.in(root);
        TestHost.write(host, "/etc/apt/trusted.gpg.d/test.asc", key.armoured());
        TestHost.write(host, "/etc/apt/apt.conf", "Acquire::http::Timeout \"2\";");
    }

    @AfterEach
    void tearDown() {
        archive.close();
    }

    @Test
    void kernelAndInitramfsAreThoseOfThePackages() throws IOException {
        GuestImage image = guest().prepare(progress);
        assertThat(image.kernel()).hasContent("first kernel");
        assertThat(image.kernelVersion()).isEqualTo(KERNEL + " 6.1-1");
        assertThat(image.architecture()).isEqualTo(Architecture.AMD64);
        assertThat(busybox(image)).isEqualTo("busybox");
        assertThat(image.commandLine(false)).contains("console=ttyS0").endsWith(" quiet");
        assertThat(image.commandLine(true)).doesNotContain("quiet");
    }

    @Test
    void theSecondTimeNoNetworkIsNeeded() {
        GuestImage first = guest().prepare(progress);
        archive.close();
        assertThat(guest().prepare(progress)).isEqualTo(first);
    }

    @Test
    void aptsSourcesAreUsedWithTheirKeys() throws IOException {
        Files.delete(host.file("/etc/apt/trusted.gpg.d/test.asc"));
        Path keyring = TestHost.write(host, "/usr/share/keyrings/x.asc", key.armoured());
        String line = "deb [signed-by=/usr/share/keyrings/x.asc] " + archive.uri() + " stable main\n";
        TestHost.write(host, "/etc/apt/sources.list", line);
        assertThat(configured().prepare(progress).kernel()).hasContent("first kernel");
        Files.writeString(keyring, TestKey.make().armoured());
        assertThatThrownBy(() -> refreshed().prepare(progress))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("not among the trusted ones");
    }

    @Test
    void keysMayBeNamedByFingerprintOrStandInTheSource() {
        TestHost.write(host, "/etc/apt/trusted.gpg.d/other.asc", TestKey.make().armoured());
        String line = "deb [signed-by=" + key.fingerprint() + "] " + archive.uri() + " stable main\n";
        TestHost.write(host, "/etc/apt/sources.list", line);
        assertThat(configured().prepare(progress).kernel()).hasContent("first kernel");
        TestHost.write(host, "/etc/apt/sources.list", "");
        String block = key.armoured().strip().replace("\n\n", "\n.\n").replace("\n", "\n ");
        TestHost.write(
                host,
                "/etc/apt/sources.list.d/x.sources",
                "Types: deb\nURIs: " + archive.uri() + "\nSuites: stable\nComponents: main\nSigned-By:\n " + block + "\n");
        assertThat(refreshed().prepare(progress).kernel()).hasContent("first kernel");
    }

    @Test
    void anArchiveWithASeparateSignatureWillDo() throws IOException {
        try (FakeArchive older = new FakeArchive()) {
            older.add(KERNEL, "6.1-1", "amd64", "", kernelTree("older"));
            older.add("busybox-static", "1", "amd64", "", new DebBuilder().file("./usr/bin/busybox", "busybox"));
            older.publishDetached(key);
            GuestImage image = DebianGuest.of(packages().from(older.uri(), "stable"), Architecture.AMD64)
                    .withKernel(KERNEL)
                    .prepare(progress);
            assertThat(image.kernel()).hasContent("older");
            assertThat(busybox(image)).isEqualTo("busybox");
        }
    }

    @Test
    void anIndexIsTakenByItsHashIfTheArchiveOffersThat() {
        archive.release("Acquire-By-Hash: yes").publish(key);
        archive.when("/Packages.xz", FakeArchive.corrupted()); // as while a mirror is being updated
        guest().prepare(progress);
        assertThat(archive.requests()).anyMatch(path -> path.contains("/by-hash/SHA256/"));
    }

    @Test
    void whatIsSignedByNobodyTrustedIsRefused() {
        archive.publish(TestKey.make());
        assertRefused("not among the trusted ones", "if only the archive's key is missing here, install it");
        archive.put("InRelease", "Suite: stable\n".getBytes(StandardCharsets.UTF_8));
        assertRefused("not signed", "--mirror");
        byte[] tampered = archive.publish(key).get("InRelease").clone();
        tampered[new String(tampered, StandardCharsets.UTF_8).indexOf("Origin: ") + 8]++;
        archive.put("InRelease", tampered);
        assertRefused("is not of this content", "--mirror");
    }

    @Test
    void anArchiveWhoseSignatureIsMissingIsNotTakenForAnEmptyOne() {
        archive.put("Release", "Suite: stable\n".getBytes(StandardCharsets.UTF_8));
        archive.when("InRelease", (exchange, content) -> exchange.sendResponseHeaders(404, -1));
        assertRefused("is not to be trusted: it is not signed (", "Release.gpg does not exist");
    }

    @Test
    void aSuiteThatAMirrorDoesNotHaveIsCorrectedWhereItWasNamed() {
        assertThatThrownBy(() -> DebianGuest.of(packages().from(archive.uri().toString(), "unstable"), Architecture.AMD64).prepare(progress))
                .isInstanceOf(ImageException.class)
                .hasMessageEndingWith("Correct --mirror or --suite");
    }

    @Test
    void aSourceThatTheAdministratorTrustsNeedsNoSignature() {
        archive.publish(TestKey.make());
        TestHost.write(host, "/etc/apt/sources.list", "deb [trusted=yes] " + archive.uri() + " stable main\n");
        assertThat(configured().prepare(progress).kernel()).hasContent("first kernel");
    }

    @Test
    void anArchiveThatIsOutOfDateIsRefusedUnlessToldOtherwise() {
        archive.validUntil(Instant.now().minus(Duration.ofDays(3))).publish(key);
        assertRefused("was valid until", "Set the clock");
        TestHost.write(host, "/etc/apt/apt.conf", "Acquire::Check-Valid-Until \"no\";");
        assertThat(guest().prepare(progress).kernel()).hasContent("first kernel");
    }

    @Test
    void whatIsCachedDoesNotGoOutOfDate() {
        archive.validUntil(Instant.now().plus(Duration.ofDays(3))).publish(key);
        guest().prepare(progress);
        host = TestHost.at(host, () -> Instant.now().plus(Duration.ofDays(300)));
        assertThat(guest().prepare(progress).kernel()).hasContent("first kernel");
    }

    @Test
    void aClockThatIsBehindIsNoticed() {
        host = TestHost.at(host, () -> Instant.now().minus(Duration.ofDays(300)));
        assertRefused("the clock here says", "Set the clock");
    }

    @Test
    void filesThatAreNotWhatWasSignedAreRefused() throws IOException {
        archive.when("Packages.xz", FakeArchive.corrupted());
        assertRefused("is not what its archive has signed", "try again later");
        archive.repair();
        archive.when(DEB, FakeArchive.corrupted());
        assertRefused("is not what its archive has signed", "--mirror");
        archive.when(DEB, (exchange, content) -> FakeArchive.deliver(exchange, new byte[10]));
        assertRefused("size differs", "--mirror");
        assertThat(partials()).isEmpty();
        archive.repair();
        assertThat(guest().prepare(progress).kernel()).hasContent("first kernel");
    }

    @Test
    void aTransferThatBreaksIsGoneOnWith() {
        archive.when(DEB, (exchange, content) -> {
            archive.repair();
            FakeArchive.cutOffAfter(100).to(exchange, content);
        });
        assertThat(guest().prepare(progress).kernel()).hasContent("first kernel");
        assertThat(archive.requests()).contains(DEB + " bytes=100-");
    }

    @Test
    void theNextProcessGoesOnWithWhatAKilledOneLeft() throws Exception {
        CompletableFuture<Void> half = new CompletableFuture<>();
        archive.when(DEB, (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 200);
            exchange.getResponseBody().flush();
            half.complete(null);
            sleep();
        });
        Process killed = TestProcess.start(Preparation.class, root.toString(), archive.uri());
        half.get();
        while (partialSize() < 200) {
            Thread.sleep(10);
        }
        killed.destroyForcibly().waitFor();
        archive.repair();
        assertThat(guest().prepare(progress).kernel()).hasContent("first kernel");
        assertThat(archive.requests()).contains(DEB + " bytes=200-");
        assertThat(partials()).isEmpty();
    }

    @Test
    void aPartialFileOfAnotherContentIsStartedAgain() throws IOException {
        archive.when(DEB, FakeArchive.cutOffAfter(50));
        assertRefused("Cannot download " + KERNEL, "http_proxy");
        Path partial = partials().getFirst();
        Files.write(partial, new byte[50]);
        archive.repair();
        assertThat(guest().prepare(progress).kernel()).hasContent("first kernel");
    }

    @Test
    void aDamagedKernelIsMadeAgainFromItsPackageWithoutTheNetwork() throws IOException {
        Path kernel = guest().prepare(progress).kernel();
        Files.writeString(kernel, "broken kernel");
        archive.close();
        assertThat(guest().prepare(progress).kernel()).hasContent("first kernel");
    }

    @Test
    void whatIsMissingFromTheCacheIsFetchedAgain() throws IOException {
        guest().prepare(progress);
        for (Path object : list("objects")) {
            Files.write(object, new byte[1]);
        }
        for (Path record : list("records")) {
            Files.writeString(record, "nonsense");
        }
        assertThat(guest().prepare(progress).kernel()).hasContent("first kernel");
    }

    @Test
    void aVersionThatTheArchiveHasNoMoreIsReplacedByTheOneItHas() throws IOException {
        guest().prepare(progress);
        for (Path object : list("objects")) {
            Files.delete(object);
        }
        archive.clear();
        addKernel("6.1-2", "second kernel");
        archive.add("busybox-static", "1:1.35-5", "amd64", "", new DebBuilder().file("./bin/busybox", "busybox"));
        archive.publish(key);
        assertThat(guest().prepare(progress).kernel()).hasContent("second kernel");
    }

    @Test
    void newerPackagesAreTakenOnlyOnRequest() {
        guest().prepare(progress);
        addKernel("6.1-2", "second kernel");
        archive.publish(key);
        assertThat(guest().prepare(progress).kernel()).hasContent("first kernel");
        DebianGuest refreshed = DebianGuest.of(packages().from(archive.uri(), "stable").refreshed(), Architecture.AMD64);
        assertThat(refreshed.prepare(progress).kernel()).hasContent("second kernel");
        assertThat(guest().prepare(progress).kernel()).hasContent("second kernel");
    }

    @Test
    void manyAtOnceGetTheSameAndFetchItOnce() {
        List<CompletableFuture<GuestImage>> all = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> guest().prepare(Progress.SILENT)))
                .limit(6)
                .toList();
        assertThat(all.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        assertThat(archive.requests().stream().filter(DEB::equals)).hasSize(1);
    }

    @Test
    void oneArchiveThatFailsIsNoReasonToFail() {
        TestHost.write(
                host,
                "/etc/apt/sources.list",
                "deb " + archive.uri() + " absent main\ndeb " + archive.uri() + " stable main\n");
        assertThat(configured().prepare(progress).kernel()).hasContent("first kernel");
        assertThat(notes).anyMatch(note -> note.contains("has no suite absent"));
    }

    @Test
    void modulesComeWithWhatTheyNeed() throws IOException {
        GuestImage image = guest().withModules(List.of("virtio-blk")).prepare(progress);
        List<CpioReader.Member> members = CpioReader.read(Files.readAllBytes(image.initramfs()));
        assertThat(members.stream()
                        .filter(member -> member.name().equals("lodge/modules"))
                        .findFirst()
                        .orElseThrow()
                        .text())
                .isEqualTo("/usr/lib/modules/virtio.ko\n/usr/lib/modules/virtio_ring.ko\n/usr/lib/modules/virtio_blk.ko\n");
        assertThatThrownBy(() -> guest().withModules(List.of("nosuch")).prepare(progress))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("no module nosuch");
    }

    @Test
    void filesAreTakenOutOfAnyPackage() throws IOException {
        archive.add("tool", "1", "i386", "", new DebBuilder()
                        .file("./boot/a.bin", "a")
                        .file("./boot/sub/b.bin", "b")
                        .symbolicLink("./boot/c.bin", "/etc/passwd")
                        .file("./usr/d.bin", "d"))
                .publish(key);
        Path to = root.resolve("to");
        DebianPackages packages = packages().from(archive.uri(), "stable");
        assertThat(packages.extract("tool", Architecture.I386, "/boot/*.bin", to, progress))
                .containsExactly(to.resolve("boot/a.bin"));
        assertThat(to.resolve("boot/a.bin")).hasContent("a");
        archive.close();
        assertThat(packages.extract("tool", Architecture.I386, "/**/?.bin", to, progress)).isEmpty();
        assertThat(packages.extract("tool", Architecture.I386, "/**.bin", to, progress))
                .containsExactly(to.resolve("boot/a.bin"), to.resolve("boot/sub/b.bin"), to.resolve("usr/d.bin"));
    }

    @Test
    void whatCannotBeHadIsExplained() {
        assertThatThrownBy(() -> configured().prepare(progress))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("No package archive is configured")
                .hasMessageContaining("--mirror URL");
        assertThatThrownBy(() -> guest().withKernel("nosuch").prepare(progress))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("nosuch");
        assertThatThrownBy(() -> guest().withKernel("busybox-static").prepare(progress))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("has no /boot/vmlinuz");
        assertThatThrownBy(() -> packages().from("ftp://archive.test/", "stable"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("ftp://archive.test/");
        archive.close();
        assertThatThrownBy(() -> refreshed("http://127.0.0.1:1/debian").prepare(progress))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("cannot be reached")
                .hasMessageContaining("http_proxy");
    }

    @Test
    void anArchiveMayBeAFolder() throws IOException {
        Path folder = root.resolve("mirror");
        for (String path : List.of("InRelease", "main/binary-amd64/Packages.xz")) {
            Path file = folder.resolve("dists/stable").resolve(path);
            Files.createDirectories(file.getParent());
            Files.write(file, archive.get(path));
        }
        assertThatThrownBy(() -> DebianGuest.of(
                                packages().from(folder.toUri().toString(), "stable"), Architecture.AMD64)
                        .prepare(progress))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("lists linux-image-cloud-amd64 but does not have it");
    }

    /** What another process does. */
    static final class Preparation {
        private Preparation() {}

        public static void main(String[] arguments) {
            Host host = TestHost.in(Path.of(arguments[0]));
            DebianGuest.of(DebianPackages.on(host).from(arguments[1], "stable"), Architecture.AMD64)
                    .prepare(Progress.SILENT);
        }
    }

    private void addKernel(String version, String content) {
        archive.add(
                "linux-image-cloud-amd64", version, "amd64", "Depends: " + KERNEL + " (= " + version + ")\n", new DebBuilder());
        archive.add(KERNEL, version, "amd64", "Depends: kmod, linux-base (>= 4.3~)\n", kernelTree(content));
    }

    private static DebBuilder kernelTree(String content) {
        String modules = "./lib/modules/6-cloud-amd64/kernel/drivers/";
        return new DebBuilder()
                .file("./boot/config-6-cloud-amd64", "CONFIG=y")
                .file("./boot/vmlinuz-6-cloud-amd64", content)
                .file(modules + "virtio.ko", TestModule.make(""))
                .file(modules + "virtio_ring.ko", TestModule.make("virtio"))
                .file(modules + "virtio_blk.ko.xz", DebBuilder.compress(TestModule.make("virtio-ring,virtio"), ".xz"));
    }

    private DebianPackages packages() {
        return DebianPackages.on(host);
    }

    private DebianGuest guest() {
        return DebianGuest.of(packages().from(archive.uri(), "stable"), Architecture.AMD64);
    }

    private DebianGuest configured() {
        return DebianGuest.of(packages(), Architecture.AMD64);
    }

    private DebianGuest refreshed() {
        return DebianGuest.of(packages().refreshed(), Architecture.AMD64);
    }

    private DebianGuest refreshed(String uri) {
        return DebianGuest.of(packages().from(uri, "stable").refreshed(), Architecture.AMD64);
    }

    private void assertRefused(String what, String advice) {
        assertThatThrownBy(() -> guest().prepare(progress))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(what)
                .hasMessageContaining(advice);
        assertThat(host.cacheFolder().resolve("records")).isEmptyDirectory();
    }

    private List<Path> partials() throws IOException {
        return list("partial");
    }

    private long partialSize() throws IOException {
        return Files.isDirectory(host.cacheFolder().resolve("partial"))
                ? partials().stream().mapToLong(file -> file.toFile().length()).sum()
                : 0;
    }

    private List<Path> list(String folder) throws IOException {
        try (Stream<Path> files = Files.list(host.cacheFolder().resolve(folder))) {
            return files.toList();
        }
    }

    private static String busybox(GuestImage image) throws IOException {
        return CpioReader.read(Files.readAllBytes(image.initramfs())).stream()
                .filter(member -> member.name().equals("usr/bin/busybox"))
                .findFirst()
                .orElseThrow()
                .text();
    }

    private static void sleep() {
        try {
            Thread.sleep(20_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
