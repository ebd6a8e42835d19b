package org.lodgevm.x86.interpret;

/** The shapes that instructions have. Each calls {@link Hole}s, which {@link Specializer} fills. */
final class Templates {
    private Templates() {}

    /** {@code dst = f(a)}. */
    static final class Unary extends Op {
        @Override
        void run(Cpu c) {
            Hole.store(this, c, Hole.unary(c, Hole.first(this, c), Hole.bits()));
        }

        @Override
        Op fresh() {
            return new Unary();
        }
    }

    /** {@code dst = f(a, b)}. */
    static final class Binary extends Op {
        @Override
        void run(Cpu c) {
            Hole.store(this, c, Hole.binary(c, Hole.first(this, c), Hole.secondOperand(this, c), Hole.bits()));
        }

        @Override
        Op fresh() {
            return new Binary();
        }
    }

    /** {@code f(a, b)} for the flags alone. */
    static final class Compare extends Op {
        @Override
        void run(Cpu c) {
            Hole.binary(c, Hole.first(this, c), Hole.secondOperand(this, c), Hole.bits());
        }

        @Override
        Op fresh() {
            return new Compare();
        }
    }

    /** {@code dst = f(a, b, c)}. */
    static final class Ternary extends Op {
        @Override
        void run(Cpu c) {
            Hole.store(this, c, Hole.ternary(c, Hole.first(this, c), Hole.secondOperand(this, c), Hole.third(this, c),
                    Hole.bits()));
        }

        @Override
        Op fresh() {
            return new Ternary();
        }
    }

    /** {@code dst = a}. */
    static final class Move extends Op {
        @Override
        void run(Cpu c) {
            Hole.store(this, c, Hole.first(this, c));
        }

        @Override
        Op fresh() {
            return new Move();
        }
    }

    /** Anything else that needs no more than the op's fields. */
    static final class Fast extends Op {
        @Override
        void run(Cpu c) {
            Hole.plain(c, this);
        }

        @Override
        Op fresh() {
            return new Fast();
        }
    }

    /** LOCK: the whole operation as one atomic step on memory, tried until nobody came in between. */
    static final class AtomicUnary extends Op {
        @Override
        void run(Cpu c) {
            Atomic update = Atomic.begin(c, linear(c, Hole.bits() >> 3, true), Hole.bits() >> 3, segment);
            do {
                update.result = Hole.unary(c, update.load(c), Hole.bits());
            } while (!update.commit(c));
        }

        @Override
        Op fresh() {
            return new AtomicUnary();
        }
    }

    static final class AtomicBinary extends Op {
        @Override
        void run(Cpu c) {
            Atomic update = Atomic.begin(c, linear(c, Hole.bits() >> 3, true), Hole.bits() >> 3, segment);
            long b = Hole.secondOperand(this, c);
            do {
                update.result = Hole.binary(c, update.load(c), b, Hole.bits());
            } while (!update.commit(c));
        }

        @Override
        Op fresh() {
            return new AtomicBinary();
        }
    }

    /** Jcc: the block's fall-through address is already in rIP. */
    static final class Branch extends Op {
        @Override
        void run(Cpu c) {
            if (Hole.condition(c)) {
                Control.jump(c, target);
            }
        }

        @Override
        Op fresh() {
            return new Branch();
        }
    }

    /** Jcc in 64-bit code, where the target was checked when the block was built. */
    static final class Branch64 extends Op {
        @Override
        void run(Cpu c) {
            if (Hole.condition(c)) {
                c.rip = target;
            }
        }

        @Override
        Op fresh() {
            return new Branch64();
        }
    }

    /** An operation with a conditional branch on its result, as one op. */
    static final class CompareAndBranch extends Op {
        @Override
        void run(Cpu c) {
            Hole.binary(c, Hole.first(this, c), Hole.secondOperand(this, c), Hole.bits());
            if (Hole.condition(c)) {
                c.rip = target;
            }
        }

        @Override
        Op fresh() {
            return new CompareAndBranch();
        }
    }

    static final class BinaryAndBranch extends Op {
        @Override
        void run(Cpu c) {
            Hole.store(this, c, Hole.binary(c, Hole.first(this, c), Hole.secondOperand(this, c), Hole.bits()));
            if (Hole.condition(c)) {
                c.rip = target;
            }
        }

        @Override
        Op fresh() {
            return new BinaryAndBranch();
        }
    }

    static final class UnaryAndBranch extends Op {
        @Override
        void run(Cpu c) {
            Hole.store(this, c, Hole.unary(c, Hole.first(this, c), Hole.bits()));
            if (Hole.condition(c)) {
                c.rip = target;
            }
        }

        @Override
        Op fresh() {
            return new UnaryAndBranch();
        }
    }

    static final class SetByte extends Op {
        @Override
        void run(Cpu c) {
            Hole.store(this, c, Hole.condition(c) ? 1 : 0);
        }

        @Override
        Op fresh() {
            return new SetByte();
        }
    }

    /** CMOVcc: the source is read, and a 32-bit destination zero-extended, whatever the condition. */
    static final class ConditionalMove extends Op {
        @Override
        void run(Cpu c) {
            long moved = Hole.secondOperand(this, c);
            Hole.store(this, c, Hole.condition(c) ? moved : Hole.first(this, c));
        }

        @Override
        Op fresh() {
            return new ConditionalMove();
        }
    }

    /** Anything that does not fit the shapes above. */
    static final class Plain extends Op {
        @Override
        void run(Cpu c) {
            Hole.plain(c, this);
        }

        @Override
        Op fresh() {
            return new Plain();
        }
    }
}
