package org.lodgevm.x86.isa;

/**
 * What an instruction does to RFLAGS. Every mask is made of {@link Flag#mask() flag bits}.
 *
 * @param read flags whose old value matters
 * @param written flags that get a defined value; includes {@code cleared} and {@code set}
 * @param undefined flags left undefined, for at least one value of the operands
 * @param cleared flags that always become 0
 * @param set flags that always become 1
 * @param conditional whether the operands may be such that no flag changes, as in a shift by zero
 * @sdm Volume 1, appendix A "EFLAGS Cross-Reference"
 */
public record FlagEffects(
    int read, int written, int undefined, int cleared, int set, boolean conditional) {

  /** No flag is looked at or changed. */
  public static final FlagEffects NONE = new FlagEffects(0, 0, 0, 0, 0, false);

  /** The order of the letters in the table, the same as in the manual's appendix. */
  private static final String COLUMNS = "OSZAPC";

  /** Flags that a condition code looks at, by the condition without its lowest bit. */
  private static final int[] CONDITION_READS = {
    Flag.OF.mask(),
    Flag.CF.mask(),
    Flag.ZF.mask(),
    Flag.CF.mask() | Flag.ZF.mask(),
    Flag.SF.mask(),
    Flag.PF.mask(),
    Flag.SF.mask() | Flag.OF.mask(),
    Flag.ZF.mask() | Flag.SF.mask() | Flag.OF.mask(),
  };

  /** Effects of an instruction that only tests a condition, 0 (O) to 15 (NLE). */
  static FlagEffects ofCondition(int condition) {
    return new FlagEffects(CONDITION_READS[condition >> 1], 0, 0, 0, 0, false);
  }

  /** The effects that the table writes as {@code text}, or null when it is malformed. */
  static FlagEffects parse(String text) {
    if (text.equals("-")) {
      return NONE;
    }
    Builder builder = new Builder();
    int length = text.length();
    int at = 0;
    for (; at < COLUMNS.length(); at++) {
      if (at >= length || !builder.add(COLUMNS.charAt(at), text.charAt(at))) {
        return null;
      }
    }
    if (at < length && text.charAt(at) == '?') {
      builder.conditional = true;
      at++;
    }
    if (at < length && text.charAt(at) == ':') {
      for (at++; at + 1 < length; at += 2) {
        if (!builder.add(text.charAt(at), text.charAt(at + 1))) {
          return null;
        }
      }
    }
    return at == length ? builder.build() : null;
  }

  private static final class Builder {
    private int read;
    private int written;
    private int undefined;
    private int cleared;
    private int set;
    private boolean conditional;

    boolean add(char letter, char effect) {
      Flag flag = Flag.of(letter);
      if (flag == null) {
        return false;
      }
      int mask = flag.mask();
      switch (effect) {
        case '-' -> {}
        case 'M' -> written |= mask;
        case 'T' -> read |= mask;
        case 'X' -> {
          read |= mask;
          written |= mask;
        }
        case 'U' -> undefined |= mask;
        case '0' -> cleared |= mask;
        case '1' -> set |= mask;
        default -> {
          return false;
        }
      }
      return true;
    }

    FlagEffects build() {
      return new FlagEffects(read, written | cleared | set, undefined, cleared, set, conditional);
    }
  }
}
