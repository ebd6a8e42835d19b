package org.lodgevm.bench.guest;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.Outcome;
import org.lodgevm.vm.RebootAction;

/**
 * A program that runs a guest in a JVM of its own: its console is standard input and output, each line preceded by
 * what the machine had counted when it ended, as {@code NAME=COUNT NAME=COUNT}, and a tabulator.
 */
public final class CountedGuest {
    /** The accelerator that counts the instructions that the guest executes; translations do not count. */
    public static final String COUNTS_ALL = "interpreter";

    private CountedGuest() {}

    /** The arguments for a job. */
    public static String[] arguments(Job job, String accelerator) {
        return new String[] {
            job.kernel().toString(), job.initrd().toString(), job.arguments(), String.valueOf(job.cpus()),
            String.valueOf(job.memory()), accelerator
        };
    }

    /** @param args as {@link #arguments} has them */
    public static void main(String[] args) throws InterruptedException {
        Machine[] running = new Machine[1];
        OutputStream console = new CountedLines(() -> counters(running[0]), System.out);
        try (Machine machine = Machine.builder()
                .kernel(Path.of(args[0]))
                .initrd(Path.of(args[1]))
                .append(args[2])
                .cpus(Integer.parseInt(args[3]))
                .memory(Long.parseLong(args[4]))
                .accelerator(args[5])
                .rebootAction(RebootAction.EXIT)
                .console(System.in, console)
                .log(System.err::println)
                .build()) {
            running[0] = machine;
            machine.start();
            Outcome outcome = machine.await();
            if (!(outcome instanceof Outcome.PoweredOff)) {
                System.err.println(outcome);
                System.exit(1);
            }
        }
        System.exit(0); // a thread may still wait for input
    }

    /** Whatever only grows and tells how the machine did its work; the report knows instructions, the file for programs has all. */
    private static Map<String, Long> counters(Machine machine) {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("instructions", machine.instructions());
        ProcessHandle.current().info().totalCpuDuration().ifPresent(time -> counters.put("cpuNanoseconds", time.toNanos()));
        return counters;
    }

    /** Passes lines on, each after the counters. */
    static final class CountedLines extends OutputStream {
        private final Supplier<Map<String, Long>> counters;
        private final PrintStream to;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        CountedLines(Supplier<Map<String, Long>> counters, PrintStream to) {
            this.counters = counters;
            this.to = to;
        }

        @Override
        public void write(int value) {
            if (value == '\n') {
                String counted = counters.get().entrySet().stream().map(Object::toString).collect(Collectors.joining(" "));
                to.println(counted + "\t" + line.toString(StandardCharsets.UTF_8).strip());
                to.flush();
                line.reset();
            } else {
                line.write(value);
            }
        }
    }
}
