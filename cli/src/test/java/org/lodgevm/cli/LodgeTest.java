package org.lodgevm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.log.StandardErrorLogging;
import org.lodgevm.cli.terminal.StandardStreams;
import org.slf4j.event.Level;

class LodgeTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Lodge lodge = new Lodge(new StandardStreams(
            InputStream.nullInputStream(), out, new PrintStream(err, true, UTF_8), StandardStreams.Terminals.NONE), Optional.empty());

    @TempDir
    private Path folder;

    @AfterEach
    void logAsBefore() {
        StandardErrorLogging.threshold(Level.WARN);
    }

    @Test
    void tellsItsVersion() {
        assertThat(lodge.execute("--version")).isEqualTo(ExitStatus.OK);
        assertThat(out.toString(UTF_8)).matches("lodge \\d+\\.\\d+\\.\\d+\\S*\\Ron Java 2\\d.*\\R");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void helpOfRunListsEveryExitStatus() {
        assertThat(lodge.execute("help", "run")).isEqualTo(ExitStatus.OK);
        assertThat(out.toString(UTF_8)).contains("  0 ", "  2N+1 ", "  64 ", "  66 ", "  70 ", "  74 ", "  134 ");
    }

    @Test
    void anUnknownOptionIsOneSentenceAndAUsageError() {
        assertThat(lodge.execute("run", "--colour")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString(UTF_8)).isEqualTo("lodge: there is no option '--colour'; see: lodge run --help\n");
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @Test
    void anOptionThatIsAlmostRightIsSuggested() {
        assertThat(lodge.execute("run", "--kernl", "bzImage")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString(UTF_8)).contains("'--kernl' (did you mean --kernel or --kernel-package?)");
    }

    @Test
    void anUnknownCommandIsToldWhichThereAre() {
        assertThat(lodge.execute("rnu")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString(UTF_8)).startsWith("lodge: there is no command 'rnu', only run, pull,").hasLineCount(1);
    }

    @Test
    void whatCannotBeTracedIsToldWhatCan() {
        assertThat(lodge.execute("run", "--trace", "in_asm,everything")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString(UTF_8)).contains("'everything' cannot be traced: choose of in_asm, cpu, int, mmu, io");
    }

    @Test
    void everyCategoryIsTraced() throws Exception {
        Path bios = Files.write(folder.resolve("bios"), biosWithABadInstruction());
        Path trace = folder.resolve("trace");
        int status = lodge.execute("run", "--bios", bios.toString(), "--trace", "in_asm,cpu,int,mmu,io", "--trace-file", trace.toString());
        assertThat(status).isEqualTo(ExitStatus.ofDebugExit(3));
        assertThat(trace).content()
                .contains("block at ffff0010", " 10  (bad)", "#UD", "flushes all pages", "out port 00f4 size 1 value 3", "cs:rip f000:10,", "rax ");
    }

    /** In real mode: at f000:0010, bytes that are no instruction; their handler writes 3 to the debug exit. */
    private static byte[] biosWithABadInstruction() {
        byte[] rom = new byte[0x1_0000];
        HexFormat hex = HexFormat.of();
        byte[] main = hex.parseHex("31c08ed8" + "c70618002000" + "c7061a0000f0" + "0f04");
        byte[] handler = hex.parseHex("b003" + "e6f4");
        byte[] reset = hex.parseHex("e9" + "0d00");
        System.arraycopy(main, 0, rom, 0, main.length);
        System.arraycopy(handler, 0, rom, 0x20, handler.length);
        System.arraycopy(reset, 0, rom, 0xfff0, reset.length);
        return rom;
    }

    @Test
    void aTraceFileNeedsSomethingToTrace() {
        assertThat(lodge.execute("run", "--trace-file", folder.resolve("trace").toString())).isEqualTo(ExitStatus.USAGE);
        assertThat(folder.resolve("trace")).doesNotExist();
    }

    @Test
    void userDataIsLookedAtBeforeAnythingIsDone() throws Exception {
        String none = folder.resolve("none").toString();
        String noUserData = Files.writeString(folder.resolve("packages.yaml"), "packages: [git]\n").toString();
        for (String[] command : new String[][] {
            {"run", "no-such-image", "--user-data"}, {"create", "machine", "no-such-image", "--user-data"}, {"build", "-t", "image", "--from", "no-such-image"}
        }) {
            assertThat(lodge.execute(with(command, none))).isEqualTo(ExitStatus.NO_INPUT);
            assertThat(lodge.execute(with(command, noUserData))).isEqualTo(ExitStatus.NO_INPUT);
        }
        assertThat(err.toString(UTF_8)).hasLineCount(6).contains("none: there is no such file", "begins with 'packages: [git]'").doesNotContain("no-such-image");
    }

    @Test
    void userDataIsForAGuestThatHasCloudInit() throws Exception {
        String userData = Files.writeString(folder.resolve("script"), "#!/bin/sh\n").toString();
        assertThat(lodge.execute("run", "--user-data", userData, "--", "true")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString(UTF_8)).startsWith("lodge: Lodge's own guest has no cloud-init").hasLineCount(1);
    }

    private static String[] with(String[] words, String last) {
        return Stream.concat(Stream.of(words), Stream.of(last)).toArray(String[]::new);
    }

    @Test
    void aDebugConsoleOnStandardErrorLeavesItOpen() {
        lodge.execute("run", "--debug-console", "-", "--kernel", folder.resolve("vmlinuz").toString());
        assertThat(err.toString(UTF_8)).contains("there is no such file");
    }

    @Test
    void outputThatCannotBeWrittenIsAFailure() {
        assertThat(writingTo("No space left on device").execute("disasm", "90")).isEqualTo(ExitStatus.HOST);
        assertThat(err.toString(UTF_8)).contains("No space left on device").hasLineCount(1);
    }

    @Test
    void outputThatNobodyReadsIsNoNews() {
        assertThat(writingTo("Broken pipe").execute("disasm", "90")).isEqualTo(ExitStatus.BROKEN_PIPE);
        assertThat(writingTo("Broken pipe").execute("help", "run")).isEqualTo(ExitStatus.BROKEN_PIPE);
        assertThat(err.size()).isZero();
    }

    /** Lodge with a standard output that fails. */
    private Lodge writingTo(String failure) {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(failure);
            }
        };
        return new Lodge(new StandardStreams(
                InputStream.nullInputStream(), broken, new PrintStream(err, true, UTF_8), StandardStreams.Terminals.NONE), Optional.empty());
    }

    @Test
    void aScriptReadsTheVersionAsJson() {
        assertThat(lodge.execute("version", "--json")).isEqualTo(ExitStatus.OK);
        assertThat(out.toString(UTF_8)).matches("\\{\"lodge\": \"\\d.*\", \"java\": \"2\\d.*\", \"os\": \".+\", \"arch\": \".+\"}\\R");
    }

    @Test
    void aSizeThatIsNoneIsExplained() {
        assertThat(lodge.execute("run", "--memory", "lots")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString(UTF_8)).contains("'lots' is not a size: write 512M or 2G");
    }

    @Test
    void aCommandNeedsLodgesOwnGuest() {
        assertThat(lodge.execute("run", "--kernel", "bzImage", "--", "uname")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString(UTF_8)).contains("'uname' can only be run in an image or Lodge's own guest");
    }

    @Test
    void anInitrdNeedsItsKernel() {
        assertThat(lodge.execute("run", "--initrd", "rootfs.img")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString(UTF_8)).contains("name it with --kernel");
    }

    @Test
    void aMissingKernelIsNamed() {
        Path kernel = folder.resolve("vmlinuz");
        assertThat(lodge.execute("run", "--kernel", kernel.toString())).isEqualTo(ExitStatus.NO_INPUT);
        assertThat(err.toString(UTF_8)).startsWith("lodge: " + kernel).hasLineCount(1);
    }

    @Test
    void aStackTraceIsShownOnlyWithDebug() {
        String kernel = folder.resolve("vmlinuz").toString();
        lodge.execute("run", "--kernel", kernel, "--debug");
        assertThat(err.toString(UTF_8)).contains("\tat org.lodgevm.");
    }

    @Test
    void aKernelThatIsNoneIsRefused() throws Exception {
        Path kernel = Files.writeString(folder.resolve("poem.txt"), "No kernel, only words. ".repeat(100));
        assertThat(lodge.execute("run", "--kernel", kernel.toString())).isEqualTo(ExitStatus.NO_INPUT);
        assertThat(err.toString(UTF_8)).startsWith("lodge: " + kernel).hasLineCount(1);
    }

    @Test
    void completionIsAScriptThatKnowsTheOptions() {
        assertThat(lodge.execute("completion", "zsh")).isEqualTo(ExitStatus.OK);
        assertThat(out.toString(UTF_8)).startsWith("#!/usr/bin/env bash").contains("--kernel", "--trace-file", "disasm");
    }

    @Test
    void completionKnowsMachinesWhereTheyBelong() {
        lodge.execute("completion", "bash");
        assertThat(out.toString(UTF_8)).contains("$(_lodge_machines)", "function _lodge_machines()");
        out.reset();
        assertThat(lodge.execute("completion", "fish")).isEqualTo(ExitStatus.OK);
        assertThat(out.toString(UTF_8))
                .contains("complete -c lodge -n '__fish_seen_subcommand_from stop' -f -a '(_lodge_machines)'", "-l kernel")
                .doesNotContain("supervise");
    }

    @Test
    void completionKnowsImagesAndFilesWhereTheyBelong() {
        lodge.execute("completion", "bash");
        assertThat(out.toString(UTF_8)).contains("function _lodge_images()")
                .containsPattern("'--disk'\\)\\s+local IFS=.*\\s+.*\\s+COMPREPLY=.*compgen -f").containsPattern("'-v'\\|'--volume'\\)\\s+local IFS=.*\\s+.*\\s+COMPREPLY=.*compgen -f");
        out.reset();
        lodge.execute("completion", "fish");
        assertThat(out.toString(UTF_8)).contains("complete -c lodge -n '__fish_seen_subcommand_from rmi' -f -a '(_lodge_images)' -d 'image'", "-r -l disk -d");
    }

    @Test
    void completionKnowsWhatAnOptionCanBe() {
        lodge.execute("completion", "bash");
        assertThat(out.toString(UTF_8)).containsPattern("NAME_option_args=.*\"auto\".*\"interpreter\"").contains("LEVEL_option_args=(\"x86-64-v3\" \"max\")", "(\"pci\" \"mmio\")");
        out.reset();
        lodge.execute("completion", "fish");
        assertThat(out.toString(UTF_8)).containsPattern("-l accel -f -a 'auto .*interpreter").containsPattern("-l cpu-level -f -a 'x86-64-v3 max'").contains("-l virtio -f -a 'pci mmio'");
    }

    @Test
    void disassemblesBytesOfTheCommandLine() {
        assertThat(lodge.execute("disasm", "--bits", "32", "--base", "0x100000", "89e5", "c3")).isEqualTo(ExitStatus.OK);
        assertThat(out.toString(UTF_8)).contains("100000:  89 e5", "mov    ebp,esp", "100002:  c3");
    }

    @Test
    void whatFollowsTheImageIsNoCommand() {
        assertThat(lodge.execute("run", "debian:12", "uname")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString(UTF_8)).contains("'uname' is one word too many; a command follows after --");
    }

    @Test
    void aWordThatIsNoImageIsToldHowACommandIsRun() {
        assertThat(lodge.execute("run", "uname", "-q", "--", "-a")).isEqualTo(ExitStatus.NO_INPUT);
        assertThat(err.toString(UTF_8)).contains("There is no image 'uname'").contains("lodge run -- uname");
    }

    @Test
    void aDistributionThatIsNotKnownIsToldWhichAre() {
        assertThat(lodge.execute("pull", "debian:1")).isEqualTo(ExitStatus.NO_INPUT);
        assertThat(err.toString(UTF_8)).contains("only debian:12, debian:13, debian:11");
        assertThat(lodge.execute("pull", "debian:12", "--with", "git")).isEqualTo(ExitStatus.USAGE);
        assertThat(lodge.execute("pull", "debian:12", "--as", "../x")).isEqualTo(ExitStatus.USAGE);
    }
}
