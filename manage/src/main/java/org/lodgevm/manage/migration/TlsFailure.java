package org.lodgevm.manage.migration;

import java.io.IOException;
import java.net.SocketException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Why two sides do not come together, in words. */
final class TlsFailure {
    private static final Pattern ALERT = Pattern.compile("fatal alert: (\\w+)");

    /** What the other side thinks of us. @rfc 8446 6.2 */
    private static final Map<String, String> ALERTS = Map.of(
            "certificate_required", "we have no certificate of its authority",
            "certificate_expired", "our certificate has expired",
            "certificate_unknown", "our certificate is not one of its authority, or has expired by its clock",
            "unknown_ca", "our certificate is not one of its authority",
            "bad_certificate", "our certificate is not valid yet, or wrongly signed",
            "protocol_version", "it does not speak TLS 1.3",
            "handshake_failure", "it has no way to encrypt in common with us");

    private TlsFailure() {}

    /** The failure with its reason, or itself if it says enough. */
    static IOException explained(IOException failure) {
        return switch (failure) {
            case SSLException refused -> new IOException(explain(refused), refused);
            // whoever still writes when the other side refuses him may meet the closed connection before the alert
            case SocketException broken -> new IOException("the connection broke before both sides had accepted each other (%s): if the other side refused us, its own message says why"
                    .formatted(broken.getMessage()), broken);
            default -> failure;
        };
    }

    private static String explain(SSLException failure) {
        Matcher alert = ALERT.matcher(String.valueOf(failure.getMessage()));
        if (alert.find()) {
            String name = alert.group(1).toLowerCase(Locale.ROOT);
            return "the other side refused us: %s (TLS alert %s)".formatted(ALERTS.getOrDefault(name, "it says no more"), name);
        }
        if (String.valueOf(failure.getMessage()).startsWith("Unsupported or unrecognized SSL message")) {
            return "the other side does not speak TLS";
        }
        return ours(failure).orElse("TLS failed: " + failure.getMessage());
    }

    /** What we think of the other side. */
    private static Optional<String> ours(SSLException failure) {
        return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause).<String>mapMulti((cause, reasons) -> {
            switch (cause) {
                case CertificateExpiredException _ -> reasons.accept("the other side's certificate has expired: " + cause.getMessage());
                case CertificateNotYetValidException _ -> reasons.accept("the other side's certificate is not valid yet: " + cause.getMessage());
                case CertPathValidatorException _ -> reasons.accept("the other side's certificate is not one of our authority: " + cause.getMessage());
                default -> {
                    if (String.valueOf(cause.getMessage()).contains("unable to find valid certification path")) {
                        reasons.accept("the other side's certificate is not one of our authority");
                    } else if (String.valueOf(cause.getMessage()).contains("No subject alternative")) {
                        reasons.accept("the other side's certificate is another host's: " + cause.getMessage());
                    } else if (String.valueOf(cause.getMessage()).contains("Empty client certificate chain")) {
                        reasons.accept("the other side has no certificate of our authority");
                    }
                }
            }
        }).reduce((first, last) -> last);
    }
}
