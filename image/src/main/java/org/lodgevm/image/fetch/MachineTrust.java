package org.lodgevm.image.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.lodgevm.image.Host;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.apt.AptConfiguration;

/**
 * Which authorities vouch for an https server: those of this Java, and those that the machine's administrator has added
 * to the system's bundle or named to apt. A company's own mirror is often certified by the company only.
 */
final class MachineTrust {
    private static final String SYSTEM_BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

    private MachineTrust() {}

    static SSLContext context(AptConfiguration apt, Host host) {
        Path bundle = apt.value("Acquire::https::CAInfo")
                .or(() -> host.variable("SSL_CERT_FILE"))
                .map(Path::of)
                .orElse(host.file(SYSTEM_BUNDLE));
        try {
            Optional<KeyStore> store = Files.isRegularFile(bundle) ? Optional.of(withDefaults(bundle)) : Optional.empty();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers(store.orElse(null)), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new ImageException(
                    "Cannot read the certificates in " + bundle + ": " + e.getMessage()
                            + ". Correct the file, or name another one in SSL_CERT_FILE",
                    e);
        }
    }

    private static KeyStore withDefaults(Path bundle) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (TrustManager manager : trustManagers(null)) {
            for (X509Certificate certificate : ((X509TrustManager) manager).getAcceptedIssuers()) {
                store.setCertificateEntry("java-" + number++, certificate);
            }
        }
        try (InputStream in = Files.newInputStream(bundle)) {
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("machine-" + number++, certificate);
            }
        }
        return store;
    }

    private static TrustManager[] trustManagers(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
