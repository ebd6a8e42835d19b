package org.lodgevm.x86.interpret;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.lodgevm.x86.decode.Decoder;
import org.lodgevm.x86.decode.Disassembler;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.decode.Outcome;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.isa.FlagEffects;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.translate.Source;
import org.lodgevm.x86.translate.Translator;

/** A block's translation that is compared with the block itself. */
final class Trial {
    private static final int PAGE = 0x1000;
    /** What each processor computes a little differently. @sdm 1:11.5.2 */
    private static final Set<String> INEXACT = Set.of("RCPPS", "RCPSS", "RSQRTPS", "RSQRTSS", "F2XM1", "FYL2X", "FYL2XP1", "FPTAN", "FPATAN",
            "FSIN", "FCOS", "FSINCOS");

    /** 0 if there is none that can be compared. */
    final long code;
    /** Flags that are so at the end. */
    final int undefined;
    /** The last instruction may be interrupted, and go on later. */
    final boolean repeats;
    private final List<String> text = new ArrayList<>();

    private Trial(long code, List<Instruction> instructions, long rip) {
        this.undefined = undefined(instructions);
        this.code = undefined < 0 ? 0 : code;
        repeats = instructions.stream().anyMatch(in -> (in.rep() || in.repne()) && (in.row().has(Attribute.REP) || in.row().has(Attribute.REPZ)));
        long at = rip;
        for (Instruction in : instructions) {
            text.add("%x %s".formatted(at, Disassembler.format(in, at).replaceAll(" +", " ")));
            at += in.length();
        }
    }

    static Trial of(Cpu c, Block block, Translator translator) {
        CodeSize size = c.codeSize();
        byte[] bytes;
        synchronized (block.page) {
            bytes = block.page.bytes(c.bus.memory());
            if (!block.valid) {
                return null;
            }
        }
        List<Instruction> instructions = decode(bytes, (int) block.linear & PAGE - 1, size, block.instructions);
        long code = instructions.size() < block.instructions ? 0
                : translator.translateAlone(new Bytes(bytes), block.rip, block.page.physical, c.translationContext(), block.instructions);
        return new Trial(code, instructions, block.rip);
    }

    private static List<Instruction> decode(byte[] bytes, int offset, CodeSize size, int count) {
        List<Instruction> instructions = new ArrayList<>();
        Decoder decoder = new Decoder();
        int at = offset;
        while (instructions.size() < count) {
            Instruction in = new Instruction();
            if (decoder.decode(bytes, at, PAGE - at, size, in) != Outcome.DECODED) {
                break;
            }
            instructions.add(in);
            at += in.length();
        }
        return instructions;
    }

    /** Flags that are undefined at the end; -1 if anything else is, or may be a little different. */
    private static int undefined(List<Instruction> instructions) {
        int undefined = 0;
        for (Instruction in : instructions) {
            FlagEffects effects = in.row().flags();
            if ((effects.read() & undefined & Rflags.STATUS) != 0 || INEXACT.contains(in.row().operation())) {
                return -1;
            }
            if (!effects.conditional()) {
                undefined &= ~effects.written();
            }
            undefined |= effects.undefined();
        }
        return undefined & Rflags.STATUS;
    }

    /** One sentence on what is different. */
    String describe(String difference) {
        return "translated and interpreted code differ: %s after: %s".formatted(difference, String.join("; ", text));
    }

    /** A page of which nothing else is known. */
    private record Bytes(byte[] bytes) implements Source {
        @Override
        public boolean executed(long rip) {
            return false;
        }

        @Override
        public boolean translated(long rip) {
            return false;
        }

        @Override
        public int laterCallOut() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void use(long rip, int length) {
            // the block is dropped when the bytes change, and with it what was made of it
        }
    }
}
