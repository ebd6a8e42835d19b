package org.lodgevm.image.pgp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;

/** Certificates whose keys are trusted, because of where they come from, to sign an archive's contents. */
public final class Keyring {
    private static final String ARMOR = "-----BEGIN PGP";

    private final List<PGPPublicKeyRing> certificates;

    private Keyring(List<PGPPublicKeyRing> certificates) {
        this.certificates = List.copyOf(certificates);
    }

    public static Keyring empty() {
        return new Keyring(List.of());
    }

    /**
     * Reads a keyring file.
     *
     * @param content one certificate or several, binary or armoured
     * @throws IOException if it is something else
     */
    public static Keyring of(byte[] content) throws IOException {
        List<PGPPublicKeyRing> certificates = new ArrayList<>();
        try {
            BcPGPObjectFactory objects =
                    new BcPGPObjectFactory(PGPUtil.getDecoderStream(new ByteArrayInputStream(content)));
            for (Object object = objects.nextObject(); object != null; object = objects.nextObject()) {
                if (object instanceof PGPPublicKeyRing certificate) {
                    certificates.add(certificate);
                }
            }
        } catch (IOException | RuntimeException malformed) {
            throw new IOException("not a keyring: " + BadSignatureException.reason(malformed), malformed);
        }
        return new Keyring(certificates);
    }

    /** @param block armoured keys in a field of a control file, where a line with a dot stands for an empty one */
    public static Keyring ofField(String block) throws IOException {
        return of(block.strip().replaceAll("(?m)^\\s*\\.?\\s*$", "").getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether a field holds keys rather than saying where they are. */
    public static boolean isArmoured(String text) {
        return text.strip().startsWith(ARMOR);
    }

    public Keyring and(Keyring other) {
        List<PGPPublicKeyRing> all = new ArrayList<>(certificates);
        all.addAll(other.certificates);
        return new Keyring(all);
    }

    /**
     * Only the certificates that have one of these keys.
     *
     * @param fingerprints in hexadecimal
     */
    public Keyring only(Collection<String> fingerprints) {
        List<String> wanted =
                fingerprints.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        List<PGPPublicKeyRing> some = new ArrayList<>();
        for (PGPPublicKeyRing certificate : certificates) {
            for (PGPPublicKey key : certificate) {
                if (wanted.contains(HexFormat.of().formatHex(key.getFingerprint()))) {
                    some.add(certificate);
                    break;
                }
            }
        }
        return new Keyring(some);
    }

    public boolean isEmpty() {
        return certificates.isEmpty();
    }

    /** The certificates that have a key with this number. It is no proof of identity, so there may be several. */
    List<PGPPublicKeyRing> withKey(long keyId) {
        return certificates.stream()
                .filter(certificate -> certificate.getPublicKey(keyId) != null)
                .toList();
    }
}
