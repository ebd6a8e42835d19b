package org.lodgevm.image.session;

/** The size of a terminal in character cells. */
public record Window(int rows, int columns) {
    /** What a terminal has whose size is not known. */
    public static final Window DEFAULT = new Window(24, 80);
}
