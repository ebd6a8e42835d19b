package org.lodgevm.fuzz.cpu;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.x86.isa.Address;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.isa.InstructionTable;
import org.lodgevm.x86.isa.Row;
import org.lodgevm.x86.isa.RowEncoder;

/** Instructions of all rows of the table, with operands that lead somewhere. */
final class TableCode {
    private record Choice(Row row, int opSize) {}

    private static final int RSP = 4;
    private static final int BX = 3;
    private static final int BP = 5;
    private static final int SI = 6;
    private static final int DI = 7;
    private static final int SEGMENTS = 6;
    private static final int REPNE = 0xf2;
    private static final int REPE = 0xf3;

    private final Map<CodeSize, List<Choice>> choices = new EnumMap<>(CodeSize.class);

    TableCode() {
        for (CodeSize size : CodeSize.values()) {
            List<Choice> all = new ArrayList<>();
            for (Row row : InstructionTable.rows()) {
                for (int opSize : RowEncoder.operandSizes(row, size)) {
                    all.add(new Choice(row, opSize));
                }
            }
            choices.put(size, all);
        }
    }

    byte[] instruction(CodeSize size, Dice dice) {
        Choice choice = dice.of(choices.get(size));
        Row row = choice.row();
        RowEncoder encoder = new RowEncoder(row, size).opSize(choice.opSize()).vexL(dice.below(2));
        int registers = size.is64() ? 16 : 8;
        encoder.reg(dice.below(row.regMethod() == AddressingMethod.S ? 8 : registers));
        if (row.usesVvvv() || dice.oneIn(64)) {
            encoder.vvvv(dice.below(registers));
        }
        boolean offset = row.immediate() != null && row.immediate().method() == AddressingMethod.O;
        boolean modrm = row.encoding().hasModrm();
        if (offset) {
            encoder.memory(Address.absolute(Image.place(dice)));
        } else if (modrm && row.encoding().forms().allowsMemory() && !(row.encoding().forms().allowsRegister() && dice.oneIn(2))) {
            memory(encoder, row, size, dice);
        } else {
            encoder.rm(dice.below(modrm && (row.usesMmx() || row.usesX87()) ? 8 : registers));
        }
        prefixes(encoder, row, dice);
        immediates(encoder, row, dice);
        return encoder.encode();
    }

    private static void prefixes(RowEncoder encoder, Row row, Dice dice) {
        if (row.has(Attribute.LOCK) && dice.oneIn(3) || dice.oneIn(64)) {
            encoder.lock();
        }
        if ((row.has(Attribute.REP) || row.has(Attribute.REPZ)) && dice.oneIn(2) || dice.oneIn(64)) {
            encoder.repeat(dice.of(REPNE, REPE));
        }
        if (dice.oneIn(8)) {
            encoder.segment(dice.below(SEGMENTS));
        }
    }

    /** Branches stay near; far ones lead into the code by any selector. */
    private static void immediates(RowEncoder encoder, Row row, Dice dice) {
        if (row.immediate() != null && row.immediate().method() == AddressingMethod.A) {
            encoder.immediate(dice.between(Image.HANDLERS, Image.CODE_END)).secondImmediate(Tables.selector(dice));
        } else {
            encoder.immediate(row.has(Attribute.JUMP) ? dice.between(-100, 100) : dice.number()).secondImmediate(dice.below(256));
        }
    }

    private static void memory(RowEncoder encoder, Row row, CodeSize size, Dice dice) {
        int width = dice.oneIn(12) ? size.otherAddressSize() : size.addressSize();
        encoder.addrSize(width);
        int near = dice.oneIn(4) ? (short) dice.bits() : dice.between(-128, 127);
        if (row.hasVectorIndex() && width > 2) {
            encoder.memory(new Address(dice.below(8), dice.below(size.is64() ? 16 : 8), dice.below(4), near));
        } else if (dice.oneIn(2)) {
            encoder.memory(Address.absolute(width == 2 ? (short) Image.place(dice) : (int) Image.place(dice)));
        } else if (width == 2) {
            boolean both = dice.oneIn(2);
            encoder.memory(new Address(both ? dice.of(BX, BP) : dice.of(BX, BP, SI, DI), both ? dice.of(SI, DI) : Address.NONE, 0, near));
        } else if (size.is64() && dice.oneIn(6)) {
            encoder.memory(Address.of(Address.RIP, near));
        } else {
            int registers = size.is64() ? 16 : 8;
            int index = dice.oneIn(3) ? dice.below(registers) : Address.NONE;
            encoder.memory(new Address(dice.below(registers), index == RSP ? Address.NONE : index, dice.below(4), near));
        }
    }
}
