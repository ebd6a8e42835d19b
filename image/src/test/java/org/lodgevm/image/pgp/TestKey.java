package org.lodgevm.image.pgp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.crypto.generators.Ed25519KeyPairGenerator;
import org.bouncycastle.crypto.params.Ed25519KeyGenerationParameters;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPair;

/** A key made for a test, and what can be signed with it. */
public final class TestKey {
    private final PGPKeyPair primary;
    private final PGPKeyPair signer;
    private final PGPPublicKeyRing certificate;

    private TestKey(PGPKeyPair primary, PGPKeyPair signer, PGPPublicKeyRing certificate) {
        this.primary = primary;
        this.signer = signer;
        this.certificate = certificate;
    }

    /** A certificate with one key, which never expires and may sign. */
    public static TestKey make() {
        return make(Instant.now().minus(Duration.ofDays(30)), Duration.ZERO, KeyFlags.SIGN_DATA);
    }

    static TestKey make(Instant created, Duration lifetime, int flags) {
        try {
            PGPKeyPair pair = pair(created);
            return new TestKey(pair, pair, generator(pair, lifetime, flags).generatePublicKeyRing());
        } catch (PGPException e) {
            throw new AssertionError(e);
        }
    }

    /** A certificate whose primary key does not sign, but a subkey does: confirmed by the subkey or not. */
    static TestKey withSubkey(boolean confirmed) {
        try {
            Instant created = Instant.now().minus(Duration.ofDays(30));
            PGPKeyPair primary = pair(created);
            PGPKeyPair subkey = pair(created);
            PGPKeyRingGenerator generator = generator(primary, Duration.ZERO, KeyFlags.CERTIFY_OTHER);
            PGPSignatureSubpacketGenerator flags = new PGPSignatureSubpacketGenerator();
            flags.setKeyFlags(false, KeyFlags.SIGN_DATA);
            if (confirmed) {
                generator.addSubKey(
                        subkey, flags.generate(), null, signerBuilder(subkey, HashAlgorithmTags.SHA512));
            } else {
                generator.addSubKey(subkey, flags.generate(), null);
            }
            return new TestKey(primary, subkey, generator.generatePublicKeyRing());
        } catch (PGPException e) {
            throw new AssertionError(e);
        }
    }

    /** The same certificate, after its owner has revoked it. */
    TestKey revoked() {
        try {
            PGPSignatureGenerator generator =
                    new PGPSignatureGenerator(signerBuilder(primary, HashAlgorithmTags.SHA512), primary.getPublicKey());
            generator.init(PGPSignature.KEY_REVOCATION, primary.getPrivateKey());
            PGPPublicKey key =
                    PGPPublicKey.addCertification(certificate.getPublicKey(), generator.generateCertification(
                            certificate.getPublicKey()));
            return new TestKey(primary, signer, PGPPublicKeyRing.insertPublicKey(certificate, key));
        } catch (PGPException e) {
            throw new AssertionError(e);
        }
    }

    /** The certificate as a keyring file. */
    public byte[] certificate() {
        try {
            return certificate.getEncoded();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The certificate as text. */
    public String armoured() {
        return armour(certificate());
    }

    /** In hexadecimal, of the primary key. */
    public String fingerprint() {
        return HexFormat.of().withUpperCase().formatHex(certificate.getPublicKey().getFingerprint());
    }

    public Keyring keyring() {
        try {
            return Keyring.of(certificate());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A text with its signature below. */
    public byte[] clearSign(String text) {
        return clearSign(text, HashAlgorithmTags.SHA256);
    }

    byte[] clearSign(String text, int hash) {
        String content = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        String signature = armour(sign(content.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8),
                PGPSignature.CANONICAL_TEXT_DOCUMENT, hash));
        return ("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"
                        + content.replaceAll("(?m)^-", "- -") + "\n" + signature)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Signatures by this key and by others, in one file. */
    public byte[] detachedSign(byte[] content, TestKey... others) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(sign(content, PGPSignature.BINARY_DOCUMENT, HashAlgorithmTags.SHA256));
        for (TestKey other : others) {
            all.writeBytes(other.sign(content, PGPSignature.BINARY_DOCUMENT, HashAlgorithmTags.SHA256));
        }
        return armour(all.toByteArray()).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] sign(byte[] content, int type, int hash) {
        try {
            PGPSignatureGenerator generator =
                    new PGPSignatureGenerator(signerBuilder(signer, hash), signer.getPublicKey());
            generator.init(type, signer.getPrivateKey());
            generator.update(content);
            return generator.generate().getEncoded();
        } catch (PGPException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static BcPGPContentSignerBuilder signerBuilder(PGPKeyPair pair, int hash) {
        return new BcPGPContentSignerBuilder(pair.getPublicKey().getAlgorithm(), hash);
    }

    private static PGPKeyPair pair(Instant created) throws PGPException {
        Ed25519KeyPairGenerator generator = new Ed25519KeyPairGenerator();
        generator.init(new Ed25519KeyGenerationParameters(new SecureRandom()));
        return new BcPGPKeyPair(
                PublicKeyPacket.VERSION_4,
                PublicKeyAlgorithmTags.EDDSA_LEGACY,
                generator.generateKeyPair(),
                Date.from(created));
    }

    private static PGPKeyRingGenerator generator(PGPKeyPair pair, Duration lifetime, int flags) throws PGPException {
        PGPSignatureSubpacketGenerator statements = new PGPSignatureSubpacketGenerator();
        statements.setKeyFlags(false, flags);
        if (!lifetime.isZero()) {
            statements.setKeyExpirationTime(false, lifetime.toSeconds());
        }
        return new PGPKeyRingGenerator(
                PGPSignature.POSITIVE_CERTIFICATION,
                pair,
                "A test <test@example.test>",
                new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1),
                statements.generate(),
                null,
                signerBuilder(pair, HashAlgorithmTags.SHA512),
                new BcPBESecretKeyEncryptorBuilder(SymmetricKeyAlgorithmTags.NULL).build(new char[0]));
    }

    private static String armour(byte[] content) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (ArmoredOutputStream out = ArmoredOutputStream.builder().clearHeaders().build(text)) {
            out.write(content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return text.toString(StandardCharsets.US_ASCII);
    }
}
