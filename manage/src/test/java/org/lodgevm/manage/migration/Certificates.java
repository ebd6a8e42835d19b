package org.lodgevm.manage.migration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Keys and certificates that OpenSSL makes, as files of a folder; a test that wants some is skipped where it is not installed. */
final class Certificates {
    private final Path folder;

    Certificates(Path folder) {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        this.folder = folder;
    }

    private void openssl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private void key(String name, String kind) throws Exception {
        if (kind.equals("rsa")) {
            openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", name + ".key");
        } else {
            openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", name + ".key");
        }
    }

    void authority(String name) throws Exception {
        key(name, "ec");
        openssl("req", "-x509", "-new", "-key", name + ".key", "-subj", "/CN=" + name, "-days", "2", "-out", name + ".pem");
    }

    /**
     * @param kind of the key, rsa or ec
     * @param names for which it is, as {@code subjectAltName} has them
     * @param days from now until it has expired
     */
    void certificate(String name, String authority, String kind, String names, int days) throws Exception {
        key(name, kind);
        openssl("req", "-new", "-key", name + ".key", "-subj", "/CN=" + name, "-out", name + ".csr");
        Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=" + names + "\n");
        openssl("x509", "-req", "-in", name + ".csr", "-CA", authority + ".pem", "-CAkey", authority + ".key", "-CAcreateserial",
                "-extfile", name + ".ext", "-days", Integer.toString(days), "-out", name + ".pem");
    }

    String read(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    /** A side with that certificate, which trusts that authority. */
    Tls tls(String name, String authority) throws IOException {
        return Tls.of(new Tls.Material(read(name + ".pem"), read(name + ".key"), read(authority + ".pem")));
    }
}
