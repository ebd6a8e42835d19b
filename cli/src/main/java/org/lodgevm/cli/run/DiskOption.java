package org.lodgevm.cli.run;

import java.util.Locale;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.DeviceSpec.Disk.HostFull;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code FILE,format=qcow2,ro,serial=X,full=error}. A comma in a file's name is written twice. */
final class DiskOption implements ITypeConverter<DeviceSpec.Disk> {
    private static final String COMMA = "(?<!,),(?!,)";

    @Override
    public DeviceSpec.Disk convert(String text) {
        String[] parts = text.split(COMMA, -1);
        String format = null;
        String serial = "";
        boolean readOnly = false;
        HostFull full = HostFull.PAUSE;
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
            } else if (name.equals("full") && ("pause".equals(value) || "error".equals(value))) {
                full = HostFull.valueOf(value.toUpperCase(Locale.ROOT));
            } else {
                throw new TypeConversionException("a disk has no option '%s', only ro, format=NAME, serial=TEXT and full=pause or error".formatted(parts[i]));
            }
        }
        return new DeviceSpec.Disk(parts[0].replace(",,", ","), format, readOnly, serial, full);
    }
}
