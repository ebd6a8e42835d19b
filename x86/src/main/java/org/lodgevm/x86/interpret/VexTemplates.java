package org.lodgevm.x86.interpret;

/**
 * The shapes of {@link VectorTemplates} for YMM registers whose halves are computed alike: the operation of XMM registers is called
 * twice. {@link Hole#bits} is by how many bits the upper half's part of an immediate, or of a result, lies above the lower half's.
 *
 * <p>Destination and source are 32 bytes in a row, neither of them a register: what is written is no change yet.
 */
final class VexTemplates {
    private static final int HALF = 16;

    private VexTemplates() {}

    /** {@code f(dst, src)}. */
    static final class Vector extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            long destination = Hole.vectorDestination(this, c);
            long source = Hole.vectorSource(this, c);
            Hole.vector(destination, source);
            Hole.vector(destination + HALF, source + HALF);
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new Vector();
        }
    }

    /** {@code f(dst, src, imm)}. */
    static final class Immediate extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            long destination = Hole.vectorDestination(this, c);
            long source = Hole.vectorSource(this, c);
            Hole.vectorImmediate(destination, source, (int) imm);
            Hole.vectorImmediate(destination + HALF, source + HALF, (int) imm >> Hole.bits());
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new Immediate();
        }
    }

    /** {@code f(dst, imm)}: shifts. */
    static final class Shift extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            long destination = Hole.vectorDestination(this, c);
            Hole.vectorShift(destination, (int) imm);
            Hole.vectorShift(destination + HALF, (int) imm);
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new Shift();
        }
    }

    /** {@code f(dst, src, third)}. */
    static final class Third extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            long destination = Hole.vectorDestination(this, c);
            long source = Hole.vectorSource(this, c);
            long third = Hole.vectorThirdOperand(this, c);
            Hole.vectorThird(destination, source, third);
            Hole.vectorThird(destination + HALF, source + HALF, third + HALF);
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new Third();
        }
    }

    /** {@code value = f(src)}. */
    static final class Value extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            long source = Hole.vectorSource(this, c);
            Hole.store(this, c, Hole.vectorValue(source) | Hole.vectorValue(source + HALF) << Hole.bits());
        }

        @Override
        Op fresh() {
            return new Value();
        }
    }

    /** {@code flags = f(a, b)}: those that are set for both halves. */
    static final class Test extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            long first = Hole.vectorDestination(this, c);
            long second = Hole.vectorSource(this, c);
            Flags.status(c, Hole.vectorFlags(first, second) & Hole.vectorFlags(first + HALF, second + HALF));
        }

        @Override
        Op fresh() {
            return new Test();
        }
    }

    /** {@code f(dst, src)} in floating point. */
    static final class Floating extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            long destination = Hole.vectorDestination(this, c);
            long source = Hole.vectorSource(this, c);
            c.sse.together();
            Hole.floating(c.sse, destination, source);
            Hole.floating(c.sse, destination + HALF, source + HALF);
            c.sse.settleTogether();
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new Floating();
        }
    }

    /** {@code f(dst, src, imm)} in floating point. */
    static final class FloatingImmediate extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            long destination = Hole.vectorDestination(this, c);
            long source = Hole.vectorSource(this, c);
            c.sse.together();
            Hole.floatingImmediate(c.sse, destination, source, (int) imm);
            Hole.floatingImmediate(c.sse, destination + HALF, source + HALF, (int) imm);
            c.sse.settleTogether();
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new FloatingImmediate();
        }
    }

    /** {@code dst = x * y + z} with XMM registers; here {@link Hole#bits} are the digits that order the operands. */
    static final class Fused extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            long first = Hole.vectorDestination(this, c);
            long second = Hole.vectorThirdOperand(this, c);
            long third = Hole.vectorSource(this, c);
            switch (Hole.bits()) {
                case 132 -> Hole.fused(c.sse, first, first, third, second);
                case 213 -> Hole.fused(c.sse, first, second, first, third);
                default -> Hole.fused(c.sse, first, second, third, first);
            }
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new Fused();
        }
    }

    /** The same with YMM registers. */
    static final class FusedYmm extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            long first = Hole.vectorDestination(this, c);
            long second = Hole.vectorThirdOperand(this, c);
            long third = Hole.vectorSource(this, c);
            c.sse.together();
            for (int half = 0; half <= HALF; half += HALF) {
                long dst = first + half;
                switch (Hole.bits()) {
                    case 132 -> Hole.fused(c.sse, dst, dst, third + half, second + half);
                    case 213 -> Hole.fused(c.sse, dst, second + half, dst, third + half);
                    default -> Hole.fused(c.sse, dst, second + half, third + half, dst);
                }
            }
            c.sse.settleTogether();
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new FusedYmm();
        }
    }
}
