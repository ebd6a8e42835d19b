package org.lodgevm.net.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Link;
import org.lodgevm.net.bridge.VirtualSwitch;

class CapturedLinkTest {
    private static final String ARP = "ffffffffffff525400123456080600010800060400015254001234560a00020f0000000000000a000202";

    @TempDir
    Path folder;

    @Test
    void tcpdumpReadsWhatPassed() throws Exception {
        assumeTrue(Stream.of("/usr/bin/tcpdump", "/usr/sbin/tcpdump").anyMatch(f -> Files.isExecutable(Path.of(f))),
                "needs tcpdump");
        Path file = folder.resolve("a.pcap");
        try (VirtualSwitch fabric = new VirtualSwitch();
                Link link = new CapturedLink(fabric.port(), file)) {
            link.send(new Frame(ByteBuffer.wrap(HexFormat.of().parseHex(ARP))));
        }
        Process tcpdump = new ProcessBuilder("tcpdump", "-n", "--nano", "-r", file.toString()).start();
        String said = new String(tcpdump.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(said).containsPattern("\\.\\d{9} ARP, Request who-has 10\\.0\\.2\\.2 tell 10\\.0\\.2\\.15, length 28\n$");
    }

    @Test
    void theFormatIsThatOfTheSpecification() throws Exception {
        Path file = folder.resolve("b.pcap");
        try (VirtualSwitch fabric = new VirtualSwitch();
                Link link = new CapturedLink(fabric.port(), file)) {
            link.send(new Frame(ByteBuffer.wrap(new byte[60])));
            link.send(new Frame(ByteBuffer.wrap(new byte[70])));
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        assertThat(bytes.remaining()).isEqualTo(24 + 16 + 60 + 16 + 70);
        assertThat(HexFormat.of().formatHex(bytes.array(), 0, 24)).isEqualTo("a1b23c4d" + "00020004" + "00".repeat(8)
                + "00040000" + "00000001");
        assertThat(bytes.getInt(32)).isEqualTo(60);
        assertThat(bytes.getInt(24 + 76 + 8)).isEqualTo(70);
    }

    @Test
    void aFullDiskIsSaidAtOnce() {
        assumeTrue(Files.isWritable(Path.of("/dev/full")), "needs /dev/full");
        try (VirtualSwitch fabric = new VirtualSwitch()) {
            assertThatThrownBy(() -> new CapturedLink(fabric.port(), Path.of("/dev/full"))).hasMessageContaining("space");
        }
    }
}
