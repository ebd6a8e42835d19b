package org.lodgevm.cli.run;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 512M}, {@code 2G}, or a number of MiB; gives bytes. */
public final class MemorySize implements ITypeConverter<Long> {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([KMGT]?)(?:I?B)?");
    private static final String UNITS = "KMGT";
    private static final int MIB = 20;

    @Override
    public Long convert(String text) {
        Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT));
        if (!size.matches()) {
            throw new TypeConversionException("'" + text + "' is not a size: write 512M or 2G");
        }
        String unit = size.group(2);
        int shift = unit.isEmpty() ? MIB : 10 * (UNITS.indexOf(unit) + 1);
        long number = Long.parseLong(size.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            throw new TypeConversionException("'" + text + "' is more than can be addressed");
        }
        return number << shift;
    }
}
