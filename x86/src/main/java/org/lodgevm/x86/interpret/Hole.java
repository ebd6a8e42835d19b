package org.lodgevm.x86.interpret;

import org.lodgevm.x86.fp.Sse;
import org.lodgevm.x86.fp.X87;

/**
 * The gaps in a template. {@link Specializer} replaces each call to one of these by a call to the method that the
 * instruction at hand needs, so that what is left to the JIT compiler is straight-line code.
 *
 * <p>None of these methods is ever executed.
 */
final class Hole {
    private Hole() {}

    private static IllegalStateException unfilled() {
        return new IllegalStateException("template was not specialised");
    }

    /** Operands, in the order in which the instruction reads them. */
    static long first(Op o, Cpu c) {
        throw unfilled();
    }

    static long secondOperand(Op o, Cpu c) {
        throw unfilled();
    }

    static long third(Op o, Cpu c) {
        throw unfilled();
    }

    /** Stores the result. */
    static void store(Op o, Cpu c, long value) {
        throw unfilled();
    }

    /** The width of the operands, in bits. */
    static int bits() {
        throw unfilled();
    }

    static long unary(Cpu c, long a, int bits) {
        throw unfilled();
    }

    static long binary(Cpu c, long a, long b, int bits) {
        throw unfilled();
    }

    static long ternary(Cpu c, long a, long b, long third, int bits) {
        throw unfilled();
    }

    static boolean condition(Cpu c) {
        throw unfilled();
    }

    static void plain(Cpu c, Op o) {
        throw unfilled();
    }

    /** Host addresses of vector operands. */
    static long vectorDestination(Op o, Cpu c) {
        throw unfilled();
    }

    static long vectorSource(Op o, Cpu c) {
        throw unfilled();
    }

    static void vector(long destination, long source) {
        throw unfilled();
    }

    static void vectorImmediate(long destination, long source, int immediate) {
        throw unfilled();
    }

    static void floating(Sse sse, long destination, long source) {
        throw unfilled();
    }

    static void floatingImmediate(Sse sse, long destination, long source, int immediate) {
        throw unfilled();
    }

    /** The check that the x87, MMX or SSE unit may be used, and what ends an instruction of these. */
    static void available(Cpu c) {
        throw unfilled();
    }

    static void settled(Op o, Cpu c) {
        throw unfilled();
    }

    /** A whole move of 128 or 256 bits. */
    static void move(Op o, Cpu c) {
        throw unfilled();
    }

    static void vectorShift(long destination, int immediate) {
        throw unfilled();
    }

    static void vectorThird(long destination, long source, long third) {
        throw unfilled();
    }

    static long vectorThirdOperand(Op o, Cpu c) {
        throw unfilled();
    }

    static void fused(Sse sse, long destination, long x, long y, long z) {
        throw unfilled();
    }

    static long vectorElement(long source, int immediate) {
        throw unfilled();
    }

    static long vectorValue(long source) {
        throw unfilled();
    }

    static int vectorFlags(long first, long second) {
        throw unfilled();
    }

    static long floatingValue(Sse sse, long source) {
        throw unfilled();
    }

    static int floatingFlags(Sse sse, long first, long second) {
        throw unfilled();
    }

    /** x87 operations: on the stack's top, on a register, on what memory held, to be stored, and setting flags. */
    static void x87(X87 x) {
        throw unfilled();
    }

    static void x87Register(X87 x, int i) {
        throw unfilled();
    }

    static void x87Operand(X87 x, long operand) {
        throw unfilled();
    }

    static long x87Result(X87 x) {
        throw unfilled();
    }

    static int x87Flags(X87 x, int i, int flags) {
        throw unfilled();
    }
}
