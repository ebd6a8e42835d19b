package org.lodgevm.x86.isa;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one part of the table; {@code package-info} specifies the format.
 *
 * <p>Written for start-up time: one pass, no regexes, and cells that many rows share are looked at once.
 */
final class TableParser {
    private static final int COLUMNS = 8;

    /** Mnemonic suffixes of the condition codes, of the manual's synonyms those that assemblers print. */
    private static final String[] CONDITIONS = {
        "O", "NO", "B", "AE", "E", "NE", "BE", "A", "S", "NS", "P", "NP", "L", "GE", "LE", "G"
    };

    private static final String CONDITION_IN_OPCODE = "+cc";

    private final String part;
    private final String text;

    /** The characters of {@link #text}, all ASCII: quicker to look at, above all before the JIT compiler gets to it. */
    private final byte[] bytes;

    private final List<Row> rows;
    private final String[] cells = new String[COLUMNS];
    private final Map<String, List<Operand>> operands = new HashMap<>();
    private final Map<String, FlagEffects> flags = new HashMap<>();
    private final Map<String, Properties> properties = new HashMap<>();
    private int at;
    private int line;

    TableParser(String part, String text, List<Row> rows) {
        this.part = part;
        this.text = text;
        this.bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        this.rows = rows;
    }

    void parse() {
        try {
            while (at < bytes.length) {
                line++;
                if (readLine()) {
                    addRows();
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(part + ":" + line + ": " + e.getMessage(), e);
        }
    }

    /** Reads a line into {@link #cells}; false for a blank line or a comment. */
    private boolean readLine() {
        int column = 0;
        for (skipBlanks(); at < bytes.length && bytes[at] != '\n'; skipBlanks()) {
            int start = at;
            while (at < bytes.length && bytes[at] > ' ') {
                at++;
            }
            if (column == 0 && bytes[start] == '#') {
                at = nextLine();
                return false;
            }
            if (column == COLUMNS) {
                throw new IllegalArgumentException("too many columns");
            }
            cells[column++] = text.substring(start, at);
        }
        at++;
        if (column > 0 && column < 3) {
            throw new IllegalArgumentException("a row needs at least prefix, opcode and mnemonic");
        }
        Arrays.fill(cells, column, COLUMNS, "-");
        return column > 0;
    }

    private void skipBlanks() {
        while (at < bytes.length && bytes[at] == ' ') {
            at++;
        }
    }

    /** Start of the next line. */
    private int nextLine() {
        int newline = text.indexOf('\n', at);
        return newline < 0 ? bytes.length : newline + 1;
    }

    private void addRows() {
        String opcode = cells[1];
        String operation = cells[2];
        if (!opcode.endsWith(CONDITION_IN_OPCODE)) {
            addLengths(opcode, operation);
            return;
        }
        int lastDigit = opcode.length() - CONDITION_IN_OPCODE.length() - 1;
        for (int condition = 0; condition < CONDITIONS.length; condition++) {
            String digit = String.valueOf(Character.forDigit(condition, 16));
            String mnemonic = operation.replace("cc", CONDITIONS[condition]);
            Encoding encoding =
                    EncodingParser.parse(cells[0], opcode.substring(0, lastDigit).concat(digit), operands(cells[3]));
            addRow(encoding, mnemonic, condition, FlagEffects.ofCondition(condition), cells[5]);
        }
    }

    /** One row, or, where vectors of 16 and of 32 bytes belong to two features, one for each of the two. */
    private void addLengths(String opcode, String mnemonic) {
        Encoding encoding = EncodingParser.parse(cells[0], opcode, operands(cells[3]));
        FlagEffects effects = flags(cells[6]);
        int slash = cells[5].indexOf('/');
        if (slash < 0) {
            addRow(encoding, mnemonic, -1, effects, cells[5]);
            return;
        }
        addRow(encoding.withL(0), mnemonic, -1, effects, cells[5].substring(0, slash));
        addRow(encoding.withL(1), mnemonic, -1, effects, cells[5].substring(slash + 1));
    }

    private void addRow(Encoding encoding, String mnemonic, int condition, FlagEffects effects, String feature) {
        List<Operand> codes = operands(cells[3]);
        Properties attributes = properties(cells[7]);
        rows.add(
                new Row(
                        rows.size(),
                        cells[2],
                        mnemonic,
                        condition,
                        encoding,
                        codes,
                        Access.parse(cells[4], codes.size()),
                        Feature.parse(feature),
                        effects,
                        encoding.vex() ? attributes.with(Attribute.NOREAL) : attributes));
    }

    private List<Operand> operands(String cell) {
        List<Operand> known = operands.get(cell);
        if (known == null) {
            known = Operand.parse(cell);
            operands.put(cell, known);
        }
        return known;
    }

    private FlagEffects flags(String cell) {
        FlagEffects known = flags.get(cell);
        if (known == null) {
            known = FlagEffects.parse(cell);
            flags.put(cell, known);
        }
        return known;
    }

    private Properties properties(String cell) {
        Properties known = properties.get(cell);
        if (known == null) {
            known = Properties.parse(cell);
            properties.put(cell, known);
        }
        return known;
    }
}
