package org.lodgevm.x86.interpret;

import org.lodgevm.x86.fp.X87Transfer;
import org.lodgevm.x86.state.StateBlock;

/**
 * The shapes of x87 instructions: check, read memory, note the instruction, compute. Those that store compute first, then
 * write memory, then commit, so that a fault on the way leaves the unit as it was.
 */
final class X87Templates {
    private X87Templates() {}

    /** On the stack's top. */
    static final class Top extends Op {
        @Override
        void run(Cpu c) {
            Units.x87(c);
            X87Unit.note(c, this);
            Hole.x87(c.x87);
        }

        @Override
        Op fresh() {
            return new Top();
        }
    }

    /** On ST(i). */
    static final class Register extends Op {
        @Override
        void run(Cpu c) {
            Units.x87(c);
            X87Unit.note(c, this);
            Hole.x87Register(c.x87, X87Unit.register(this));
        }

        @Override
        Op fresh() {
            return new Register();
        }
    }

    /** Comparisons that answer in RFLAGS. */
    static final class Test extends Op {
        @Override
        void run(Cpu c) {
            Units.x87(c);
            X87Unit.note(c, this);
            Flags.status(c, Hole.x87Flags(c.x87, X87Unit.register(this), 0));
        }

        @Override
        Op fresh() {
            return new Test();
        }
    }

    /** FCMOVcc. */
    static final class ConditionalMove extends Op {
        @Override
        void run(Cpu c) {
            Units.x87(c);
            X87Unit.note(c, this);
            X87Transfer.fcmov(c.x87, X87Unit.register(this), Hole.condition(c));
        }

        @Override
        Op fresh() {
            return new ConditionalMove();
        }
    }

    /** On an operand in memory: its bits, or, of a ten-byte one, the host address of a copy. */
    static final class Memory extends Op {
        @Override
        void run(Cpu c) {
            Units.x87(c);
            long operand = Hole.first(this, c);
            X87Unit.noteOperand(c, this);
            Hole.x87Operand(c.x87, operand);
        }

        @Override
        Op fresh() {
            return new Memory();
        }
    }

    /** Stores up to eight bytes. */
    static final class Store extends Op {
        @Override
        void run(Cpu c) {
            Units.x87(c);
            long result = Hole.x87Result(c.x87);
            if (c.x87.stores()) {
                Hole.store(this, c, result);
            } else {
                X87Unit.checkStore(c, this);
            }
            X87Unit.noteOperand(c, this);
            c.x87.commit();
        }

        @Override
        Op fresh() {
            return new Store();
        }
    }

    /** Stores ten bytes, which are computed into the scratch area. */
    static final class Store80 extends Op {
        @Override
        void run(Cpu c) {
            Units.x87(c);
            Hole.x87Operand(c.x87, c.block + StateBlock.SCRATCH);
            if (c.x87.stores()) {
                VectorOperands.store10(this, c);
            } else {
                X87Unit.checkStore(c, this);
            }
            X87Unit.noteOperand(c, this);
            c.x87.commit();
        }

        @Override
        Op fresh() {
            return new Store80();
        }
    }
}
