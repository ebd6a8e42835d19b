package org.lodgevm.image.seed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.UUID;
import org.lodgevm.image.iso.IsoWriter;
import org.lodgevm.vm.DeviceSpec;

/**
 * What cloud-init in a guest is told.
 *
 * @param userData what it is to do
 * @param metaData which machine this is, in YAML
 * @param networkConfig its network, in YAML; without it, cards get their addresses by DHCP
 * @cloudinit Datasources: NoCloud
 */
public record Seed(byte[] userData, byte[] metaData, Optional<byte[]> networkConfig) {
    /** By which cloud-init finds the volume. */
    static final String LABEL = "cidata";

    /** User data that asks for nothing. */
    public static final byte[] NOTHING = "#cloud-config\n".getBytes(UTF_8);

    /** A network that is left as the image has it. */
    static final byte[] NETWORK_OF_IMAGE = "config: disabled\n".getBytes(UTF_8);

    /**
     * Meta data by which cloud-init knows the machine again.
     *
     * @param instance another one has cloud-init start over
     */
    public static byte[] metaData(UUID instance, String host) {
        return "instance-id: %s\nlocal-hostname: \"%s\"\n".formatted(instance, host).getBytes(UTF_8);
    }

    /** For a machine whose network is the image's. */
    public static Seed withNetworkOfImage(byte[] userData, byte[] metaData) {
        return new Seed(userData, metaData, Optional.of(NETWORK_OF_IMAGE));
    }

    /** Whether the user data is in the format that has a schema, by which cloud-init tells mistakes. */
    public boolean isCloudConfig() {
        return new String(userData, UTF_8).lines().findFirst().filter("#cloud-config"::equals).isPresent();
    }

    /** A disk for the machine that it is for. */
    public DeviceSpec disk() {
        return new DeviceSpec.MemoryDisk(volume(), LABEL);
    }

    /** A file system with the files. */
    byte[] volume() {
        IsoWriter iso = new IsoWriter(LABEL);
        iso.file("user-data", userData);
        iso.file("meta-data", metaData);
        networkConfig.ifPresent(config -> iso.file("network-config", config));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            iso.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
