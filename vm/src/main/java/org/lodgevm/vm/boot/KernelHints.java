package org.lodgevm.vm.boot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HexFormat;

/** Says what a file that is no kernel probably is, and what to do with it. */
final class KernelHints {
    /** Something recognised by the bytes at an offset. */
    private record Signature(int offset, String bytes, String explanation) {
        boolean matches(String head) {
            return head.startsWith(bytes, offset);
        }
    }

    private static final Signature[] KNOWN = {
        new Signature(0x38, "ARMd", "it is a Linux kernel for AArch64; this machine is an x86-64 PC"),
        new Signature(0x30, "RISCV", "it is a Linux kernel for RISC-V; this machine is an x86-64 PC"),
        new Signature(4, "zimg", "it is a compressed EFI application; give the bzImage or vmlinux inside"),
        new Signature(0, "MZ", "it is an EFI application without a Linux setup header; give the kernel itself"),
        new Signature(0, "07070", "it is a cpio archive; give it as the initial RAM disk"),
        new Signature(0, "QFI\u00fb", "it is a qcow2 disk image; give the kernel inside"),
        new Signature(0, "!<arch>", "it is an archive (perhaps a Debian package); give the kernel inside"),
        new Signature(0, "\u00fd7zXZ", "it is compressed by xz; decompress it, or give it as the initial RAM disk if that is what it is"),
        new Signature(0, "\u0028\u00b5\u002f\u00fd",
                "it is compressed by zstd; decompress it, or give it as the initial RAM disk if that is what it is"),
        new Signature(0, "BZh", "it is compressed by bzip2; decompress it, or give it as the initial RAM disk if that is what it is"),
        new Signature(0, "\u00d6\u0050\u0052\u00e8", "it has a multiboot 2 header; only version 1 is supported"),
        new Signature(0x1fe, "\u0055\u00aa", "it is a boot sector or disk image; give the kernel inside, or boot it through a BIOS"),
    };

    private static final int SHOWN = 8;

    private KernelHints() {}

    static String explain(byte[] head) {
        if (head.length == 0) {
            return "it is empty; fetch or build it again";
        }
        String text = new String(head, ISO_8859_1);
        for (Signature signature : KNOWN) {
            if (signature.matches(text)) {
                return signature.explanation;
            }
        }
        String start = HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(SHOWN, head.length));
        return "it begins with %s, but a Linux bzImage, an ELF file or a multiboot image was expected; check the file".formatted(start);
    }
}
