package org.lodgevm.fuzz.cpu;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.fuzz.Accelerators;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.fuzz.Fuzzer;
import org.lodgevm.machine.VcpuState;

/** Runs hostile code on the interpreter. */
public final class CpuFuzzer implements Fuzzer {
    private static final int[] CPUS = {1, 1, 2, 4};
    /** Cases after which a board is replaced, so that making and closing them leaks nothing either. */
    private static final int CASES_OF_A_BOARD = 2000;
    private static final long SHORT_NANOS = 1_500_000;
    private static final long LONG_NANOS = 20_000_000;

    private final Program program;
    private final Board[] boards = new Board[CPUS.length];
    private final int[] cases = new int[CPUS.length];

    private final Map<Setting, Long> instructions = new EnumMap<>(Setting.class);

    public CpuFuzzer(Corpus corpus) {
        program = new Program(corpus);
    }

    @Override
    public void run(long seed) throws InterruptedException {
        Dice dice = new Dice(seed);
        Setting setting = Setting.values()[dice.below(Setting.values().length)];
        Image image = new Image();
        if (dice.oneIn(4)) {
            image.put(0, dice.bytes(Image.END));
        }
        Tables.write(image, setting, dice);
        Paging.write(image, dice);
        Handlers.write(image, setting, dice);
        program.write(image, setting, dice);
        int number = dice.below(CPUS.length);
        Board board = board(number);
        List<VcpuState> states = new ArrayList<>();
        for (int cpu = 0; cpu < board.cpuCount(); cpu++) {
            states.add(StartState.of(image, setting, cpu, dice));
        }
        long before = board.instructions();
        try {
            board.run(image, states, dice.bits(), dice.oneIn(32) ? LONG_NANOS : 1 + dice.below(SHORT_NANOS));
            instructions.merge(setting, board.instructions() - before, Long::sum);
        } catch (AssertionError e) {
            boards[number] = null; // it may still be running
            throw new AssertionError("%s on %d CPUs: %s".formatted(setting, board.cpuCount(), e.getMessage()), e);
        }
    }

    @Override
    public String summary() {
        return "guest instructions: " + instructions;
    }

    private Board board(int number) {
        if (boards[number] != null && ++cases[number] % CASES_OF_A_BOARD == 0) {
            boards[number].close();
            boards[number] = null;
        }
        if (boards[number] == null) {
            boards[number] = new Board(CPUS[number], Accelerators.next());
        }
        return boards[number];
    }

    @Override
    public void close() {
        for (Board board : boards) {
            if (board != null) {
                board.close();
            }
        }
    }
}
