package org.lodgevm.cli.run;

import java.nio.file.Path;
import org.lodgevm.cli.run.FileAndSettings.Setting;
import org.lodgevm.vm.DeviceSpec.PersistentMemory;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code FILE,size=1G,ro}. */
final class PmemOption implements ITypeConverter<PersistentMemory> {
    @Override
    public PersistentMemory convert(String text) {
        FileAndSettings given = FileAndSettings.parse(text);
        long size = 0;
        boolean readOnly = false;
        for (Setting setting : given.settings()) {
            if (setting.isFlag("ro")) {
                readOnly = true;
            } else if (setting.sets("size")) {
                size = new MemorySize().convert(setting.value());
            } else {
                throw new TypeConversionException("persistent memory has no option '%s', only size=SIZE and ro".formatted(setting));
            }
        }
        try {
            return new PersistentMemory(Path.of(given.file()), size, readOnly);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
