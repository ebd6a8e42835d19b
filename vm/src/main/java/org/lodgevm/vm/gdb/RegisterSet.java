package org.lodgevm.vm.gdb;

import static org.lodgevm.vm.gdb.XsaveImage.ST;
import static org.lodgevm.vm.gdb.XsaveImage.XMM;
import static org.lodgevm.vm.gdb.XsaveImage.YMM_HIGH;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.lodgevm.machine.VcpuState;

/**
 * The registers by GDB's numbers, and the description of them. GDB knows the features of its own by name and number of registers; the last is
 * ours. @gdb G.5.14
 */
final class RegisterSet {
    private static final String[] GENERAL = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp"};
    /** Where the architecture has them. */
    private static final int[] GENERAL_NUMBERS = {0, 3, 1, 2, 6, 7, 5, 4};

    private static final String[] SEGMENTS = {"cs", "ss", "ds", "es", "fs", "gs"};
    private static final int[] SEGMENT_NUMBERS = {1, 2, 3, 0, 4, 5};
    private static final int FS = 4;
    private static final int GS = 5;
    private static final int EFER = 0xc000_0080;
    private static final int KERNEL_GS_BASE = 0xc000_0102;

    private static final String VECTOR_TYPES = """
            <vector id="v4f" type="ieee_single" count="4"/><vector id="v2d" type="ieee_double" count="2"/>\
            <vector id="v16i8" type="int8" count="16"/><vector id="v8i16" type="int16" count="8"/>\
            <vector id="v4i32" type="int32" count="4"/><vector id="v2i64" type="int64" count="2"/>\
            <union id="vec128"><field name="v4_float" type="v4f"/><field name="v2_double" type="v2d"/>\
            <field name="v16_int8" type="v16i8"/><field name="v8_int16" type="v8i16"/><field name="v4_int32" type="v4i32"/>\
            <field name="v2_int64" type="v2i64"/><field name="uint128" type="uint128"/></union>""";

    private static final String FLAGS_TYPE = """
            <flags id="i386_eflags" size="4"><field name="CF" start="0" end="0"/><field name="" start="1" end="1"/>\
            <field name="PF" start="2" end="2"/><field name="AF" start="4" end="4"/><field name="ZF" start="6" end="6"/>\
            <field name="SF" start="7" end="7"/><field name="TF" start="8" end="8"/><field name="IF" start="9" end="9"/>\
            <field name="DF" start="10" end="10"/><field name="OF" start="11" end="11"/><field name="NT" start="14" end="14"/>\
            <field name="RF" start="16" end="16"/><field name="VM" start="17" end="17"/><field name="AC" start="18" end="18"/>\
            <field name="VIF" start="19" end="19"/><field name="VIP" start="20" end="20"/><field name="ID" start="21" end="21"/></flags>""";

    private final List<Register> registers = new ArrayList<>();
    private final StringBuilder description = new StringBuilder(
            "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target><architecture>i386:x86-64</architecture>");

    RegisterSet() {
        feature("org.gnu.gdb.i386.core", FLAGS_TYPE, this::addCore);
        feature("org.gnu.gdb.i386.sse", VECTOR_TYPES, this::addSse);
        feature("org.gnu.gdb.i386.segments", "", this::addSegmentBases);
        feature("org.gnu.gdb.i386.avx", "", this::addAvx);
        feature("org.lodgevm.x86.system", "", this::addSystem);
        description.append("</target>");
    }

    private void feature(String name, String types, Runnable add) {
        int first = registers.size();
        description.append("<feature name=\"").append(name).append("\">").append(types);
        add.run();
        for (int i = first; i < registers.size(); i++) {
            Register register = registers.get(i);
            description.append("<reg name=\"%s\" bitsize=\"%d\" type=\"%s\" regnum=\"%d\"/>".formatted(
                    register.name(), register.bits(), register.type(), i));
        }
        description.append("</feature>");
    }

