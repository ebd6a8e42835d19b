package org.lodgevm.x86.isa;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The table itself: every instruction form that Lodge's processor knows. */
public final class InstructionTable {
  private static final String[] FILES = {
    "general.rows", "system.rows", "x87.rows", "mmx.rows", "sse.rows", "vex.rows"
  };

  private static final List<Row> ROWS = load();

  private InstructionTable() {}

  /** All rows, each at the index that is its {@link Row#id}. */
  public static List<Row> rows() {
    return ROWS;
  }

  private static List<Row> load() {
    List<Row> rows = new ArrayList<>(1200);
    for (String file : FILES) {
      new TableParser(file, read(file), rows).parse();
    }
    return List.of(rows.toArray(new Row[0]));
  }

  private static byte[] read(String file) {
    try (InputStream in = InstructionTable.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("instruction table " + file + " is missing from the x86 module");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
