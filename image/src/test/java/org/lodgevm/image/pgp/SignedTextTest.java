package org.lodgevm.image.pgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.image.Damage;

class SignedTextTest {
    private static final String TEXT = "Suite: stable\n- dash\n-----BEGIN nothing\n\n line\nLast: yes\n";
    private static final Instant NOW = Instant.now();

    private final TestKey key = TestKey.make();

    @Test
    void aTextSignedByATrustedKeyIsGivenOut() throws BadSignatureException {
        byte[] message = key.clearSign(TEXT);
        assertThat(SignedText.clear(message).verify(key.keyring(), NOW)).asString().isEqualTo(TEXT);
    }

    @Test
    void spacesAtTheEndsOfLinesAreNotSignedAndNotGivenOut() throws BadSignatureException {
        byte[] message = new String(key.clearSign(TEXT), StandardCharsets.UTF_8)
                .replace("line\n", "line \t\r\n")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(SignedText.clear(message).verify(key.keyring(), NOW)).asString().isEqualTo(TEXT);
    }

    @Test
    void aDetachedSignatureIsOfTheVeryBytes() throws BadSignatureException {
        byte[] content = TEXT.getBytes(StandardCharsets.UTF_8);
        byte[] signature = key.detachedSign(content);
        assertThat(SignedText.detached(content, signature).verify(key.keyring(), NOW)).isEqualTo(content);
        content[3]++;
        assertRefused(SignedText.detached(content, signature), key.keyring(), "not of this content");
    }

    @Test
    void anyChangeOfTheTextIsNoticed() throws BadSignatureException {
        byte[] message = key.clearSign(TEXT);
        int start = new String(message, StandardCharsets.UTF_8).indexOf("Suite");
        for (int i = start; i < start + "Suite: stable".length(); i++) {
            byte[] tampered = message.clone();
            tampered[i] ^= 1;
            assertRefused(SignedText.clear(tampered), key.keyring(), "not of this content");
        }
    }

    @Test
    void aKeyThatIsNotTrustedDoesNotCount() throws BadSignatureException {
        TestKey other = TestKey.make();
        byte[] message = other.clearSign(TEXT);
        assertRefused(SignedText.clear(message), key.keyring(), "not among the trusted ones");
        assertRefused(SignedText.clear(message), Keyring.empty(), "not among the trusted ones");
        assertThat(SignedText.clear(message).verify(key.keyring().and(other.keyring()), NOW)).isNotEmpty();
    }

    @Test
    void oneTrustedKeyOfSeveralIsEnough() throws BadSignatureException {
        byte[] content = TEXT.getBytes(StandardCharsets.UTF_8);
        byte[] both = key.detachedSign(content, TestKey.make());
        assertThat(SignedText.detached(content, both).verify(key.keyring(), NOW)).isEqualTo(content);
    }

    @Test
    void anExpiredKeyIsRefused() throws BadSignatureException {
        TestKey expired = TestKey.make(NOW.minus(Duration.ofDays(30)), Duration.ofDays(10), KeyFlags.SIGN_DATA);
        byte[] message = expired.clearSign(TEXT);
        assertRefused(SignedText.clear(message), expired.keyring(), "expired on");
        assertThat(SignedText.clear(message).verify(expired.keyring(), NOW.minus(Duration.ofDays(25)))).isNotEmpty();
    }

    @Test
    void aRevokedKeyIsRefused() throws BadSignatureException {
        assertRefused(SignedText.clear(key.clearSign(TEXT)), key.revoked().keyring(), "is revoked");
    }

    @Test
    void anOlderCopyOfTheCertificateDoesNotOutweighItsRevocation() throws BadSignatureException {
        SignedText text = SignedText.clear(key.clearSign(TEXT));
        assertRefused(text, key.keyring().and(key.revoked().keyring()), "is revoked");
        assertRefused(text, key.revoked().keyring().and(key.keyring()), "is revoked");
    }

    @Test
    void aKeyThatMayNotSignIsRefused() throws BadSignatureException {
        TestKey certifier = TestKey.make(NOW.minus(Duration.ofDays(30)), Duration.ZERO, KeyFlags.CERTIFY_OTHER);
        assertRefused(SignedText.clear(certifier.clearSign(TEXT)), certifier.keyring(), "may not sign");
    }

    @Test
    void aSubkeyCountsOnlyIfItConfirmsItsBinding() throws BadSignatureException {
        TestKey confirmed = TestKey.withSubkey(true);
        assertThat(SignedText.clear(confirmed.clearSign(TEXT)).verify(confirmed.keyring(), NOW)).isNotEmpty();
        TestKey claimed = TestKey.withSubkey(false);
        assertRefused(SignedText.clear(claimed.clearSign(TEXT)), claimed.keyring(), "not certified");
    }