    private void addCore() {
        for (int i = 0; i < GENERAL.length; i++) {
            addGeneral(GENERAL[i], GENERAL_NUMBERS[i]);
        }
        for (int i = GENERAL.length; i < 2 * GENERAL.length; i++) {
            addGeneral("r" + i, i);
        }
        addLong("rip", "code_ptr", s -> s.rip, (s, value) -> s.rip = value);
        addInt("eflags", "i386_eflags", s -> (int) s.rflags, (s, value) -> s.rflags = Integer.toUnsignedLong(value));
        for (int i = 0; i < SEGMENTS.length; i++) {
            int number = SEGMENT_NUMBERS[i];
            addInt(SEGMENTS[i], "int32", s -> s.segments[number].selector(), null);
        }
        for (int i = 0; i < 8; i++) {
            int at = ST + 16 * i;
            registers.add(new Register("st" + i, 80, "i387_ext", s -> XsaveImage.of(s).bytes(at, 10),
                    (s, bytes) -> XsaveImage.of(s).bytes(at, bytes)));
        }
        for (XsaveImage.Control control : XsaveImage.Control.values()) {
            addInt(control.toString(), "int", s -> control.read(XsaveImage.of(s)), (s, value) -> control.write(XsaveImage.of(s), value));
        }
    }

    private void addGeneral(String name, int number) {
        addLong(name, number == 4 || number == 5 ? "data_ptr" : "int64", s -> s.gpr[number], (s, value) -> s.gpr[number] = value);
    }

    private void addSse() {
        addVectors("xmm%d", "vec128", XMM);
        addInt("mxcsr", "int", s -> XsaveImage.of(s).mxcsr(), (s, value) -> XsaveImage.of(s).mxcsr(value));
    }

    private void addAvx() {
        addVectors("ymm%dh", "uint128", YMM_HIGH);
    }

    private void addVectors(String name, String type, int first) {
        for (int i = 0; i < 16; i++) {
            int at = first + 16 * i;
            registers.add(new Register(name.formatted(i), 128, type, s -> XsaveImage.of(s).bytes(at, 16),
                    (s, bytes) -> XsaveImage.of(s).bytes(at, bytes)));
        }
    }

    private void addSegmentBases() {
        addBase("fs_base", FS);
        addBase("gs_base", GS);
    }

    private void addBase(String name, int number) {
        addLong(name, "int64", s -> s.segments[number].base(), (s, value) -> {
            VcpuState.Segment old = s.segments[number];
            s.segments[number] = new VcpuState.Segment(old.selector(), value, old.limit(), old.attributes());
        });
    }

    private void addSystem() {
        addLong("k_gs_base", "int64", s -> s.msrs.getOrDefault(KERNEL_GS_BASE, 0L), (s, value) -> s.msrs.put(KERNEL_GS_BASE, value));
        addLong("cr0", "int64", s -> s.cr0, (s, value) -> s.cr0 = value);
        addLong("cr2", "int64", s -> s.cr2, (s, value) -> s.cr2 = value);
        addLong("cr3", "int64", s -> s.cr3, (s, value) -> s.cr3 = value);
        addLong("cr4", "int64", s -> s.cr4, (s, value) -> s.cr4 = value);
        addLong("cr8", "int64", s -> s.cr8, null);
        addLong("efer", "int64", s -> s.msrs.getOrDefault(EFER, 0L), null);
    }

    private interface LongWriter {
        void write(VcpuState state, long value);
    }

    private interface IntReader {
        int read(VcpuState state);
    }

    private interface IntWriter {
        void write(VcpuState state, int value);
    }

    private void addLong(String name, String type, ToLongFunction<VcpuState> read, LongWriter write) {
        BiConsumer<VcpuState, byte[]> writer = write == null ? null : (s, bytes) -> write.write(s, little(bytes).getLong());
        registers.add(new Register(name, Long.SIZE, type, s -> little(new byte[Long.BYTES]).putLong(read.applyAsLong(s)).array(), writer));
    }

    private void addInt(String name, String type, IntReader read, IntWriter write) {
        BiConsumer<VcpuState, byte[]> writer = write == null ? null : (s, bytes) -> write.write(s, little(bytes).getInt());
        registers.add(new Register(name, Integer.SIZE, type, s -> little(new byte[Integer.BYTES]).putInt(read.read(s)).array(), writer));
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** By number. */
    List<Register> all() {
        return registers;
    }

    /** What GDB calls {@code target.xml}. */
    String description() {
        return description.toString();
    }
}
