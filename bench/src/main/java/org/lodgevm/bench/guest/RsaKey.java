package org.lodgevm.bench.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A private key of 2048 bits, a new one each time: all engines get the same.
 *
 * @rfc 7468 10
 */
record RsaKey(String name) implements Payload {
    private static final int BITS = 2048;
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    @Override
    public void put(Path sources, Path folder) throws IOException {
        String pem = "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n".formatted(BASE64.encodeToString(pkcs8()));
        Files.writeString(folder.resolve(name), pem, StandardCharsets.US_ASCII);
    }

    private static byte[] pkcs8() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            return generator.generateKeyPair().getPrivate().getEncoded();
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible); // every Java has it
        }
    }
}
