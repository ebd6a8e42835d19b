package org.lodgevm.cli.machines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.manage.migration.Tls;
import picocli.CommandLine.Option;

/** The options by which two hosts know each other. */
final class TlsOptions {
    @Option(names = "--tls-cert", paramLabel = "FILE", description = "Speak TLS: the certificate of this host, and those that lead to the authority's, in PEM.")
    private Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, in PEM (PKCS #8).")
    private Path key;

    @Option(names = "--tls-ca", paramLabel = "FILE", description = "The authority that certifies the other host, in PEM.")
    private Path authority;

    /** Nothing if the user does not want TLS. @throws Failure if the files make no sense together */
    Optional<Tls> tls() {
        Optional<Tls.Material> material = material();
        try {
            return material.isEmpty() ? Optional.empty() : Optional.of(Tls.of(material.get()));
        } catch (IOException e) {
            throw new Failure(ExitStatus.NO_INPUT, "%s (--tls-cert %s, --tls-key %s, --tls-ca %s)".formatted(e.getMessage(), certificate, key, authority), e);
        }
    }

    /** What to tell the machine's process, which cannot read the files: it is confined. */
    Map<String, Object> request() {
        return tls().flatMap(_ -> material()).<Map<String, Object>>map(files -> Map.of("tls", Map.of(
                "certificate", files.certificate(), "key", files.key(), "authority", files.authority()))).orElse(Map.of());
    }

    private Optional<Tls.Material> material() {
        if (certificate == null && key == null && authority == null) {
            return Optional.empty();
        }
        if (certificate == null || key == null || authority == null) {
            throw new Failure(ExitStatus.USAGE, "TLS needs all of --tls-cert, --tls-key and --tls-ca");
        }
        return Optional.of(new Tls.Material(read(certificate), read(key), read(authority)));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Failure(ExitStatus.NO_INPUT, "%s cannot be read: %s".formatted(file, e), e);
        }
    }
}
