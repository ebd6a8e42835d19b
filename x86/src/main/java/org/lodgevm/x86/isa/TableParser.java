package org.lodgevm.x86.isa;

import java.util.ArrayList;
import java.util.List;

/** Reads one part of the table; {@code package-info} specifies the format. Written for start-up time: one pass, no regexes. */
final class TableParser {
  private static final int COLUMNS = 8;

  /** Mnemonic suffixes of the condition codes, of the manual's synonyms those that assemblers print. */
  private static final String[] CONDITIONS = {
    "O", "NO", "B", "AE", "E", "NE", "BE", "A", "S", "NS", "P", "NP", "L", "GE", "LE", "G"
  };

  private static final String[] REGISTERS = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};
  private static final int R11 = 11;

  private final String part;
  private final String text;
  private final List<Row> rows;
  private final String[] cells = new String[COLUMNS];
  private final List<String> words = new ArrayList<>();
  private int at;
  private int line;

  TableParser(String part, String text, List<Row> rows) {
    this.part = part;
    this.text = text;
    this.rows = rows;
  }

  void parse() {
    while (at < text.length()) {
      line++;
      if (readLine()) {
        addRows();
      }
    }
  }

  /** Reads a line into {@link #cells}; false for a blank line or a comment. */
  private boolean readLine() {
    int column = 0;
    int start = -1;
    boolean comment = false;
    for (; at < text.length() && text.charAt(at) != '\n'; at++) {
      char c = text.charAt(at);
      boolean blank = c == ' ' || comment;
      if (c == '#' && start < 0) {
        comment = true;
      } else if (!blank && start < 0) {
        start = at;
      } else if (blank && start >= 0) {
        addCell(column++, start);
        start = -1;
      }
    }
    if (start >= 0) {
      addCell(column++, start);
    }
    at++;
    if (column == 0) {
      return false;
    }
    check(column >= 3, "a row needs at least prefix, opcode and mnemonic", cells[0]);
    while (column < COLUMNS) {
      cells[column++] = "-";
    }
    return true;
  }

  private void addCell(int column, int start) {
    check(column < COLUMNS, "too many columns", cells[0]);
    cells[column] = text.substring(start, at);
  }

  private void addRows() {
    String opcode = cells[1];
    if (!opcode.endsWith("+cc")) {
      addRow(opcode, cells[2], -1);
      return;
    }
    int end = opcode.length() - "+cc".length() - 1;
    for (int condition = 0; condition < 16; condition++) {
      String digit = String.valueOf(Character.forDigit(condition, 16));
      addRow(opcode.substring(0, end).concat(digit), cells[2], condition);
    }
  }

  private void addRow(String opcode, String operation, int condition) {
    List<Operand> operands = operands(cells[3]);
    Feature feature = cells[5].equals("-") ? Feature.BASE : feature(cells[5]);
    FlagEffects flags =
        condition < 0 ? FlagEffects.parse(cells[6]) : FlagEffects.ofCondition(condition);
    check(flags != null, "malformed flags", cells[6]);
    long attributes = 0;
    int read = 0;
    int written = 0;
    split(cells[7]);
    for (String word : words) {
      if (word.startsWith("r:")) {
        read |= registers(word);
      } else if (word.startsWith("w:")) {
        written |= registers(word);
      } else if (word.startsWith("x:")) {
        read |= registers(word);
        written |= registers(word);
      } else {
        Attribute attribute = Attribute.of(word);
        check(attribute != null, "unknown attribute", word);
        attributes |= attribute.bit();
      }
    }
    Encoding encoding = encoding(cells[0], opcode, operands);
    if (encoding.vex()) {
      attributes |= Attribute.NOREAL.bit();
    }
    String mnemonic =
        condition < 0 ? operation : operation.replace("cc", CONDITIONS[condition]);
    rows.add(
        new Row(
            rows.size(),
            operation,
            mnemonic,
            condition,
            encoding,
            operands,
            accesses(cells[4], operands.size()),
            feature,
            flags,
            attributes,
            read,
            written));
  }

  private List<Operand> operands(String cell) {
    split(cell);
    Operand[] operands = new Operand[words.size()];
    for (int i = 0; i < operands.length; i++) {
      operands[i] = Operand.of(words.get(i));
      check(operands[i] != null, "unknown operand", words.get(i));
    }
    return List.of(operands);
  }

  private List<Access> accesses(String cell, int count) {
    Access[] accesses = new Access[count];
    check(count == 0 ? cell.equals("-") : cell.length() == count, "one access for each operand", cell);
    for (int i = 0; i < count; i++) {
      accesses[i] = Access.of(cell.charAt(i));
      check(accesses[i] != null, "unknown access", cell);
    }
    return List.of(accesses);
  }

  private Feature feature(String name) {
    try {
      return Feature.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw malformed("unknown feature", name);
    }
  }

  /** Register numbers of {@code r:ax+dx} as a mask. */
  private int registers(String word) {
    int mask = 0;
    for (int start = 2; start <= word.length(); ) {
      int plus = word.indexOf('+', start);
      int end = plus < 0 ? word.length() : plus;
      mask |= 1 << register(word.substring(start, end));
      start = end + 1;
    }
    return mask;
  }

  private int register(String name) {
    for (int i = 0; i < REGISTERS.length; i++) {
      if (REGISTERS[i].equals(name)) {
        return i;
      }
    }
    check(name.equals("r11"), "unknown register", name);
    return R11;
  }

  private Encoding encoding(String prefix, String opcode, List<Operand> operands) {
    int slash = opcode.indexOf('/');
    int colon = opcode.indexOf(':');
    boolean plus = opcode.endsWith("+r");
    int end = slash >= 0 ? slash : colon >= 0 ? colon : plus ? opcode.length() - 2 : opcode.length();
    int map = map(opcode, end);
    int reg = -1;
    int rm = -1;
    if (slash >= 0) {
      reg = Character.digit(opcode.charAt(slash + 1), 8);
      check(reg >= 0, "malformed opcode", opcode);
    } else if (colon >= 0) {
      int modrm = hex(opcode, colon + 1, opcode.length());
      check(modrm >= 0xC0, "a fixed ModRM byte must name a register", opcode);
      reg = modrm >> 3 & 7;
      rm = modrm & 7;
    }
    Encoding.Forms forms = forms(operands, reg >= 0, rm >= 0 || opcode.endsWith("r") && !plus);
    int opcodeByte = hex(opcode, end - 2, end);
    if (!prefix.startsWith("VEX")) {
      int w = prefix.endsWith(".W0") ? 0 : prefix.endsWith(".W1") ? 1 : -1;
      String name = w < 0 ? prefix : prefix.substring(0, prefix.length() - 3);
      return new Encoding(false, map, opcodeByte, plus, mandatory(name), w, -1, reg, rm, forms);
    }
    return vex(prefix, map, opcodeByte, reg, rm, forms);
  }

  /** The prefix column of a VEX row: {@code VEX.L0.66.W1}, where {@code LIG} and {@code WIG} allow both values. */
  private Encoding vex(String prefix, int map, int opcode, int reg, int rm, Encoding.Forms forms) {
    String[] parts = {"", "", ""};
    int start = "VEX.".length();
    for (int i = 0; i < parts.length; i++) {
      int dot = prefix.indexOf('.', start);
      int end = dot < 0 ? prefix.length() : dot;
      check(start < end, "malformed prefix", prefix);
      parts[i] = prefix.substring(start, end);
      start = end + 1;
    }
    return new Encoding(
        true, map, opcode, false, mandatory(parts[1]), bit(parts[2]), bit(parts[0]), reg, rm, forms);
  }

  private int bit(String part) {
    return part.endsWith("IG") ? -1 : Character.digit(part.charAt(1), 2);
  }

  private MandatoryPrefix mandatory(String name) {
    return switch (name) {
      case "-" -> MandatoryPrefix.ANY;
      case "NFX" -> MandatoryPrefix.NFX;
      case "NP" -> MandatoryPrefix.NP;
      case "66" -> MandatoryPrefix.P66;
      case "F3" -> MandatoryPrefix.PF3;
      case "F2" -> MandatoryPrefix.PF2;
      default -> throw malformed("unknown prefix", name);
    };
  }

  private int map(String opcode, int end) {
    if (end == 2) {
      return 0;
    }
    if (end == 4 && opcode.startsWith("0F")) {
      return 1;
    }
    check(end == 6 && (opcode.startsWith("0F38") || opcode.startsWith("0F3A")), "malformed opcode", opcode);
    return opcode.charAt(3) == '8' ? 2 : 3;
  }

  private static Encoding.Forms forms(List<Operand> operands, boolean hasReg, boolean registerOnly) {
    boolean modrm = hasReg;
    boolean register = true;
    boolean memory = !registerOnly;
    for (Operand operand : operands) {
      AddressingMethod method = operand.method();
      if (method == AddressingMethod.C || method == AddressingMethod.D) {
        return Encoding.Forms.REGISTER_BY_ANY_MOD;
      }
      modrm |= method.needsModrm();
      register &= method.allowsRegister();
      memory &= method.allowsMemory();
    }
    if (!modrm) {
      return Encoding.Forms.NO_MODRM;
    }
    return register
        ? memory ? Encoding.Forms.REGISTER_OR_MEMORY : Encoding.Forms.REGISTER
        : Encoding.Forms.MEMORY;
  }

  private int hex(String text, int start, int end) {
    int value = 0;
    for (int i = start; i < end; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      check(digit >= 0, "malformed hexadecimal number", text);
      value = value << 4 | digit;
    }
    return value;
  }

  /** Splits a cell at its commas into {@link #words}. */
  private void split(String cell) {
    words.clear();
    if (cell.equals("-")) {
      return;
    }
    for (int start = 0; start <= cell.length(); ) {
      int comma = cell.indexOf(',', start);
      int end = comma < 0 ? cell.length() : comma;
      words.add(cell.substring(start, end));
      start = end + 1;
    }
  }

  /** Takes the culprit apart from the complaint, as joining strings that nobody reads would dominate the parser's time. */
  private void check(boolean ok, String complaint, String culprit) {
    if (!ok) {
      throw malformed(complaint, culprit);
    }
  }

  private IllegalStateException malformed(String complaint, String culprit) {
    return new IllegalStateException(part + ":" + line + ": " + complaint + ": " + culprit);
  }
}
