package org.lodgevm.x86.isa;

import java.util.ArrayList;
import java.util.List;

/** The table itself: every instruction form that Lodge's processor knows. */
public final class InstructionTable {
    private static final List<Row> ROWS = load();

    private InstructionTable() {}

    /** All rows, each at the index that is its {@link Row#id}. */
    public static List<Row> rows() {
        return ROWS;
    }

    private static List<Row> load() {
        List<Row> rows = new ArrayList<>(1800);
        new TableParser("GeneralRows", GeneralRows.TEXT, rows).parse();
        new TableParser("SystemRows", SystemRows.TEXT, rows).parse();
        new TableParser("X87Rows", X87Rows.TEXT, rows).parse();
        new TableParser("MmxRows", MmxRows.TEXT, rows).parse();
        new TableParser("SseRows", SseRows.TEXT, rows).parse();
        new TableParser("VexRows", VexRows.TEXT, rows).parse();
        new TableParser("AvxRows", AvxRows.TEXT, rows).parse();
        new TableParser("AvxIntegerRows", AvxIntegerRows.TEXT, rows).parse();
        new TableParser("FmaRows", FmaRows.TEXT, rows).parse();
        return List.of(rows.toArray(new Row[0]));
    }
}
