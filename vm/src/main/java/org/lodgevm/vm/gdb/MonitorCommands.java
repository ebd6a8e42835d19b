package org.lodgevm.vm.gdb;

import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.vm.Debugger;

/** What GDB's {@code monitor} hands on: questions that GDB has no words for, and the reset button. */
final class MonitorCommands {
    private static final String HELP = """
            info registers    system registers of each CPU
            info cpus         what each CPU does
            physical ADDRESS  where a linear address leads
            counters          what the accelerator counts
            reset             the reset button; the machine stays stopped
            """;

    private static final String[] SEGMENTS = {"ES", "CS", "SS", "DS", "FS", "GS"};
    private static final int EFER = 0xc000_0080;

    private final Debugger machine;

    MonitorCommands(Debugger machine) {
        this.machine = machine;
    }

    /** The answer, lines that end. */
    String run(String command, int cpu) {
        String text = command.strip().replaceAll("\\s+", " ");
        if (text.startsWith("physical ")) {
            return physical(text.substring("physical ".length()), cpu);
        }
        return switch (text) {
            case "info registers" -> IntStream.range(0, machine.cpus()).mapToObj(this::registers).collect(Collectors.joining());
            case "info cpus" -> cpus();
            case "counters" -> counters();
            case "reset" -> {
                machine.reset();
                yield "";
            }
            case "help", "" -> HELP;
            default -> "there is no command '%s':%n%s".formatted(text, HELP);
        };
    }

    private String cpus() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < machine.cpus(); i++) {
            text.append("CPU %d: %s%n".formatted(i, activity(machine.registers(i))));
        }
        return text.toString();
    }

    /** In GDB's list of threads, too. */
    static String activity(VcpuState cpu) {
        String what = cpu.waitingForStartup ? "waits for its start-up" : cpu.halted ? "halted" : "runs";
        return "%s at %x, ring %d".formatted(what, cpu.rip, cpu.segments[1].selector() & 3);
    }

    private String physical(String address, int cpu) {
        try {
            long linear = Long.parseUnsignedLong(address.replaceFirst("^0[xX]", ""), 16);
            OptionalLong physical = machine.physical(cpu, linear);
            return physical.isPresent() ? "%x is physical %x%n".formatted(linear, physical.getAsLong()) : "%x is not mapped%n".formatted(linear);
        } catch (NumberFormatException e) {
            return "'%s' is no address, in hexadecimal digits%n".formatted(address);
        }
    }

    private String counters() {
        return machine.counters().entrySet().stream().map(one -> "%-24s %,15d%n".formatted(one.getKey(), one.getValue())).collect(Collectors.joining());
    }

    private String registers(int cpu) {
        VcpuState s = machine.registers(cpu);
        StringBuilder text = new StringBuilder("CPU %d%n".formatted(cpu));
        for (int i = 0; i < SEGMENTS.length; i++) {
            text.append(segment(SEGMENTS[i], s.segments[i]));
        }
        text.append(segment("LDT", s.ldtr)).append(segment("TR", s.tr));
        text.append("GDT %016x %08x%nIDT %016x %08x%n".formatted(s.gdtr.base(), s.gdtr.limit(), s.idtr.base(), s.idtr.limit()));
        text.append("CR0 %08x CR2 %016x CR3 %016x CR4 %08x CR8 %x%n".formatted(s.cr0, s.cr2, s.cr3, s.cr4, s.cr8));
        text.append("DR0 %016x DR1 %016x DR2 %016x DR3 %016x%nDR6 %08x DR7 %08x%n".formatted(s.dr[0], s.dr[1], s.dr[2], s.dr[3], s.dr[4], s.dr[5]));
        return text.append("EFER %x XCR0 %x%n".formatted(s.msrs.getOrDefault(EFER, 0L), s.xcr0)).toString();
    }

    private static String segment(String name, VcpuState.Segment segment) {
        return "%-3s %04x base %016x limit %08x attributes %04x%n".formatted(
                name, segment.selector(), segment.base(), segment.limit(), segment.attributes());
    }
}
