package org.lodgevm.image.pgp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.bcpg.SignatureSubpacketTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/**
 * A key of a certificate, judged by what the certificate says about it: only what its primary key has itself signed
 * counts.
 *
 * @rfc 9580 5.2.1, 5.2.3, 10.1
 */
final class SigningKey {
    private final PGPPublicKey primary;
    private final PGPPublicKey key;

    SigningKey(PGPPublicKeyRing certificate, long keyId) {
        this.primary = certificate.getPublicKey();
        this.key = certificate.getPublicKey(keyId);
    }

    PGPPublicKey key() {
        return key;
    }

    /** Whether its owner has revoked the key or the certificate. */
    boolean isRevoked() {
        return isRevoked(primary, PGPSignature.KEY_REVOCATION)
                || key != primary && isRevoked(key, PGPSignature.SUBKEY_REVOCATION);
    }

    /** @return why the key must not be believed, if there is a reason */
    Optional<String> objection(Instant now) {
        if (isRevoked()) {
            return Optional.of("is revoked");
        }
        Optional<String> objection = objection(primary, selfSignatures(), now);
        if (objection.isPresent() || key == primary) {
            return objection.or(() -> maySign(selfSignatures()) ? Optional.empty() : Optional.of("may not sign"));
        }
        List<PGPSignature> bindings = bindings();
        return objection(key, bindings, now)
                .or(() -> maySign(bindings) ? Optional.empty() : Optional.of("may not sign"));
    }

    private Optional<String> objection(PGPPublicKey judged, List<PGPSignature> statements, Instant now) {
        if (statements.isEmpty()) {
            return Optional.of("is not certified by its own certificate");
        }
        for (PGPSignature statement : statements) {
            long seconds = statement.getHashedSubPackets().getKeyExpirationTime();
            Instant expiry = judged.getCreationTime().toInstant().plusSeconds(seconds);
            if (seconds > 0 && expiry.isBefore(now)) {
                return Optional.of("expired on " + expiry);
            }
        }
        return Optional.empty();
    }

    /** A key without flags may do what its algorithm can. */
    private static boolean maySign(List<PGPSignature> statements) {
        return statements.stream()
                .map(PGPSignature::getHashedSubPackets)
                .filter(statement -> statement.hasSubpacket(SignatureSubpacketTags.KEY_FLAGS))
                .findFirst()
                .map(statement -> (statement.getKeyFlags() & KeyFlags.SIGN_DATA) != 0)
                .orElse(true);
    }

    /** The newest statement about each of the primary key's user IDs, and the newest about the key itself. */
    private List<PGPSignature> selfSignatures() {
        List<PGPSignature> statements = new ArrayList<>();
        List<PGPSignature> ofNames = new ArrayList<>();
        for (Iterator<byte[]> names = primary.getRawUserIDs(); names.hasNext(); ) {
            byte[] name = names.next();
            newest(primary.getSignaturesForID(name), signature -> signature.isCertification()
                            && signature.verifyCertification(name, primary))
                    .ifPresent(ofNames::add);
        }
        ofNames.stream().max(Comparator.comparing(PGPSignature::getCreationTime)).ifPresent(statements::add);
        newest(primary.getSignaturesOfType(PGPSignature.DIRECT_KEY), signature -> signature.verifyCertification(primary))
                .ifPresent(statements::add);
        return statements;
    }

    /** The newest binding of a subkey, which for a key that signs must be confirmed by the subkey. */
    private List<PGPSignature> bindings() {
        return newest(
                        key.getSignaturesOfType(PGPSignature.SUBKEY_BINDING),
                        signature -> signature.verifyCertification(primary, key) && isConfirmed(signature))
                .map(List::of)
                .orElse(List.of());
    }

    private boolean isConfirmed(PGPSignature binding) throws PGPException {
        for (PGPSignatureSubpacketVector subpackets :
                List.of(binding.getHashedSubPackets(), binding.getUnhashedSubPackets())) {
            for (PGPSignature back : subpackets.getEmbeddedSignatures()) {
                if (back.getSignatureType() == PGPSignature.PRIMARYKEY_BINDING) {
                    back.init(new BcPGPContentVerifierBuilderProvider(), key);
                    if (back.verifyCertification(primary, key)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean isRevoked(PGPPublicKey judged, int type) {
        return newest(
                        judged.getSignaturesOfType(type),
                        signature -> judged == primary
                                ? signature.verifyCertification(primary)
                                : signature.verifyCertification(primary, judged))
                .isPresent();
    }

    private interface Check {
        boolean passes(PGPSignature signature) throws PGPException;
    }

    /** Of the signatures by the primary key that pass, the newest. */
    private Optional<PGPSignature> newest(Iterator<PGPSignature> signatures, Check check) {
        PGPSignature newest = null;
        while (signatures.hasNext()) {
            PGPSignature signature = signatures.next();
            if (signature.getKeyID() == primary.getKeyID()
                    && (newest == null || signature.getCreationTime().after(newest.getCreationTime()))
                    && passes(signature, check)) {
                newest = signature;
            }
        }
        return Optional.ofNullable(newest);
    }

    private boolean passes(PGPSignature signature, Check check) {
        try {
            signature.init(new BcPGPContentVerifierBuilderProvider(), primary);
            return check.passes(signature);
        } catch (PGPException | RuntimeException unusable) {
            return false; // a statement that cannot be checked says nothing
        }
    }

    @Override
    public String toString() {
        return "%016X".formatted(key.getKeyID());
    }
}
