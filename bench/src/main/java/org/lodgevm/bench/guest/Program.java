package org.lodgevm.bench.guest;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A C program, compiled by the host's gcc, its library in it: {@code NAME.c} becomes {@code NAME}. */
record Program(String name) implements Payload {
    private static final List<String> COMPILER = List.of("gcc", "-m64", "-std=gnu11", "-O2", "-fno-math-errno", "-static", "-pthread");

    @Override
    public void put(Path sources, Path folder) throws IOException, UnavailableException, InterruptedException {
        Path program = folder.resolve(name);
        if (Files.exists(program)) {
            return;
        }
        List<String> command = new ArrayList<>(COMPILER);
        command.addAll(List.of("-o", program.toString(), sources.resolve(name + ".c").toString(), "-lm"));
        Process gcc;
        try {
            gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException absent) {
            throw new UnavailableException("there is no gcc on this host to compile " + name + ".c; install it");
        }
        String said = new String(gcc.getInputStream().readAllBytes(), Charset.defaultCharset());
        if (gcc.waitFor() != 0) {
            throw new UnavailableException("gcc cannot compile " + name + ".c: " + said.strip());
        }
    }
}
