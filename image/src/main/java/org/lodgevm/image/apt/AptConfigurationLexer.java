package org.lodgevm.image.apt;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits apt's configuration language into signs and words, without quotes and comments. */
final class AptConfigurationLexer {
    private static final Pattern TOKEN = Pattern.compile(
            """
            (?<skip>\\s+|//[^\\n]*|/\\*.*?\\*/|\\#(?!clear\\b|include\\b)[^\\n]*)\
            |(?<sign>[{};])\
            |"(?<quoted>[^"]*)"\
            |(?<bare>(?:[^\\s{};"/]|/(?![/*]))+|.)""",
            Pattern.DOTALL);

    /** @param sign a brace or a semicolon, or {@code NONE} of a word */
    record Token(char sign, String word) {
        static final char NONE = 0;
    }

    private AptConfigurationLexer() {}

    static List<Token> tokens(String text) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            if (matcher.group("sign") != null) {
                tokens.add(new Token(matcher.group("sign").charAt(0), ""));
            } else if (matcher.group("quoted") != null) {
                tokens.add(new Token(Token.NONE, matcher.group("quoted")));
            } else if (matcher.group("bare") != null) {
                tokens.add(new Token(Token.NONE, matcher.group("bare")));
            }
        }
        return tokens;
    }
}
