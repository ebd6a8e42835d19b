package org.lodgevm.x86.interpret;

import java.util.concurrent.locks.LockSupport;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.machine.Vcpu.Exit;
import org.lodgevm.x86.fp.SimdFault;
import org.lodgevm.x86.state.GuestFault;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.StateBlock;
import org.lodgevm.x86.state.Vector;

/** Runs one CPU: blocks as long as nothing asks for attention, and in between whatever does. */
final class RunLoop {
    private final Cpu c;
    private final BlockBuilder builder;
    /** Nothing has been executed since a debug trap was delivered: if that met a breakpoint, it may be so for ever. */
    private boolean trapped;
    /** The instruction run alone was a branch, and taken. */
    private boolean branched;

    RunLoop(Cpu cpu) {
        c = cpu;
        builder = new BlockBuilder(cpu);
    }

    Exit run() {
        while (true) {
            trapped = false;
            while (c.attention() != 0) {
                c.current = null;
                Exit exit = attend();
                if (exit != null) {
                    return exit;
                }
            }
            execute();
        }
    }

    /**
     * The inner loop: at least one block, then more until something asks for attention. Faults end it: the way into the
     * handler is the one place where exceptions are delivered.
     */
    private void execute() {
        Block block = null;
        Op op = null;
        try {
            do {
                block = null;
                block = c.translations == null ? find() : runTranslated();
                if (block == null) {
                    break;
                }
                if (c.lockstep != null) {
                    c.lockstep.begin(block);
                }
                c.current = block;
                c.rip = block.next;
                op = block.enter();
                do {
                    op.run(c);
                    op = op.following;
                } while (op != null);
                c.instructions += block.instructions;
                if (c.lockstep != null) {
                    c.lockstep.end(block);
                }
            } while (c.attention() == 0);
        } catch (GuestFault fault) {
            interrupted(block, op);
            Exceptions.raise(c, fault);
        } catch (SimdFault unmasked) {
            interrupted(block, op);
            Exceptions.raise(c, Units.simdFault(c));
        } catch (RunAlone again) {
            interrupted(block, op);
            step();
        } catch (Debugger.Reached breakpoint) {
            c.current = null; // where the block would have begun
        }
    }

    /** Runs translations as far as they go; the block to be interpreted then, or null if something asks for attention. */
    private Block runTranslated() {
        c.current = null;
        do {
            Block block = find();
            long code = c.translations.of(block);
            if (code == 0) {
                return block.isDecoded() ? block : builder.decoded(block);
            }
            c.translations.run(code, this);
        } while (c.attention() == 0);
        return null;
    }

    /** Puts rIP back to the op that did not complete, or leaves it where fetching failed. */
    private void interrupted(Block block, Op op) {
        c.current = null;
        if (block != null) {
            Op part = op.part(c);
            c.rip = part.rip;
            c.instructions += block.instructionsBefore(part);
        }
    }

    /** The block at CS:rIP. Raises the fault that fetching it meets. */
    Block find() {
        long linear = c.code64 ? c.rip : c.csBase + c.rip & 0xffff_ffffL;
        Block block = c.jumps.get(linear, c.rip, c.context);
        return block != null && c.fetches(block) ? block : builder.find(linear);
    }

    /** The instruction that CS:rIP is in that page, which is not executed here. */
    Op decodeOne(CodePage page) {
        return builder.single(page);
    }

    /** Executes exactly one instruction, or delivers its fault; false if it faulted. */
    private boolean step() {
        Op op = null;
        int hits = c.breakpoints.hits();
        try {
            c.current = null;
            op = builder.single();
            c.rip = op.next;
            c.solo = true;
            op.run(c);
            branched = c.rip != op.next && c.rip != op.rip; // the latter is a string instruction that goes on
            c.instructions++;
            return true;
        } catch (GuestFault fault) {
            if (op != null) {
                c.rip = op.rip;
            }
            c.breakpoints.hits(hits);
            Exceptions.raise(c, fault);
            return false;
        } catch (SimdFault unmasked) {
            c.rip = op.rip;
            c.breakpoints.hits(hits);
            Exceptions.raise(c, Units.simdFault(c));
            return false;
        } finally {
            c.solo = false;
        }
    }

