package org.lodgevm.cli.run;

import java.util.Arrays;
import java.util.List;

/**
 * An option's value of the form {@code FILE,name=value,name}. A comma in the file's name is written twice.
 *
 * @param file its name
 */
record FileAndSettings(String file, List<Setting> settings) {
    private static final String COMMA = "(?<!,),(?!,)";

    /**
     * What follows the file's name.
     *
     * @param value null if there is no '='
     */
    record Setting(String name, String value) {
        static Setting parse(String text) {
            int equals = text.indexOf('=');
            return equals < 0 ? new Setting(text, null) : new Setting(text.substring(0, equals), text.substring(equals + 1));
        }

        /** Whether it is this name, alone. */
        boolean isFlag(String expected) {
            return name.equals(expected) && value == null;
        }

        /** Whether it is this name with a value. */
        boolean sets(String expected) {
            return name.equals(expected) && value != null;
        }

        @Override
        public String toString() {
            return value == null ? name : name + "=" + value;
        }
    }

    static FileAndSettings parse(String text) {
        String[] parts = text.split(COMMA, -1);
        return new FileAndSettings(parts[0].replace(",,", ","), Arrays.stream(parts).skip(1).map(Setting::parse).toList());
    }
}
