package org.lodgevm.cli.run;

import java.util.Arrays;
import java.util.Iterator;
import org.lodgevm.machine.Trace.Category;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what is to be traced, and lists what can be. */
final class TraceCategory implements ITypeConverter<Category>, Iterable<String> {
    @Override
    public Category convert(String text) {
        return Category.named(text)
                .orElseThrow(() -> new TypeConversionException("'%s' cannot be traced: choose of %s".formatted(text, String.join(", ", this))));
    }

    @Override
    public Iterator<String> iterator() {
        return Arrays.stream(Category.values()).map(Category::toString).iterator();
    }
}
