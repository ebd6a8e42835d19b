package org.lodgevm.cli.run;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.image.seed.Seed;
import org.lodgevm.image.seed.SeedFile;
import org.lodgevm.vm.MachineBuilder;
import org.lodgevm.vm.MachineSpec;
import picocli.CommandLine.Option;

/** The options that say what cloud-init in the guest is to make of the machine. */
final class SeedOptions {
    @Option(
            names = "--user-data",
            paramLabel = "FILE",
            description = "What cloud-init in the guest is to do at its first start: a #cloud-config, or a script. It comes on a disk (NoCloud).")
    private Path userData;

    @Option(names = "--meta-data", paramLabel = "FILE", description = "For cloud-init: which machine this is (one with the machine's own id and name).")
    private Path metaData;

    @Option(names = "--network-config", paramLabel = "FILE", description = "For cloud-init: the guest's network (DHCP).")
    private Path networkConfig;

    boolean present() {
        return userData != null || metaData != null || networkConfig != null;
    }

    /** Refuses files that are not what they should be. */
    void check() {
        seed(new UUID(0, 0), "");
    }

    /** Refuses them in a guest that has no cloud-init: Lodge's own. */
    void refuse() {
        if (present()) {
            throw new Failure(ExitStatus.USAGE, "Lodge's own guest has no cloud-init, which user data is for; name an image, such as debian:12, or a kernel of yours");
        }
    }

    /** Has to come after what the guest is to find before it. */
    void attach(MachineBuilder machine) {
        if (present()) {
            MachineSpec spec = machine.spec();
            machine.device(seed(spec.uuid(), spec.name()).disk());
        }
    }

    private Seed seed(UUID instance, String host) {
        return new Seed(
                userData == null ? Seed.NOTHING : SeedFile.userData(userData),
                metaData == null ? Seed.metaData(instance, host) : SeedFile.read(metaData),
                Optional.ofNullable(networkConfig).map(SeedFile::read));
    }
}
