package org.lodgevm.vm.acpi;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference compiler's opinion of the tables: it disassembles them, and compiles the result without a complaint. */
class IaslTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void needsIasl() {
        assumeTrue(onPath("iasl"), "iasl is not installed (Debian: acpica-tools)");
    }

    private static boolean onPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(":")).anyMatch(d -> Files.isExecutable(Path.of(d, program)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 255})
    void theDsdtIsByteForByteWhatTheCompilerMakesOfItsDisassembly(int cpus) throws Exception {
        byte[] dsdt = table(cpus, "DSDT");
        Files.write(folder.resolve("dsdt.aml"), dsdt);
        iasl("-d", "dsdt.aml");
        String compiled = iasl("-oa", "-p", "again", "dsdt.dsl");
        assertThat(compiled).contains("0 Errors, 0 Warnings, 0 Remarks");
        byte[] again = Files.readAllBytes(folder.resolve("again.aml"));
        assertThat(body(again)).as("what the compiler makes of it").isEqualTo(body(dsdt));
    }

    @ParameterizedTest
    @ValueSource(strings = {"FACP", "FACS", "APIC", "HPET", "MCFG", "RSDT", "XSDT"})
    void theDataTablesDisassemble(String signature) throws Exception {
        Files.write(folder.resolve("t.dat"), table(4, signature));
        iasl("-d", "t.dat");
        String source = Files.readString(folder.resolve("t.dsl"));
        assertThat(source).contains("Signature : \"" + signature + "\"").doesNotContain("Invalid", "Incorrect checksum", "Unknown");
        String compiled = iasl("-p", "again", "t.dsl");
        assertThat(compiled).contains("0 Errors, 0 Warnings");
    }

    private static byte[] table(int cpus, String signature) {
        byte[] tables = new AcpiTables(cpus, 0x8086_a201, cpus % 25).at(0xe_0000, 0xe_0040).tables();
        ByteBuffer b = ByteBuffer.wrap(tables).order(ByteOrder.LITTLE_ENDIAN);
        int wanted = ByteBuffer.wrap(signature.getBytes(US_ASCII)).order(ByteOrder.LITTLE_ENDIAN).getInt();
        int at = 0;
        while (b.getInt(at) != wanted) {
            at += 16;
        }
        return Arrays.copyOfRange(tables, at, at + b.getInt(at + 4));
    }

    private static byte[] body(byte[] table) {
        return Arrays.copyOfRange(table, SystemTable.HEADER_SIZE, table.length);
    }

    private String iasl(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "iasl";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
