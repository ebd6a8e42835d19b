package org.lodgevm.x86.decode;

import java.util.List;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.Encoding;
import org.lodgevm.x86.isa.MandatoryPrefix;
import org.lodgevm.x86.isa.Row;

/**
 * The table's rows arranged for look-up: a page for each combination of encoding space, mode, W, opcode map and prefix column, an
 * entry for each opcode, and below that, where rows differ by it, one for each meaning of the ModRM byte.
 */
final class OpcodeMaps {
    /** Encoding spaces: legacy, VEX with L = 0, VEX with L = 1. */
    static final int LEGACY = 0;

    static final int VEX = 1;

    private static final int SPACES = 3;
    private static final int OPCODES = 256;
    private static final int MAPS = 4;

    /** Entries by ModRM byte: eight for memory, by reg, then 64 for registers, by reg and rm. */
    private static final int MODRM_ENTRIES = 8 + 64;

    private static final int MEMORY_ENTRIES = 8;

    private static final int REGISTER_FORMS = 0xC0;

    /** What an opcode may stand for within one page. */
    static final class Page {
        /** The row of an opcode that has only one, else null. */
        final Row[] rows = new Row[OPCODES];

        /** The rows of an opcode by {@link #modrmEntry}, else null. */
        final Row[][] groups = new Row[OPCODES][];

        private void add(int opcode, Row row) {
            Encoding encoding = row.encoding();
            Row[] group = groups[opcode];
            if (rows[opcode] != null) {
                return;
            }
            if (group == null) {
                if (encoding.anyModrm()) {
                    rows[opcode] = row;
                    return;
                }
                group = groups[opcode] = new Row[MODRM_ENTRIES];
            }
            int firstReg = Math.max(encoding.reg(), 0);
            int lastReg = encoding.reg() < 0 ? 7 : encoding.reg();
            for (int reg = firstReg; reg <= lastReg; reg++) {
                fill(group, reg, row);
            }
        }

        /** Enters the row, for one value of ModRM.reg, wherever nothing narrower is. */
        private static void fill(Row[] group, int reg, Row row) {
            Encoding encoding = row.encoding();
            if (encoding.forms() != Encoding.Forms.REGISTER) {
                fillEntry(group, reg, row);
            }
            if (encoding.forms() != Encoding.Forms.MEMORY) {
                int firstRm = Math.max(encoding.rm(), 0);
                int lastRm = encoding.rm() < 0 ? 7 : encoding.rm();
                for (int rm = firstRm; rm <= lastRm; rm++) {
                    fillEntry(group, MEMORY_ENTRIES + (reg << 3) + rm, row);
                }
            }
        }

        private static void fillEntry(Row[] group, int entry, Row row) {
            if (group[entry] == null) {
                group[entry] = row;
            }
        }
    }

    private final Page[] pages = new Page[SPACES * 2 * 2 * MAPS * MandatoryPrefix.COLUMNS];

    OpcodeMaps(List<Row> rows) {
        int narrowest = 0;
        for (Row row : rows) {
            narrowest = Math.max(narrowest, row.encoding().specificity());
        }
        for (int specificity = narrowest; specificity >= 0; specificity--) {
            for (Row row : rows) {
                if (row.encoding().specificity() == specificity) {
                    add(row);
                }
            }
        }
    }

    /** The page for opcodes met under the given circumstances, or null when none is defined there. */
    Page page(int space, boolean mode64, int w, int map, int column) {
        return pages[number(space, mode64 ? 1 : 0, w, map, column)];
    }

    /** Where a group keeps the row for a ModRM byte. */
    static int modrmEntry(int modrm) {
        return modrm >= REGISTER_FORMS ? MEMORY_ENTRIES + (modrm & 0x3F) : modrm >> 3 & 7;
    }

    private static int number(int space, int mode64, int w, int map, int column) {
        return (((space * 2 + mode64) * 2 + w) * MAPS + map) * MandatoryPrefix.COLUMNS + column;
    }

    private void add(Row row) {
        Encoding encoding = row.encoding();
        if (!encoding.vex()) {
            addTo(LEGACY, row);
            return;
        }
        for (int l = 0; l < 2; l++) {
            if (encoding.l() < 0 || encoding.l() == l) {
                addTo(VEX + l, row);
            }
        }
    }

    private void addTo(int space, Row row) {
        Encoding encoding = row.encoding();
        int firstMode = row.has(Attribute.O64) ? 1 : 0;
        int lastMode = row.has(Attribute.I64) ? 0 : 1;
        int firstW = encoding.w() == 1 ? 1 : 0;
        int lastW = encoding.w() == 0 ? 0 : 1;
        for (int mode = firstMode; mode <= lastMode; mode++) {
            for (int w = firstW; w <= lastW; w++) {
                for (int column = 0; column < MandatoryPrefix.COLUMNS; column++) {
                    if (encoding.prefix().covers(column)) {
                        place(row, number(space, mode, w, encoding.map(), column));
                    }
                }
            }
        }
    }

    private void place(Row row, int number) {
        Page page = pages[number];
        if (page == null) {
            page = pages[number] = new Page();
        }
        int opcode = row.encoding().opcode();
        int last = row.encoding().registerInOpcode() ? opcode + 7 : opcode;
        for (; opcode <= last; opcode++) {
            page.add(opcode, row);
        }
    }
}
