package org.lodgevm.x86.isa;

/**
 * What an instruction does with an operand, as far as the operand's type reaches: whether a write to part of a vector register clears
 * or keeps the rest does not count.
 */
public enum Access {
  /** Neither reads nor writes it: the address of LEA, the operand of a hint. */
  NONE,
  READ,
  WRITE,
  READ_WRITE;

  public boolean reads() {
    return this == READ || this == READ_WRITE;
  }

  public boolean writes() {
    return this == WRITE || this == READ_WRITE;
  }

  static Access of(char letter) {
    return switch (letter) {
      case '-' -> NONE;
      case 'r' -> READ;
      case 'w' -> WRITE;
      case 'x' -> READ_WRITE;
      default -> null;
    };
  }
}
