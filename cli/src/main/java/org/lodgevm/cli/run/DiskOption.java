package org.lodgevm.cli.run;

import java.util.Arrays;
import java.util.Locale;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.DeviceSpec.Disk.Cache;
import org.lodgevm.vm.DeviceSpec.Disk.HostFull;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code FILE,format=qcow2,ro,serial=X,full=error,cache=none}. A comma in a file's name is written twice. */
final class DiskOption implements ITypeConverter<DeviceSpec.Disk> {
    private static final String COMMA = "(?<!,),(?!,)";

    @Override
    public DeviceSpec.Disk convert(String text) {
        String[] parts = text.split(COMMA, -1);
        String format = null;
        String serial = "";
        boolean readOnly = false;
        HostFull full = HostFull.PAUSE;
        Cache cache = Cache.WRITEBACK;
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String name = equals < 0 ? parts[i] : parts[i].substring(0, equals);
            String value = equals < 0 ? null : parts[i].substring(equals + 1);
            if (name.equals("ro") && value == null) {
                readOnly = true;
            } else if (name.equals("format") && value != null) {
                format = value;
            } else if (name.equals("serial") && value != null) {
                serial = value;
            } else if (name.equals("full") && isOne(HostFull.values(), value)) {
                full = HostFull.valueOf(value.toUpperCase(Locale.ROOT));
            } else if (name.equals("cache") && isOne(Cache.values(), value)) {
                cache = Cache.valueOf(value.toUpperCase(Locale.ROOT));
            } else {
                throw new TypeConversionException(
                        "a disk has no option '%s', only ro, format=NAME, serial=TEXT, full=pause or error, and cache=writeback, writethrough, none or unsafe".formatted(parts[i]));
            }
        }
        return new DeviceSpec.Disk(parts[0].replace(",,", ","), format, readOnly, serial, full, cache);
    }

    /** Whether a value is the name of a constant, in lower case. */
    private static boolean isOne(Enum<?>[] constants, String value) {
        return Arrays.stream(constants).anyMatch(constant -> constant.name().toLowerCase(Locale.ROOT).equals(value));
    }
}
