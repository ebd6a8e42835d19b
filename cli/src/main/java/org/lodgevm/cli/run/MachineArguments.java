package org.lodgevm.cli.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Options as they are kept in a machine's file: by their names, in the form in which they were given. */
final class MachineArguments {
    private MachineArguments() {}

    /** @param names of those that are kept */
    static Map<String, Object> of(ParseResult result, Set<String> names) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        for (OptionSpec option : result.matchedOptions()) {
            String name = GuestOptions.name(option);
            if (names.contains(name)) {
                arguments.put(name, value(option));
            }
        }
        return arguments;
    }

    private static Object value(OptionSpec option) {
        List<String> given = option.originalStringValues();
        if (option.arity().max() == 0) {
            return true;
        }
        if (option.isMultiValue()) {
            return List.copyOf(given);
        }
        String last = given.getLast();
        return last.matches("0|[1-9][0-9]{0,8}") ? (Object) Integer.valueOf(last) : last;
    }
}
