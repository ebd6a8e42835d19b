package org.lodgevm.bench.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A text of 1 MiB, the same everywhere: lines of made-up words of which, as in a language, few are frequent and most are rare.
 */
record Text(String name) implements Payload {
    private static final int SIZE = 1 << 20;
    private static final int VOCABULARY = 4000;
    /** The more often a letter is here, the more often it is in a word. */
    private static final String LETTERS = "eeeeeetttttaaaaooooiiiinnnnsssshhhrrrddllucmfwypvbgkjqxz";

    @Override
    public void put(Path sources, Path folder) throws IOException {
        Random random = new Random(2);
        String[] words = new String[VOCABULARY];
        for (int i = 0; i < words.length; i++) {
            words[i] = word(random);
        }
        StringBuilder text = new StringBuilder();
        while (text.length() < SIZE) {
            text.append(line(words, random)).append('\n');
        }
        text.setLength(SIZE - 1);
        Files.writeString(folder.resolve(name), text.append('\n'), StandardCharsets.US_ASCII);
    }

    private static String word(Random random) {
        return IntStream.rangeClosed(0, 1 + random.nextInt(9))
                .mapToObj(_ -> LETTERS.charAt(random.nextInt(LETTERS.length())))
                .map(String::valueOf)
                .collect(Collectors.joining());
    }

    /** The chance of word number n falls as 1/n does, nearly: Zipf's law. */
    private static String line(String[] words, Random random) {
        return IntStream.rangeClosed(0, 3 + random.nextInt(9))
                .mapToObj(_ -> words[(int) StrictMath.pow(VOCABULARY, random.nextDouble()) - 1])
                .collect(Collectors.joining(" "));
    }
}
