package org.lodgevm.x86.interpret;

import static org.lodgevm.x86.state.Gpr.RAX;
import static org.lodgevm.x86.state.Gpr.RDX;

import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Operand;

/** IN, OUT and the right to use them. */
final class Ports {
    /** Offset of the I/O map's base in a 32- or 64-bit TSS. @sdm 19.5.2 */
    private static final int MAP_BASE = 102;

    private Ports() {}

    /** CPL against IOPL, then the bits of the TSS's I/O permission map. */
    static void check(Cpu c, int port, int size) {
        if (!c.protectedMode() || !c.v86 && c.cpl <= c.iopl()) {
            return;
        }
        int type = c.tr.type();
        if (!c.tr.present() || type != Segment.SYSTEM_TSS_BUSY && type != Segment.SYSTEM_TSS || c.tr.limit < MAP_BASE + 1) {
            throw c.protection();
        }
        c.implicitSupervisor();
        try {
            long at = Linear.read16(c, c.tr.base + MAP_BASE, Segment.DS) + port / 8;
            // two bytes are read, since the bits may lie across a boundary
            if (at + 1 > c.tr.limit
                    || (Linear.read16(c, c.tr.base + at, Segment.DS) >> (port & 7) & (1 << size) - 1) != 0) {
                throw c.protection();
            }
        } finally {
            c.updateRegime();
        }
    }

    static int read(Cpu c, int port, int size) {
        c.breakpoints.port(port, size);
        int value = c.bus.readPort(port, size);
        if (c.tracer.io) {
            c.tracer.port(port, size, value, false);
        }
        return value;
    }

    static void write(Cpu c, int port, int size, int value) {
        c.breakpoints.port(port, size);
        if (c.tracer.io) {
            c.tracer.port(port, size, value, true);
        }
        c.bus.writePort(port, size, value);
    }

    private static int port(Cpu c, Op o, int position) {
        Operand operand = o.instruction.row().operand(position);
        return operand.method() == AddressingMethod.I ? (int) o.imm & 0xff : (int) c.r[RDX] & 0xffff;
    }

    static void in(Cpu c, Op o) {
        int size = o.instruction.width(0);
        int port = port(c, o, 1);
        check(c, port, size);
        int value = read(c, port, size);
        if (size == 1) {
            c.byteRegister(RAX, value);
        } else {
            c.register(RAX, size, value & 0xffff_ffffL);
        }
    }

    static void out(Cpu c, Op o) {
        int size = o.instruction.width(1);
        int port = port(c, o, 0);
        check(c, port, size);
        int value = (int) c.r[RAX];
        write(c, port, size, size == 4 ? value : value & (1 << 8 * size) - 1);
    }
}
