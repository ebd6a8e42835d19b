package org.lodgevm.cli;

import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.CX;
import static org.lodgevm.x86.asm.Gpr.DX;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;

/**
 * Goes through what most runs go through, so that the JVM can record it for the application image's ahead-of-time cache.
 * Started by the build only.
 */
final class Rehearsal {
    private static final String MACHINE = "rehearsal";
    private static final int ROM_SIZE = 0x1_0000;
    private static final int RESET_VECTOR = 0xfff0;
    private static final int COM1 = 0x3f8;
    private static final int DEBUG_EXIT = 0xf4;

    private Rehearsal() {}

    public static void main(String[] args) throws IOException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Lodge lodge = new Lodge(new StandardStreams(
                InputStream.nullInputStream(), nowhere, nowhere, StandardStreams.Terminals.ofProcess()));
        lodge.execute("--version");
        lodge.execute("help", "run");
        lodge.execute("run", "--kernel", "no such file");
        Path bios = Files.createTempFile("lodge-rehearsal", ".bin");
        try {
            Files.write(bios, guest());
            lodge.execute("create", MACHINE, "--bios", bios.toString());
            lodge.execute("ls");
            lodge.execute("inspect", MACHINE);
            lodge.execute("rm", MACHINE);
            int status = lodge.execute("run", "--bios", bios.toString());
            if (status != ExitStatus.ofDebugExit(0)) {
                throw new IllegalStateException("the rehearsal's guest ended with status " + status);
            }
        } finally {
            Files.delete(bios);
        }
    }

    /** A BIOS that computes for a while, prints a character and ends by the debug exit. */
    private static byte[] guest() {
        Assembler code = new Assembler(0).bits16();
        Label start = code.label("start");
        code.mov(CX, 50_000);
        Label next = code.label("next");
        code.add(AX, CX).push(AX).xor(DX, AX).pop(AX).shl(DX, 1).loop(next);
        code.mov(DX, COM1).mov(AL, '.').out(AL);
        code.mov(AL, 0).out(DEBUG_EXIT, AL).hlt();
        code.org(RESET_VECTOR).jmp(start);
        code.org(ROM_SIZE);
        return code.toBytes();
    }
}
