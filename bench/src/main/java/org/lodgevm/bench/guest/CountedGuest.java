package org.lodgevm.bench.guest;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.Outcome;
import org.lodgevm.vm.RebootAction;

/**
 * A program that runs a guest in a JVM of its own: its console is standard input and output, each line preceded by
 * how many instructions the guest had executed when it ended, and a tabulator.
 */
public final class CountedGuest {
    private CountedGuest() {}

    /** The arguments for a job. */
    public static String[] arguments(Job job, String accelerator) {
        return new String[] {
            job.kernel().toString(), job.initrd().toString(), job.arguments(), String.valueOf(job.cpus()), accelerator
        };
    }

    /** @param args as {@link #arguments} has them */
    public static void main(String[] args) throws InterruptedException {
        Machine[] running = new Machine[1];
        OutputStream console = new CountedLines(() -> running[0].instructions(), System.out);
        try (Machine machine = Machine.builder()
                .kernel(Path.of(args[0]))
                .initrd(Path.of(args[1]))
                .append(args[2])
                .cpus(Integer.parseInt(args[3]))
                .accelerator(args[4])
                .memory(Job.MEMORY)
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

    /** Passes lines on, each after a number. */
    static final class CountedLines extends OutputStream {
        private final LongSupplier count;
        private final PrintStream to;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        CountedLines(LongSupplier count, PrintStream to) {
            this.count = count;
            this.to = to;
        }

        @Override
        public void write(int value) {
            if (value == '\n') {
                to.println(count.getAsLong() + "\t" + line.toString(StandardCharsets.UTF_8).strip());
                to.flush();
                line.reset();
            } else {
                line.write(value);
            }
        }
    }
}
