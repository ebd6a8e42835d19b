package org.lodgevm.cli.run;

import java.util.Arrays;
import java.util.Locale;
import org.lodgevm.cli.run.FileAndSettings.Setting;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.DeviceSpec.Disk.Cache;
import org.lodgevm.vm.DeviceSpec.Disk.HostFull;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code FILE,format=qcow2,ro,serial=X,full=error,cache=none}. */
final class DiskOption implements ITypeConverter<DeviceSpec.Disk> {
    @Override
    public DeviceSpec.Disk convert(String text) {
        FileAndSettings given = FileAndSettings.parse(text);
        String format = null;
        String serial = "";
        boolean readOnly = false;
        HostFull full = HostFull.PAUSE;
        Cache cache = Cache.WRITEBACK;
        for (Setting setting : given.settings()) {
            if (setting.isFlag("ro")) {
                readOnly = true;
            } else if (setting.sets("format")) {
                format = setting.value();
            } else if (setting.sets("serial")) {
                serial = setting.value();
            } else if (setting.sets("full") && isOne(HostFull.values(), setting.value())) {
                full = HostFull.valueOf(setting.value().toUpperCase(Locale.ROOT));
            } else if (setting.sets("cache") && isOne(Cache.values(), setting.value())) {
                cache = Cache.valueOf(setting.value().toUpperCase(Locale.ROOT));
            } else {
                throw new TypeConversionException(
                        "a disk has no option '%s', only ro, format=NAME, serial=TEXT, full=pause or error, and cache=writeback, writethrough, none or unsafe".formatted(setting));
            }
        }
        return new DeviceSpec.Disk(given.file(), format, readOnly, serial, full, cache);
    }

    /** Whether a value is the name of a constant, in lower case. */
    private static boolean isOne(Enum<?>[] constants, String value) {
        return Arrays.stream(constants).anyMatch(constant -> constant.name().toLowerCase(Locale.ROOT).equals(value));
    }
}