    @Test
    void aWeakHashProvesNothing() throws BadSignatureException {
        byte[] message = key.clearSign(TEXT, HashAlgorithmTags.SHA1);
        assertRefused(SignedText.clear(message), key.keyring(), "weak hash");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Suite: stable\n", "\n-----BEGIN PGP SIGNED MESSAGE-----\n", "\0\u00ff"})
    void whatIsNotSignedIsRefused(String text) {
        assertThatThrownBy(() -> SignedText.clear(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(BadSignatureException.class)
                .hasMessageContaining("not signed");
    }

    @Test
    void nothingMayStandOutsideTheSignedPart() {
        String message = new String(key.clearSign(TEXT), StandardCharsets.UTF_8);
        assertUnreadable(message + "Suite: other\n", "follows the signature");
        assertUnreadable(message.replace("Hash: SHA256", "Hash: SHA256\nSuite: other"), "header");
        assertUnreadable(message.replace("- - dash", "- dash").replace("- -----BEGIN nothing", "-----BEGIN nothing"), "unescaped dash");
    }

    @Test
    void aMessageCutOffAnywhereIsRefusedAndNothingElseHappens() {
        byte[] message = key.clearSign(TEXT);
        for (int length = 0; length < message.length - 2; length++) {
            byte[] cut = Arrays.copyOf(message, length);
            assertThatThrownBy(() -> SignedText.clear(cut).verify(key.keyring(), NOW))
                    .as("%d of %d bytes", length, message.length)
                    .isInstanceOf(BadSignatureException.class);
        }
    }

    @Test
    void aKeyringMayBeArmouredAndOnlySomeOfItsKeysBeMeant() throws IOException, BadSignatureException {
        TestKey other = TestKey.make();
        Keyring both = Keyring.of(key.armoured().getBytes(StandardCharsets.US_ASCII)).and(other.keyring());
        SignedText text = SignedText.clear(key.clearSign(TEXT));
        assertThat(text.verify(both.only(List.of(key.fingerprint())), NOW)).isNotEmpty();
        assertRefused(text, both.only(List.of(other.fingerprint())), "not among the trusted ones");
    }

    @Test
    void keysInAFieldOfAControlFileAreRead() throws IOException, BadSignatureException {
        String field = key.armoured().replace("\n\n", "\n.\n");
        assertThat(Keyring.isArmoured(field)).isTrue();
        assertThat(SignedText.clear(key.clearSign(TEXT)).verify(Keyring.ofField(field), NOW)).isNotEmpty();
    }

    /** A message may be put together anew but for what was signed; then it is believed, and rightly. */
    @Test
    void noDamageIsBelievedOrCausesAnythingButAnObjection() {
        byte[] signatures = key.detachedSign(TEXT.getBytes(StandardCharsets.UTF_8));
        byte[] message = key.clearSign(TEXT);
        Damage.read(3000, damaged -> {
            assertUnbelievedUnlessAsSigned(() -> SignedText.clear(damaged));
            assertUnbelievedUnlessAsSigned(() -> SignedText.detached(damaged, signatures));
            assertUnbelievedUnlessAsSigned(() -> SignedText.detached(TEXT.getBytes(StandardCharsets.UTF_8), damaged));
        }, message, signatures);
    }

    private void assertUnbelievedUnlessAsSigned(Callable<SignedText> reading) throws Exception {
        try {
            assertThat(reading.call().verify(key.keyring(), NOW)).asString().isEqualToIgnoringNewLines(TEXT);
        } catch (BadSignatureException expected) {
            assertThat(expected.getMessage()).isNotBlank();
        }
    }

    @Test
    void aDamagedKeyringIsReadOrRefused() {
        Damage.read(5000, damaged -> {
            try {
                assertThat(Keyring.of(damaged)).isNotNull();
            } catch (IOException expected) {
                assertThat(expected.getMessage()).startsWith("not a keyring: ").isNotEqualTo("not a keyring: null");
            }
        }, key.certificate(), key.armoured().getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void gpgvAgreesThatTheSignatureIsGood(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/gpgv")), "needs gpgv");
        Path keyring = Files.write(folder.resolve("key.gpg"), key.certificate());
        Path message = Files.write(folder.resolve("message"), key.clearSign(TEXT));
        Process gpgv = new ProcessBuilder("/usr/bin/gpgv", "--keyring", keyring.toString(), message.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(gpgv.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(gpgv.waitFor()).as(said).isZero();
    }

    private void assertRefused(SignedText text, Keyring trusted, String reason) {
        assertThatThrownBy(() -> text.verify(trusted, NOW))
                .isInstanceOf(BadSignatureException.class)
                .hasMessageContaining(reason);
    }

    private void assertUnreadable(String message, String reason) {
        assertThatThrownBy(() -> SignedText.clear(message.getBytes(StandardCharsets.UTF_8)).verify(key.keyring(), NOW))
                .isInstanceOf(BadSignatureException.class)
                .hasMessageContaining(reason);
    }
}
