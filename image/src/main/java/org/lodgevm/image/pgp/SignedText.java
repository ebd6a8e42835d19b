package org.lodgevm.image.pgp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/** Bytes that somebody signed, and the signatures. The bytes are given out only to who names the keys to believe. */
public final class SignedText {
    /** MD5, SHA-1 and RIPEMD-160 prove nothing any more. */
    private static final Set<Integer> STRONG_HASHES = Set.of(
            HashAlgorithmTags.SHA224,
            HashAlgorithmTags.SHA256,
            HashAlgorithmTags.SHA384,
            HashAlgorithmTags.SHA512,
            HashAlgorithmTags.SHA3_256,
            HashAlgorithmTags.SHA3_512);

    private final byte[] content;
    private final byte[] signed;
    private final List<PGPSignature> signatures;

    private SignedText(byte[] content, byte[] signed, byte[] signatures) throws BadSignatureException {
        this.content = content;
        this.signed = signed;
        this.signatures = read(signatures);
    }

    /** A text with its signatures below it, such as {@code InRelease}. */
    public static SignedText clear(byte[] message) throws BadSignatureException {
        ClearSignedMessage parts = ClearSignedMessage.parse(new String(message, StandardCharsets.ISO_8859_1));
        return new SignedText(
                parts.text().getBytes(StandardCharsets.ISO_8859_1),
                parts.canonicalText().getBytes(StandardCharsets.ISO_8859_1),
                parts.signatures().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Content with its signatures in another file, such as {@code Release} and {@code Release.gpg}. */
    public static SignedText detached(byte[] content, byte[] signatures) throws BadSignatureException {
        return new SignedText(content, content, signatures);
    }

    /**
     * The content, if one of the keys has signed it and no signature by any of them is wrong. Signatures by other
     * keys count neither way, as an archive signs with its next key before that is known everywhere.
     *
     * @throws BadSignatureException if it must not be believed, with the reason
     */
    public byte[] verify(Keyring trusted, Instant now) throws BadSignatureException {
        List<String> objections = new ArrayList<>();
        for (PGPSignature signature : signatures) {
            objection(signature, trusted, now).ifPresent(objections::add);
        }
        if (objections.size() == signatures.size()) {
            throw new BadSignatureException(
                    objections.isEmpty() ? "it is not signed" : String.join("; ", objections));
        }
        return content;
    }

    /** The content without regard to who signed it, for who trusts the way it came. */
    public byte[] unverified() {
        return content;
    }

    /** A key may be there in several certificates, newer and older: to be good it needs one, to be revoked as well. */
    private Optional<String> objection(PGPSignature signature, Keyring trusted, Instant now)
            throws BadSignatureException {
        List<SigningKey> keys = trusted.withKey(signature.getKeyID()).stream()
                .map(certificate -> new SigningKey(certificate, signature.getKeyID()))
                .toList();
        Optional<String> objection =
                Optional.of("the key %016X is not among the trusted ones".formatted(signature.getKeyID()));
        for (SigningKey key : keys) {
            if (key.isRevoked()) {
                return Optional.of("the key " + key + " is revoked");
            }
            objection = objection.isEmpty() ? objection : objection(signature, key, now);
        }
        return objection;
    }

    private Optional<String> objection(PGPSignature signature, SigningKey key, Instant now)
            throws BadSignatureException {
        try {
            signature.init(new BcPGPContentVerifierBuilderProvider(), key.key());
            signature.update(signed);
            if (!signature.verify()) {
                throw new BadSignatureException("the signature by the key " + key + " is not of this content");
            }
            if (!STRONG_HASHES.contains(signature.getHashAlgorithm())) {
                return Optional.of("the signature by the key " + key + " uses a weak hash");
            }
            Date made = signature.getCreationTime();
            long seconds = signature.getHashedSubPackets().getSignatureExpirationTime();
            if (seconds > 0 && made.toInstant().plusSeconds(seconds).isBefore(now)) {
                return Optional.of("the signature by the key " + key + " has expired");
            }
            return key.objection(now).map(reason -> "the key " + key + " " + reason);
        } catch (PGPException | RuntimeException e) {
            throw new BadSignatureException("the signature by the key " + key + " is unreadable: " + BadSignatureException.reason(e));
        }
    }

    private static List<PGPSignature> read(byte[] signatures) throws BadSignatureException {
        try {
            BcPGPObjectFactory objects =
                    new BcPGPObjectFactory(PGPUtil.getDecoderStream(new ByteArrayInputStream(signatures)));
            List<PGPSignature> all = new ArrayList<>();
            for (Object object = objects.nextObject(); object != null; object = objects.nextObject()) {
                if (object instanceof PGPSignatureList list) {
                    list.forEach(all::add);
                }
            }
            all.removeIf(signature -> signature.getSignatureType() != PGPSignature.BINARY_DOCUMENT
                    && signature.getSignatureType() != PGPSignature.CANONICAL_TEXT_DOCUMENT);
            return all;
        } catch (IOException | RuntimeException e) {
            throw new BadSignatureException("its signature is unreadable: " + BadSignatureException.reason(e));
        }
    }
}
