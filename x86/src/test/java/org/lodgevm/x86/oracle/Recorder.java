package org.lodgevm.x86.oracle;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.lodgevm.x86.fp.FxArea;
import org.lodgevm.x86.isa.Feature;

/**
 * Records cases of all rows with the results of the host's CPU: {@code Recorder FILE
 * [CASES-PER-ROW-AND-MODE]}.
 *
 * <p>Each case is first stripped of whatever state does not matter to its result, so that the file
 * stays small: a part of the state goes back to what {@link Cases#reset} makes of it if the real
 * CPU then still does the same.
 */
public final class Recorder {
    /** The parts that may be stripped: offset and size, in bytes. */
    private record Part(int offset, int size) {}

    private static final List<Part> PARTS = parts();

    private final NativeCpu cpu;
    private final List<Vectors.Recorded> recorded = new ArrayList<>();

    private Recorder(NativeCpu cpu) {
        this.cpu = cpu;
    }

    public static void main(String[] arguments) throws IOException {
        int perChoice = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        try (NativeCpu cpu = new NativeCpu()) {
            Recorder recorder = new Recorder(cpu);
            recorder.record(perChoice);
            try (OutputStream out = Files.newOutputStream(Path.of(arguments[0]))) {
                Vectors.write(out, recorder.recorded);
            }
            System.out.println(recorder.recorded.size() + " cases recorded");
        }
    }

    private static List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < Layout.WINDOW_BYTES; i += 16) {
            parts.add(new Part(Layout.WINDOW + i, 16));
        }
        for (int i = 0; i < 16; i++) {
            parts.add(new Part(Layout.FXSAVE + FxArea.XMM + 16 * i, 16));
            parts.add(new Part(Layout.YMM_HIGH + 16 * i, 16));
            if (i < 8) {
                parts.add(new Part(Layout.FXSAVE + FxArea.REGISTERS + 16 * i, 10));
            }
            if (i != Draft.RSP) {
                parts.add(new Part(Layout.GPR + 8 * i, 8));
            }
        }
        parts.add(new Part(Layout.FXSAVE + FxArea.FCW, 2));
        parts.add(new Part(Layout.FXSAVE + FxArea.FSW, 2));
        parts.add(new Part(Layout.FXSAVE + FxArea.FTW, 1));
        parts.add(new Part(Layout.FXSAVE + FxArea.MXCSR, 4));
        parts.add(new Part(Layout.RFLAGS, 8));
        return parts;
    }

    private void record(int perChoice) {
        Set<Feature> features = Features.of(cpu);
        Generator generator = new Generator(row -> Features.cover(features, row));
        CaseSource source = generator.inTurn();
        for (long seed = 0; seed < (long) perChoice * generator.choices(); seed++) {
            Case input = new Case();
            source.fill(input, seed);
            Case expected = run(input);
            if (expected.get32(Layout.OUTCOME) != Layout.STUCK) {
                strip(input, changes(input, expected));
                recorded.add(new Vectors.Recorded(input, result(input, run(input))));
            }
        }
    }

    private Case run(Case input) {
        cpu.input(0).copyFrom(input);
        cpu.run(1);
        Case output = new Case();
        output.copyFrom(cpu.output(0));
        return output;
    }

    private void strip(Case input, Case changes) {
        Case plain = new Case();
        Cases.reset(plain, Cases.mode(input));
        for (Part part : PARTS) {
            byte[] before = input.bytes(part.offset(), part.size());
            input.put(part.offset(), plain.bytes(part.offset(), part.size()));
            if (changes.record().mismatch(changes(input, run(input)).record()) >= 0) {
                input.put(part.offset(), before);
            }
        }
    }

    /** The result with what the CPU left alone made zero, whatever it was. */
    private static Case changes(Case input, Case output) {
        Case changes = result(input, output);
        for (int i = 0; i < Layout.RECORD; i += 8) {
            boolean register = i < Layout.OUTCOME || i >= Layout.FXSAVE;
            if (register && changes.get64(i) == input.get64(i)) {
                changes.put64(i, 0);
            }
        }
        return changes;
    }

    /**
     * The result without leftovers of others: what has no meaning after such an outcome is as in
     * the case.
     */
    private static Case result(Case input, Case output) {
        Case result = new Case();
        result.copyFrom(output);
        if (output.get32(Layout.OUTCOME) == Layout.EXITED) {
            for (int field : new int[] {Layout.RIP, Layout.CS, Layout.ERROR_CODE, Layout.CR2}) {
                result.put64(field, input.get64(field));
            }
            result.put32(Layout.VECTOR, 0);
            result.put32(Layout.SIGNAL, 0);
        } else {
            result.put64(
                    Layout.CR2,
                    output.get32(Layout.VECTOR) == 14
                            ? output.get64(Layout.CR2)
                            : input.get64(Layout.CR2));
        }
        result.put64(Layout.RSP, input.get64(Layout.RSP));
        result.put(
                Layout.FXSAVE + FxArea.FTW + 1,
                input.bytes(Layout.FXSAVE + FxArea.FTW + 1, FxArea.MXCSR - FxArea.FTW - 1));
        int reserved = Layout.FXSAVE + FxArea.XMM + 256;
        result.put(reserved, input.bytes(reserved, Layout.WINDOW - reserved));
        result.put(
                Layout.FXSAVE + FxArea.MXCSR_MASK,
                input.bytes(Layout.FXSAVE + FxArea.MXCSR_MASK, 4));
        // the code and where it was, which a result does not have
        int afterResult = Layout.CR2 + 8;
        result.put(afterResult, input.bytes(afterResult, Layout.FXSAVE - afterResult));
        return result;
    }
}
