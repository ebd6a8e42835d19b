package org.lodgevm.x86.interpret;

import java.lang.reflect.Method;

/** Constants as methods, to fill {@link Hole#bits} with. */
final class Numbers {
    private Numbers() {}

    static Method method(int number) {
        try {
            return Numbers.class.getDeclaredMethod("is" + number);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException("there is no method for the constant " + number, e);
        }
    }

    static int is0() {
        return 0;
    }

    static int is2() {
        return 2;
    }

    static int is3() {
        return 3;
    }

    static int is4() {
        return 4;
    }

    static int is8() {
        return 8;
    }

    static int is16() {
        return 16;
    }

    static int is32() {
        return 32;
    }

    static int is64() {
        return 64;
    }

    static int is132() {
        return 132;
    }

    static int is213() {
        return 213;
    }

    static int is231() {
        return 231;
    }
}
