package org.lodgevm.manage.migration;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS between two hosts that know each other by certificates of one authority. Both show theirs. The one that connects requires the other's to be for the host that it named; the one
 * that listens lets everybody in whom the authority has certified, as libvirt and QEMU do.
 *
 * <p>A client of TLS 1.3 may send before it knows whether its certificate is accepted. So the server says a byte when it has, and the client waits for that.
 *
 * @rfc 8446 4.4.2
 * @rfc 9525 6.1
 */
public final class Tls {
    private static final String[] VERSIONS = {"TLSv1.3"};
    private static final int WELCOME = 1;
    private static final char[] NO_PASSWORD = {};

    private final SSLContext context;

    private Tls(SSLContext context) {
        this.context = context;
    }

    /**
     * What each side needs, as PEM files have it.
     *
     * @param certificate our own, and those between it and the authority
     * @param key of our certificate, in PKCS #8
     * @param authority whose certificates are accepted; one or several
     */
    public record Material(String certificate, String key, String authority) {}

    /** @throws IOException with what is wrong with them */
    public static Tls of(Material material) throws IOException {
        try {
            List<X509Certificate> chain = certificates(material.certificate(), "certificate");
            PrivateKey key = PemKey.read(material.key());
            requireFit(chain.getFirst().getPublicKey(), key);
            chain.getFirst().checkValidity(); // the other side would not tell the reason
            KeyStore ours = empty();
            ours.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(ours, NO_PASSWORD);
            KeyStore theirs = empty();
            for (X509Certificate each : certificates(material.authority(), "authority's certificate")) {
                theirs.setCertificateEntry("authority " + theirs.size(), each);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(theirs);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return new Tls(context);
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static List<X509Certificate> certificates(String pem, String what) throws IOException {
        try {
            Collection<? extends Certificate> read =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
            if (!read.isEmpty()) {
                return read.stream().map(X509Certificate.class::cast).toList();
            }
        } catch (CertificateException e) {
            throw new IOException("the %s is none in PEM: %s".formatted(what, e.getMessage()), e);
        }
        throw new IOException("there is no %s in the file that should have it".formatted(what));
    }

    private static void requireFit(PublicKey certified, PrivateKey key) throws GeneralSecurityException, IOException {
        if (!PemKey.fits(certified, key)) {
            throw new IOException("the key is another one than the certificate's");
        }
    }

    /**
     * The connecting side.
     *
     * @param host for which the other side's certificate has to be
     * @param patience for the other side's answers until the connection is there
     * @throws IOException with the reason, before anything was sent but our certificate
     */
    public Socket connect(Socket socket, String host, Duration patience) throws IOException {
        SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, host, socket.getPort(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(VERSIONS);
        secure.setSSLParameters(parameters);
        secure.setSoTimeout(Math.toIntExact(patience.toMillis()));
        if (socket.getSoLinger() < 0) {
            secure.setSoLinger(true, 1); // otherwise to close it would wait for a thread that waits to send
        }
        return agreed(secure, () -> {
            if (secure.getInputStream().read() != WELCOME) {
                throw new IOException("the other side closed the connection after it had seen our certificate");
            }
        });
    }

    /** The listening side: the same the other way round. */
    public Socket accept(Socket socket, Duration patience) throws IOException {
        SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        secure.setUseClientMode(false);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        parameters.setNeedClientAuth(true);
        secure.setSSLParameters(parameters);
        secure.setSoTimeout(Math.toIntExact(patience.toMillis()));
        return agreed(secure, () -> {
            secure.getOutputStream().write(WELCOME);
            secure.setSoTimeout(0);
        });
    }

    private interface Greeting {
        void exchange() throws IOException;
    }

    /** The socket when both sides have accepted each other; closed, with the reason, if they have not. */
    private static Socket agreed(SSLSocket socket, Greeting greeting) throws IOException {
        try {
            socket.startHandshake();
            greeting.exchange();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw TlsFailure.explained(e);
        }
    }
}
