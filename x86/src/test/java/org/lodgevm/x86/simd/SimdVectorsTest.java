package org.lodgevm.x86.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The oracle is a real processor, whose results were recorded; so these tests run on hosts of any architecture. */
class SimdVectorsTest {

    private final SimdVectors vectors = SimdVectors.load();

    SimdVectorsTest() throws IOException {}

    @Test
    void everyInstructionHasVectors() {
        Set<Method> recorded = new HashSet<>();
        vectors.instructions().forEach(i -> recorded.add(new SimdMethod(i.name()).method()));
        Set<Method> declared = new HashSet<>();
        Stream.of(Simd.XMM, Simd.MMX, Simd.GENERAL)
                .flatMap(classes -> classes.stream())
                .flatMap(c -> Arrays.stream(c.getDeclaredMethods()))
                .filter(m -> Modifier.isPublic(m.getModifiers()))
                .forEach(declared::add);
        assertThat(declared).hasSizeGreaterThan(250);
        assertThat(recorded).isEqualTo(declared);
        assertThat(vectors.instructions()).hasSameSizeAs(declared);
    }

    @TestFactory
    Stream<DynamicTest> resultsAreTheProcessors() {
        return vectors.instructions().stream().map(i -> DynamicTest.dynamicTest(i.name(), () -> check(i)));
    }

    private void check(SimdVectors.Instruction instruction) throws ReflectiveOperationException {
        SimdMethod method = new SimdMethod(instruction.name());
        SimdOperands operands = new SimdOperands(instruction.name());
        for (int block = 0; block < instruction.hashes().length; block++) {
            long hash = 0;
            long first = (long) block * vectors.block();
            for (long index = first; index < first + vectors.block(); index++) {
                operands.draw(index);
                long[] result = method.run(operands);
                if (index < instruction.samples().length) {
                    assertThat(result).as("case %d", index).containsExactly(instruction.samples()[(int) index]);
                }
                checkAliases(method, operands, index, result);
                for (long word : result) {
                    hash = SimdOperands.hash(hash, word);
                }
            }
            assertThat(hash).as("hash from case %d on", first).isEqualTo(instruction.hashes()[block]);
        }
    }

    /** Where operands are equal, it makes no difference that they are the same register. */
    private static void checkAliases(SimdMethod method, SimdOperands operands, long index, long[] apart)
            throws ReflectiveOperationException {
        if (SimdOperands.destinationIsSource(index) && method.has('d') && method.has('s')) {
            assertSame(method.runDestinationAsSource(operands), apart);
        } else if (SimdOperands.sourceIsThird(index) && method.has('s') && method.has('x')) {
            assertSame(method.runSourceAsThird(operands), apart);
        } else if (SimdOperands.destinationIsThird(index) && method.has('d') && method.has('x')) {
            int written = method.writesThird() ? 2 : 0;
            long low = apart[written];
            long high = apart[written + 1];
            assertSame(method.runDestinationAsThird(operands), new long[] {low, high, low, high, apart[4]});
        }
    }

    private static void assertSame(long[] together, long[] expected) {
        if (!Arrays.equals(together, expected)) {
            assertThat(together).as("with two operands in one register").containsExactly(expected);
        }
    }
}
