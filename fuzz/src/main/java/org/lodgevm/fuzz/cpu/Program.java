package org.lodgevm.fuzz.cpu;

import java.io.ByteArrayOutputStream;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.isa.CodeSize;

/** Code of one kind or several, in a loop: noise, instructions of the table, system code, and pieces of real code. */
final class Program {
    private static final int LONGEST = 3000;

    private final TableCode table = new TableCode();
    private final Corpus corpus;

    Program(Corpus corpus) {
        this.corpus = corpus;
    }

    /** Fills the code pages, each with a program of its own. */
    void write(Image image, Setting setting, Dice dice) {
        for (int at = Image.CODE; at < Image.CODE_END; at += 0x1000) {
            image.put(at, code(setting.code, dice));
        }
    }

    private byte[] code(CodeSize size, Dice dice) {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        int length = dice.oneIn(4) ? dice.below(LONGEST) : 8 + dice.below(200);
        int kind = dice.below(8);
        while (code.size() < length) {
            // half of the programs are of one kind only
            code.writeBytes(switch (kind < 4 ? kind : dice.below(5)) {
                case 0 -> dice.bytes(1 + dice.below(16));
                case 1 -> corpus.piece(16 + dice.below(100), dice);
                case 2 -> SystemCode.snippet(size, dice);
                default -> table.instruction(size, dice);
            });
        }
        code.writeBytes(jump(size, -code.size()));
        return code.toByteArray();
    }

    /** A jump to what lies so far from its own beginning. */
    private static byte[] jump(CodeSize size, int distance) {
        Assembler a = Handlers.assembler(size);
        a.db(0xe9);
        return size == CodeSize.BITS_16 ? a.dw(distance - 3).toBytes() : a.dd(distance - 5).toBytes();
    }
}
