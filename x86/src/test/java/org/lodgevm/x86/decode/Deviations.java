package org.lodgevm.x86.decode;

import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.isa.InstructionTable;
import org.lodgevm.x86.isa.MandatoryPrefix;
import org.lodgevm.x86.isa.Row;

/** Where Lodge and objdump are known to differ, and why. */
final class Deviations {
    /** Prefixes that objdump spells out where they mean nothing; and REX, where it is not directly before the opcode. */
    private static final Pattern IDLE_PREFIXES =
            Pattern.compile(
                    "^((data16|data32|addr32|addr16|rex[.WRXB]*|rep|repz|repnz|[cdefgs]s|bnd|notrack|xacquire|"
                            + "xrelease|lock)( |$))*");

    /** An index that a SIB byte does not name, which objdump makes up a register for. */
    private static final Pattern PSEUDO_INDEX = Pattern.compile("\\+?[re]iz\\*\\d");

    private static final Pattern PREFIX_OF_OPCODE = Pattern.compile("\\b(data16|data32|repz|repnz)\\b");

    /** Instructions that objdump knows and Lodge's processor does not: AVX-512 and what few processors have. */
    private static final Pattern FOREIGN =
            Pattern.compile(
                    "v.*|k.*|\\{vex}|tile.*|ldtilecfg|sttilecfg|td.*|cmp.*xadd|a(add|and|or|xor)|aes.*kl|loadiwkey|"
                            + "encodekey.*|gf2p8.*|bnd.*|clrssbsy|setssbsy|saveprevssp|rstorssp|incssp.|rdssp.|wru?ss.|"
                            + "endbr.*|enqcmds?|movdir.*|ptwrite|rdpkru|wrpkru|rsm|getsec|serialize|tpause|umwait|"
                            + "umonitor|xabort|xbegin.*|xend|xtest|cldemote|p?config|enclu|enclv|encls|xresldtrk|"
                            + "xsusldtrk|hreset|uiret|testui|clui|stui|senduipi|wrmsrns|rdmsrlist|wrmsrlist|seam.*|"
                            + "inv(ept|vpid|lpga|lpgb)|tlbsync|clgi|stgi|skinit|clzero|monitorx|mwaitx|mcommit|rdpru|"
                            + "psmash|pvalidate|rmp.*|llwpcb|slwpcb|lwp.*|bl.*|t1mskc|tzmsk|bextr|extrq|insertq|"
                            + "movnts[sd]|femms|pf.*|pi2f.|pavgusb|pswapd|pmulhrw|montmul|xcrypt.*|xsha.*|xstore.*|"
                            + "frstpm.*");

    /** Instructions of ours that objdump calls bad, or writes differently. */
    private static final Set<String> OUR_NAMES =
            Set.of(
                    // objdump takes F2, and 66, as part of the opcode
                    "BSF", "BSR", "WBINVD", "MOVQ2DQ",
                    // a ModRM.rm other than 0 is ignored by processors
                    "LFENCE", "MFENCE", "SFENCE",
                    // opcodes reserved for hints, of which objdump knows those of MPX, CET and 3DNow
                    "NOP",
                    // "fneni(8087 only)"
                    "FNENI", "FNDISI", "FNSETPM",
                    // no size before memory
                    "LDDQU", "INVPCID",
                    // far pointers with REX.W, as AMD's processors read them
                    "LFS", "LGS", "LSS", "JMPF", "CALLF",
                    // an immediate or REX.W turned into another name
                    "PCLMULQDQ", "PCMPESTRI", "PCMPESTRM",
                    // PAUSE to objdump, where processors exchange with R8 in spite of F3
                    "XCHG",
                    "VPCLMULQDQ", "VPCMPESTRM", "VPCMPESTRI",
                    // VEX.L gives a scalar 32 bytes
                    "VMOVSS", "VMOVSD",
                    // a prefix to objdump
                    "FWAIT",
                    // 66 where processors ignore it, be it for REX.W or altogether
                    "MOVSXD", "FNSAVE", "FRSTOR", "FNSTENV", "FLDENV",
                    "RDFSBASE", "RDGSBASE", "WRFSBASE", "WRGSBASE",
                    // REX.W where the upper half of the result is zero anyhow
                    "PEXTRW", "PEXTRB", "EXTRACTPS");

    private static final Set<String> NO_PREFIX =
            mnemonics(
                    row ->
                            row.encoding().prefix() == MandatoryPrefix.NP
                                    || row.encoding().prefix() == MandatoryPrefix.NFX);

    private static final Set<String> AVX = mnemonics(Row::usesAvx);

    private static final Set<String> ONLY_64_BIT = mnemonics(row -> row.has(Attribute.O64));

    private Deviations() {}

    private static Set<String> mnemonics(Predicate<Row> wanted) {
        return InstructionTable.rows().stream().filter(wanted).map(Row::mnemonic).collect(Collectors.toSet());
    }

    /** A line without idle prefixes and made-up index registers; empty for a REX prefix that objdump took for an instruction. */
    static String normalize(String text) {
        String rest = IDLE_PREFIXES.matcher(text).replaceFirst("");
        return PSEUDO_INDEX.matcher(rest).replaceAll("");
    }

    /** Whether objdump knows better names, or none, for what the row stands for. */
    static boolean isNamedDifferently(Row row) {
        return OUR_NAMES.contains(row.mnemonic()) || row.has(Attribute.UNDOC);
    }

    /** Whether Lodge is right to find undefined what objdump, in that mode, writes as {@code line}. */
    static boolean isUndefined(String line, CodeSize mode) {
        String text = normalize(line);
        String mnemonic = mnemonic(text);
        return text.isEmpty()
                || FOREIGN.matcher(mnemonic).matches()
                || line.contains("lock ")
                || isBadRegister(text)
                || !mode.is64() && ONLY_64_BIT.contains(mnemonic.toUpperCase(Locale.ROOT))
                || isForbiddenPrefix(line, mnemonic);
    }

    /** Whether the line, of bytes with a VEX prefix, is an instruction that Lodge's processor has: of VAES the forms of 16 bytes only. */
    static boolean isAvx(String line) {
        String mnemonic = mnemonic(normalize(line)).toUpperCase(Locale.ROOT);
        boolean wideCryptography = line.contains("ymm") && (mnemonic.startsWith("VAES") || mnemonic.startsWith("VPCLMUL"));
        // where they mean nothing objdump does not look at the bits that stand for a prefix
        boolean anyPrefix = mnemonic.startsWith("VZERO") || mnemonic.endsWith("MXCSR");
        return AVX.contains(mnemonic) && !wideCryptography && !anyPrefix;
    }

    /** Moves to and from control, debug, test and segment registers that do not exist, and to CS. */
    private static boolean isBadRegister(String text) {
        return text.matches("mov .*([cdt]r\\d+|\\?).*|mov cs,.*");
    }

    /** Prefixes that objdump thinks idle, on an instruction that does not allow them. */
    private static boolean isForbiddenPrefix(String line, String mnemonic) {
        return PREFIX_OF_OPCODE.matcher(line).find()
                && NO_PREFIX.contains(mnemonic.toUpperCase(Locale.ROOT).replace("64", ""));
    }

    static String mnemonic(String text) {
        int blank = text.indexOf(' ');
        return blank < 0 ? text : text.substring(0, blank);
    }
}
