package org.lodgevm.x86.decode;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.x86.isa.CodeSize;

/** The host's objdump as an oracle for decoding. */
final class Objdump {
    /** What objdump makes of the bytes at one address; {@code text} without comment and doubled blanks. */
    record Line(long address, int length, String text) {
        boolean isBad() {
            return text.contains("(bad)");
        }
    }

    /** Apart enough for objdump to be in step again at the next case, whatever it makes of this one. */
    static final int SLOT = 32;

    private static final byte NOP = (byte) 0x90;

    private Objdump() {}

    static boolean isAvailable() {
        try {
            Process process = new ProcessBuilder("objdump", "--version").redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Bytes in which each case, followed by NOPs, starts at a multiple of {@link #SLOT}. */
    static byte[] layOut(List<byte[]> cases) {
        byte[] code = new byte[cases.size() * SLOT];
        Arrays.fill(code, NOP);
        for (int i = 0; i < cases.size(); i++) {
            System.arraycopy(cases.get(i), 0, code, i * SLOT, cases.get(i).length);
        }
        return code;
    }

    /** Disassembles {@code code} as if it were at address 0; the result is keyed by address. */
    static Map<Long, Line> disassemble(byte[] code, CodeSize size) throws IOException {
        Path file = Files.createTempFile("lodge", ".bin");
        try {
            Files.write(file, code);
            String machine =
                    switch (size) {
                        case BITS_16 -> "i8086";
                        case BITS_32 -> "i386";
                        case BITS_64 -> "i386:x86-64";
                    };
            return run("-D", "-b", "binary", "-m", machine, file.toString());
        } finally {
            Files.delete(file);
        }
    }

    private static Map<Long, Line> run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("objdump", "-M", "intel,intel64", "--insn-width=16", "-z"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        Map<Long, Line> lines = new HashMap<>();
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                int colon = line.indexOf(":\t");
                int tab = line.indexOf('\t', colon + 2);
                if (colon > 0 && tab > 0) {
                    long address = Long.parseUnsignedLong(line.substring(0, colon).strip(), 16);
                    int length = (line.substring(colon + 2, tab).strip().length() + 1) / 3;
                    lines.put(address, new Line(address, length, strip(line.substring(tab + 1))));
                }
            }
        }
        return lines;
    }

    /** A line of objdump's or of ours without comment, symbol and doubled blanks. */
    static String strip(String text) {
        int comment = text.indexOf('#');
        int symbol = text.indexOf('<');
        int end = comment >= 0 ? comment : symbol >= 0 ? symbol : text.length();
        return text.substring(0, end).strip().replaceAll(" +", " ");
    }
}
