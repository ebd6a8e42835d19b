package org.lodgevm.cli.run;

import java.nio.file.Path;
import java.util.List;
import org.lodgevm.image.session.Volume;
import org.lodgevm.image.session.Volumes;
import org.lodgevm.vm.MachineBuilder;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option that says what folders a machine shares with its host. */
final class VolumeOptions {
    @Option(
            names = {"-v", "--volume"},
            paramLabel = "FOLDER:PATH[:ro]",
            converter = Reader.class,
            type = Path.class, // for shells, which complete files then
            description = "A folder of the host that appears in the guest, at this absolute path; with ro, only to be read. May be repeated.")
    private List<Volume> volumes = List.of();

    /** Kernel modules for them. */
    List<String> drivers() {
        return volumes().drivers();
    }

    /** @throws IllegalArgumentException if two are to appear at one place */
    private Volumes volumes() {
        return new Volumes(volumes);
    }

    void attach(MachineBuilder machine) {
        volumes().attach(machine);
    }

    /** In a guest that is ours, after its initial RAM disk was named. */
    void mount(MachineBuilder machine) {
        volumes().mount(machine);
    }

    /** Reads {@code ./src:/src:ro}. */
    static final class Reader implements ITypeConverter<Volume> {
        @Override
        public Volume convert(String text) {
            try {
                return Volume.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
