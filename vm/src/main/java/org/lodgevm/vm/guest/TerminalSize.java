package org.lodgevm.vm.guest;

/** The size of a terminal in character cells. */
public record TerminalSize(int rows, int columns) {
    /** What a terminal has whose size is not known. */
    public static final TerminalSize DEFAULT = new TerminalSize(24, 80);

    private static final int MOST = 0xffff;

    public TerminalSize {
        if (rows < 1 || rows > MOST || columns < 1 || columns > MOST) {
            throw new IllegalArgumentException("a terminal of %d rows and %d columns is not possible".formatted(rows, columns));
        }
    }
}
