package org.lodgevm.cli.run;

import java.nio.file.Path;
import org.lodgevm.vm.DeviceSpec;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code NAME=PATH}. */
final class ChannelOption implements ITypeConverter<DeviceSpec.Port> {
    @Override
    public DeviceSpec.Port convert(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw new TypeConversionException("a channel has a name in the guest and a path on the host, NAME=PATH; not '%s'".formatted(text));
        }
        return new DeviceSpec.Port(text.substring(0, equals), false, Path.of(text.substring(equals + 1)));
    }
}
