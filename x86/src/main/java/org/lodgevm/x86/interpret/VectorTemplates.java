package org.lodgevm.x86.interpret;


/**
 * The shapes that MMX, SSE and AVX instructions have: is the unit available, fetch, compute, and settle: let the x87 unit know if MMX
 * registers were involved; with a VEX prefix, move the result to its register. All that can fault comes before the first change.
 */
final class VectorTemplates {
    private VectorTemplates() {}

    /** A move of up to 64 bits. */
    static final class Move extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            Hole.store(this, c, Hole.first(this, c));
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new Move();
        }
    }

    /** A move of 128 bits, or of 256. */
    static final class MoveWhole extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            Hole.move(this, c);
        }

        @Override
        Op fresh() {
            return new MoveWhole();
        }
    }

    /** {@code f(dst, src)}. */
    static final class Vector extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            Hole.vector(Hole.vectorDestination(this, c), Hole.vectorSource(this, c));
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
            Hole.vectorImmediate(Hole.vectorDestination(this, c), Hole.vectorSource(this, c), (int) imm);
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
            Hole.vectorShift(Hole.vectorDestination(this, c), (int) imm);
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
            Hole.vectorThird(Hole.vectorDestination(this, c), Hole.vectorSource(this, c), Hole.vectorThirdOperand(this, c));
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new Third();
        }
    }

    /** {@code f(dst, value, imm)}: insertion of an integer. */
    static final class Insert extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            Hole.vectorImmediate(Hole.vectorDestination(this, c), Hole.first(this, c), (int) imm);
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new Insert();
        }
    }

    /** {@code value = f(src, imm)}: extraction of an integer. */
    static final class Extract extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            Hole.store(this, c, Hole.vectorElement(Hole.vectorSource(this, c), (int) imm));
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new Extract();
        }
    }

    /** {@code value = f(src)}. */
    static final class Value extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            Hole.store(this, c, Hole.vectorValue(Hole.vectorSource(this, c)));
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new Value();
        }
    }

    /** {@code flags = f(a, b)}. */
    static final class Test extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            Flags.status(c, Hole.vectorFlags(Hole.vectorDestination(this, c), Hole.vectorSource(this, c)));
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
            Hole.floating(c.sse, Hole.vectorDestination(this, c), Hole.vectorSource(this, c));
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new Floating();
        }
    }

    /**
     * The same with an MMX register. That the x87 unit is affected even if the conversion faults is what processors do, if not
     * what the manual says.
     */
    static final class FloatingMmx extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            long source = Hole.vectorSource(this, c);
            c.x87.enterMmx();
            Hole.floating(c.sse, Hole.vectorDestination(this, c), source);
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new FloatingMmx();
        }
    }

    /** {@code f(dst, src, imm)} in floating point. */
    static final class FloatingImmediate extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            Hole.floatingImmediate(c.sse, Hole.vectorDestination(this, c), Hole.vectorSource(this, c), (int) imm);
            Hole.settled(this, c);
        }

        @Override
        Op fresh() {
            return new FloatingImmediate();
        }
    }

    /** {@code value = f(src)} from floating point. */
    static final class FloatingValue extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            Hole.store(this, c, Hole.floatingValue(c.sse, Hole.vectorSource(this, c)));
        }

        @Override
        Op fresh() {
            return new FloatingValue();
        }
    }

    /** {@code flags = f(a, b)} in floating point. */
    static final class FloatingTest extends Op {
        @Override
        void run(Cpu c) {
            Hole.available(c);
            Flags.status(c, Hole.floatingFlags(c.sse, Hole.vectorDestination(this, c), Hole.vectorSource(this, c)));
        }

        @Override
        Op fresh() {
            return new FloatingTest();
        }
    }
}
