package org.lodgevm.cli.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.catalog.Images;
import picocli.CommandLine;

class ImageCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    @TempDir
    private Path folder;

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private String run(int status, String... arguments) {
        out.reset();
        CommandLine command = ImageCommand.of(new StandardStreams(
                        InputStream.nullInputStream(), out, new PrintStream(err, true, UTF_8), StandardStreams.Terminals.NONE))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((problem, line, ignored) -> {
                    err.writeBytes(problem.getMessage().getBytes(UTF_8));
                    return 74;
                });
        assertThat(command.execute(arguments)).as(err.toString(UTF_8)).isEqualTo(status);
        return out.toString(UTF_8);
    }

    @Test
    void anOverlayIsMadeExaminedAndCommitted() throws Exception {
        run(0, "create", "-f", "qcow2", "-o", "cluster_size=4k", file("base"), "10M");
        run(0, "create", file("top"), "-f", "qcow2", "-b", "base");
        try (DiskImage disk = Images.open(folder.resolve("top"), Access.WRITE)) {
            disk.write(8192, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        }
        assertThat(run(0, "info", file("top")))
                .contains("virtual size: 10 MiB (10485760 bytes)", "backing file: base (actual path: " + file("base") + ")", "backing file format: qcow2");
        assertThat(run(0, "info", "--json", "--backing-chain", file("top"))).contains("\"cluster-size\": 4096", "\"cluster-size\": 65536");
        assertThat(run(0, "map", "--json", file("top"))).contains("\"start\": 0,\n        \"length\": 65536");
        assertThat(run(1, "compare", file("top"), file("base"))).isEqualTo("The images differ at offset 8192.\n");
        run(0, "commit", file("top"));
        assertThat(run(0, "compare", file("top"), file("base"))).isEqualTo("The images hold the same.\n");
        assertThat(run(0, "check", file("top"))).contains("The image is in order.");
    }

    @Test
    void snapshotsComeAndGo() {
        run(0, "create", "-f", "qcow2", file("disk"), "1M");
        run(0, "snapshot", "-c", "first", file("disk"));
        assertThat(run(0, "snapshot", file("disk"))).contains("1      first");
        run(0, "convert", "-l", "first", "-O", "raw", file("disk"), file("raw"));
        assertThat(folder.resolve("raw")).hasSize(1 << 20);
        run(0, "snapshot", "-d", "1", file("disk"));
        assertThat(run(0, "snapshot", file("disk"))).isEmpty();
    }

    @Test
    void nothingIsLostByShrinkingUnlessThatIsWanted() {
        run(0, "create", file("disk"), "2M");
        run(74, "resize", file("disk"), "-1M");
        assertThat(err.toString(UTF_8)).contains("add --shrink");
        run(0, "resize", "--shrink", file("disk"), "-1M");
        run(0, "resize", file("disk"), "+512K");
        assertThat(folder.resolve("disk")).hasSize(1536 << 10);
    }

    @Test
    void whatCouldNotBeConvertedLeavesNothingBehind() throws Exception {
        Files.write(folder.resolve("raw"), new byte[1 << 16]);
        run(74, "convert", "-c", "-O", "raw", file("raw"), file("new"));
        assertThat(err.toString(UTF_8)).contains("cannot be written to compressed");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void checkTellsByItsStatusHowBadItIs() throws Exception {
        run(0, "create", "-f", "qcow2", "-o", "cluster_size=512", file("disk"), "1M");
        byte[] image = Files.readAllBytes(folder.resolve("disk"));
        int block = (int) ByteBuffer.wrap(image).getLong((int) ByteBuffer.wrap(image).getLong(48));
        image[block + 2 * 100 + 1] = 1; // counted, but not in use
        Files.write(folder.resolve("disk"), image);
        run(3, "check", file("disk"));
        image[block + 1] = 0; // the header, counted as free
        Files.write(folder.resolve("disk"), image);
        assertThat(run(2, "check", "--json", file("disk"))).contains("\"corruptions\": 1", "\"leaks\": 1");
        run(0, "check", "-r", "all", file("disk"));
        run(0, "check", file("disk"));
    }

    @Test
    void anImageThatIsMarkedAsCorruptCanStillBeMended() throws Exception {
        run(0, "create", "-f", "qcow2", file("disk"), "1M");
        byte[] image = Files.readAllBytes(folder.resolve("disk"));
        image[79] |= 2;
        Files.write(folder.resolve("disk"), image);
        run(74, "resize", file("disk"), "2M");
        assertThat(err.toString(UTF_8)).contains("lodge image check --repair all");
        run(0, "check", "-r", "all", file("disk"));
        run(0, "resize", file("disk"), "2M");
    }
}