    /** Handles what {@link Attention} asks for, most urgent first. Null: go on. */
    private Exit attend() {
        int asked = c.attention();
        boolean complete = (asked & Attention.DEBUG_TRAP) == 0 || trapped; // a trap is of the instruction before
        if (complete && (asked & Attention.DEBUGGER) != 0) {
            c.debugger.stop();
            return Exit.DEBUGGED;
        }
        if (complete && (asked & Attention.KICK) != 0) {
            c.answer(Attention.KICK);
            return Exit.KICKED;
        }
        if ((asked & Attention.CODE_PAGE) != 0) {
            c.revocations.answer();
        }
        if ((asked & (Attention.HELD | Attention.KICK)) == Attention.HELD) {
            sleep(Attention.KICK | Attention.CODE_PAGE);
            return null;
        }
        if ((asked & Attention.INIT) != 0) {
            c.answer(Attention.INIT);
            Reset.init(c);
            return null;
        }
        if ((asked & Attention.STARTUP) != 0) {
            c.answer(Attention.STARTUP);
            if (c.waitingForStartup) {
                Reset.startup(c, c.startupVector());
            }
            return null;
        }
        if ((asked & Attention.SHUTDOWN) != 0) {
            return Exit.SHUTDOWN;
        }
        if ((asked & Attention.CLOCK) != 0) {
            c.answer(Attention.CLOCK);
            c.msrs.clock().update();
        }
        betweenInstructions(asked);
        return null;
    }

    /** Traps, steps and interrupts, in the order in which they come where several do. @sdm table 6-2 */
    private void betweenInstructions(int asked) {
        if ((asked & Attention.DEBUG_TRAP) != 0 && (asked & Attention.STACK_LOADED) == 0) {
            c.answer(Attention.DEBUG_TRAP | Attention.HALTED);
            c.noShadow();
            c.breakpoints.trap();
            trapped = true;
            return;
        }
        if ((asked & Attention.DEBUGGER_STEP) != 0 && (asked & Attention.HALTED) == 0) {
            oneInstruction(asked);
            c.debugger.stepped();
            return;
        }
        if ((asked & Attention.STACK_LOADED) != 0 || (asked & Attention.HALTED) == 0 && c.inShadow()) {
            oneInstruction(asked);
            return;
        }
        if (interrupt(asked)) {
            return;
        }
        if ((asked & Attention.HALTED) != 0) {
            sleep(~(Attention.HALTED | Attention.STEP | Attention.DEBUGGER_STEP));
            return;
        }
        if ((asked & Attention.STEP) != 0) {
            oneInstruction(asked);
        }
    }

    /** Delivers an NMI or an interrupt if one waits and may come. */
    private boolean interrupt(int asked) {
        if (c.waitingForStartup) {
            c.answer(Attention.INTERRUPT | Attention.NMIS);
            return false;
        }
        if ((asked & Attention.NMIS) != 0) {
            boolean several = c.answer(Attention.NMIS) == Attention.NMIS;
            c.nmiPending = c.nmiBlocked || several;
            if (!c.nmiBlocked) {
                c.nmiBlocked = true;
                c.answer(Attention.HALTED);
                Exceptions.interrupt(c, Vector.NMI);
                return true;
            }
        }
        if ((asked & Attention.INTERRUPT) == 0) {
            return false;
        }
        c.answer(Attention.INTERRUPT);
        boolean enabled = c.flag(Rflags.IF);
        boolean waits = c.interrupts.pending();
        HostMemory.put8(c.block + StateBlock.INTERRUPT_HELD, waits && !enabled ? 1 : 0);
        if (!waits || !enabled) {
            return false;
        }
        int vector = c.interrupts.acknowledge();
        if (c.interrupts.pending()) {
            c.ask(Attention.INTERRUPT);
        }
        if (vector < 0) {
            return false;
        }
        c.answer(Attention.HALTED);
        Exceptions.interrupt(c, vector);
        return true;
    }

    /** Waits for one of these. */
    private void sleep(int awaited) {
        c.revocations.parked(true);
        while ((c.attention() & awaited) == 0) {
            LockSupport.park(c);
        }
        c.revocations.parked(false);
    }

    /** Single step: instruction breakpoints before, the trap after. */
    private void oneInstruction(int asked) {
        c.answer(Attention.STACK_LOADED);
        c.noShadow();
        if ((asked & Attention.STEP) == 0) {
            step();
            return;
        }
        boolean inhibited = c.flag(Rflags.RF) || (asked & Attention.STACK_LOADED) != 0;
        if (!inhibited && c.breakpoints.execution()) {
            return;
        }
        c.flag(Rflags.RF, false);
        c.breakpoints.beginStep();
        if (step()) {
            c.breakpoints.endStep(branched);
        }
        if (!c.flag(Rflags.TF) && !c.breakpoints.enabledForExecution()) {
            c.answer(Attention.STEP);
        }
    }
}
