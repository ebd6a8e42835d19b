package org.lodgevm.cli.image;

import org.lodgevm.storage.CreateOptions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 20G}, {@code 512M} or bytes. */
final class Sizes implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
        try {
            return CreateOptions.parseSize(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
