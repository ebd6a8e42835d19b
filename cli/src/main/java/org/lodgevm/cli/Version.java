package org.lodgevm.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which Lodge this is, and what it runs on. */
record Version(String lodge, String java, String os, String arch) {
    /** For the option {@code --version}. */
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            return new String[] {current().toString()};
        }
    }

    static Version current() throws IOException {
        Properties properties = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("version.properties")) {
            properties.load(file);
        }
        return new Version(
                properties.getProperty("version"),
                Runtime.version().toString(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
    }

    @Override
    public String toString() {
        return "lodge %s%non Java %s, %s %s".formatted(lodge, java, os, arch);
    }

    String json() {
        return "{\"lodge\": \"%s\", \"java\": \"%s\", \"os\": \"%s\", \"arch\": \"%s\"}".formatted(lodge, java, os, arch);
    }
}
