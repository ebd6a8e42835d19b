package org.lodgevm.x86.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.isa.InstructionTable;
import org.lodgevm.x86.isa.MandatoryPrefix;
import org.lodgevm.x86.isa.Row;

/**
 * Decoder and disassembler judged by the host's objdump: on random bytes in each mode, and on all the code of a C library. Both must
 * agree on what is an instruction, on its length and on its text, save for the deviations that this class names.
 */
class ObjdumpTest {
  private static final int CASES = Integer.getInteger("lodge.decode.cases", 30_000);
  private static final long SEED = Long.getLong("lodge.seed", 1);
  private static final int LOCK = 0xF0;

  private static final int[] PREFIXES = {0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x2E, 0x36, 0x64, 0x65, 0x26, 0x3E};

  /** Prefixes that objdump spells out where they mean nothing; and REX, where it is not directly before the opcode. */
  private static final Pattern IDLE_PREFIXES =
      Pattern.compile(
          "^((data16|data32|addr32|addr16|rex[.WRXB]*|rep|repz|repnz|[cdefgs]s|bnd|notrack|xacquire|xrelease|lock)( |$))*");

  /** An index that a SIB byte does not name, which objdump makes up a register for. */
  private static final Pattern PSEUDO_INDEX = Pattern.compile("\\+?[re]iz\\*\\d");

  /** Instructions that objdump knows and Lodge's processor does not: AVX and what few processors have. */
  private static final Pattern FOREIGN =
      Pattern.compile(
          "v.*|k.*|a(add|and|or|xor)|aes.*kl|loadiwkey|encodekey.*|bnd.*|clgi|stgi|skinit|clrssbsy|setssbsy|saveprevssp|"
              + "rstorssp|incssp.|rdssp.|wru?ss.|endbr.*|enqcmds?|extrq|insertq|movnts[sd]|femms|getsec|gf2p8.*|inv(ept|vpid|lpga|lpgb)|"
              + "movdir.*|montmul|xcrypt.*|xsha.*|xstore.*|pf.*|pi2f.|pavgusb|pswapd|pmulhrw|ptwrite|rdpkru|wrpkru|rsm|serialize|"
              + "tlbsync|tpause|umwait|umonitor|xabort|xbegin.*|xend|xtest|cldemote|clzero|monitorx|mwaitx|mcommit|rdpru|p?config|"
              + "psmash|pvalidate|rmp.*|enclu|enclv|encls|xresldtrk|xsusldtrk|hreset|uiret|testui|clui|stui|wrmsrns|rdmsrlist|wrmsrlist|\\{vex\\}|senduipi|"
              + "seamcall|seamops|seamret|tdcall|wbnoinvd|frstpm.*|llwpcb|slwpcb|lwp.*|bl.*|t1mskc|tzmsk|bextr|tile.*|ldtilecfg|"
              + "sttilecfg|td.*|cmp.*xadd");

  /** Instructions of ours that objdump calls bad, or by another name. */
  private static final Set<String> OUR_NAMES =
      Set.of(
          // objdump takes F2, and 66, as part of the opcode
          "BSF", "BSR", "WBINVD",
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
          // SYSRET and SYSEXIT depend on objdump's version
          "SYSRET", "SYSEXIT",
          // a prefix to objdump
          "FWAIT",
          // 66 where processors ignore it, be it for REX.W or altogether
          "MOVSXD", "FNSAVE", "FRSTOR", "FNSTENV", "FLDENV", "RDFSBASE", "RDGSBASE", "WRFSBASE", "WRGSBASE",
          // REX.W where the upper half of the result is zero anyhow
          "PEXTRW");

  private static final Pattern PREFIX_OF_OPCODE = Pattern.compile("\\b(data16|data32|repz|repnz)\\b");

  private static final Set<String> NO_PREFIX =
      mnemonics(
          row -> row.encoding().prefix() == MandatoryPrefix.NP || row.encoding().prefix() == MandatoryPrefix.NFX);

  private static final Set<String> ONLY_64_BIT = mnemonics(row -> row.has(Attribute.O64));

  private final Decoder decoder = new Decoder();
  private final Instruction instruction = new Instruction();

  private static Set<String> mnemonics(Predicate<Row> wanted) {
    return InstructionTable.rows().stream().filter(wanted).map(Row::mnemonic).collect(Collectors.toSet());
  }

  @BeforeAll
  static void needsObjdump() {
    assumeTrue(Objdump.isAvailable(), "needs objdump (binutils)");
  }

  @ParameterizedTest
  @EnumSource
  void agreesOnRandomBytes(CodeSize mode) throws IOException {
    Random random = new Random(SEED + mode.ordinal());
    List<byte[]> cases = Stream.generate(() -> randomCase(random, mode)).limit(CASES).toList();
    byte[] code = Objdump.layOut(cases);
    Map<Long, Objdump.Line> lines = Objdump.disassemble(code, mode);
    List<String> disagreements = new ArrayList<>();
    int agreements = 0;
    for (int at = 0; at < code.length; at += Objdump.SLOT) {
      String complaint = compare(code, at, mode, lines.get((long) at));
      if (complaint == null) {
        agreements++;
      } else {
        disagreements.add(HexFormat.of().formatHex(code, at, at + 15) + ": " + complaint);
      }
    }
    assertThat(disagreements).isEmpty();
    assertThat(agreements).isEqualTo(CASES);
  }

  /** Bytes in which every opcode map and prefix turns up often. */
  private static byte[] randomCase(Random random, CodeSize mode) {
    byte[] bytes = new byte[Instruction.MAX_LENGTH];
    random.nextBytes(bytes);
    int at = 0;
    if (random.nextInt(3) == 0) {
      bytes[at++] = (byte) PREFIXES[random.nextInt(4)];
    }
    if (random.nextInt(12) == 0) {
      bytes[at++] = (byte) PREFIXES[random.nextInt(PREFIXES.length)];
    }
    if (mode.is64() && random.nextInt(3) == 0) {
      bytes[at++] = (byte) (0x40 | random.nextInt(16));
    }
    if (random.nextBoolean()) {
      bytes[at++] = 0x0F;
      int map = random.nextInt(8);
      if (map < 2) {
        bytes[at] = (byte) (map == 0 ? 0x38 : 0x3A);
      }
    }
    return bytes;
  }

  /** What the two disagree on, or null. */
  private String compare(byte[] code, int at, CodeSize mode, Objdump.Line line) {
    Outcome outcome = decoder.decode(code, at, Objdump.SLOT, mode, instruction);
    String theirs = normalize(line.text());
    if (outcome != Outcome.DECODED) {
      boolean locked = (code[at] & 0xFF) == LOCK || line.text().contains("lock ");
      boolean expected = line.isBad() || theirs.isEmpty() || isForeign(theirs) || isBadRegister(theirs) || isMissing(mode, theirs);
      return expected || locked || isForbiddenPrefix(line.text(), theirs) ? null : outcome + ", not " + line.text();
    }
    String name = instruction.row().mnemonic();
    boolean known = OUR_NAMES.contains(name) || instruction.row().has(Attribute.UNDOC);
    String ours = normalize(Objdump.strip(Disassembler.format(instruction, at)));
    if (line.isBad()) {
      return known ? null : ours + ", not bad";
    }
    boolean misplacedRex = theirs.isEmpty();
    if (instruction.length() != line.length()) {
      return misplacedRex || name.equals("FWAIT") ? null : instruction.length() + " bytes, not " + line.length() + ": " + line.text();
    }
    boolean pseudoIndex = line.text().contains("iz*");
    boolean same = ours.equals(theirs) || pseudoIndex && mnemonic(ours).equals(mnemonic(theirs)) || isBranchBeyond64KiB(mode, ours, theirs);
    return same || known ? null : ours + ", not " + theirs;
  }

  private static boolean isForeign(String text) {
    return FOREIGN.matcher(mnemonic(text)).matches();
  }

  /** Moves to and from control, debug, test and segment registers that do not exist, and to CS. */
  private static boolean isBadRegister(String text) {
    return text.matches("mov .*([cdt]r\\d+|\\?).*|mov cs,.*");
  }

  /** What exists in 64-bit mode only. */
  private static boolean isMissing(CodeSize mode, String text) {
    return !mode.is64() && ONLY_64_BIT.contains(mnemonic(text).toUpperCase(Locale.ROOT));
  }

  /** Prefixes that objdump thinks idle, on an instruction that does not allow them. */
  private static boolean isForbiddenPrefix(String text, String instruction) {
    return PREFIX_OF_OPCODE.matcher(text).find()
        && NO_PREFIX.contains(mnemonic(instruction).toUpperCase(Locale.ROOT).replace("64", ""));
  }

  /** objdump keeps the upper half of a branch's target where a 16-bit operand size cuts it off. */
  private boolean isBranchBeyond64KiB(CodeSize mode, String ours, String theirs) {
    return instruction.opSize() == 2
        && !mode.is64()
        && instruction.row().has(Attribute.JUMP)
        && mnemonic(ours).equals(mnemonic(theirs))
        && ours.substring(ours.indexOf("0x") + 2).endsWith(theirs.substring(theirs.length() - 1));
  }

  private static String mnemonic(String text) {
    int blank = text.indexOf(' ');
    return blank < 0 ? text : text.substring(0, blank);
  }

  private static String normalize(String text) {
    String rest = IDLE_PREFIXES.matcher(text).replaceFirst("");
    return PSEUDO_INDEX.matcher(rest).replaceAll("");
  }

  @Test
  void agreesOnTheCodeOfTheCLibrary() throws IOException {
    Path library =
        Stream.of("/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib64/libc.so.6", "/lib/libc.so.6")
            .map(Path::of)
            .filter(Files::exists)
            .findFirst()
            .orElse(null);
    assumeTrue(library != null, "needs a C library for x86-64");
    byte[] code = ElfText.read(library);
    List<String> disagreements = new ArrayList<>();
    int agreements = 0;
    for (Objdump.Line line : Objdump.disassemble(code, CodeSize.BITS_64).values()) {
      int at = (int) line.address();
      Outcome outcome = decoder.decode(code, at, code.length - at, CodeSize.BITS_64, instruction);
      String theirs = normalize(line.text());
      if (outcome != Outcome.DECODED) {
        if (!isForeign(theirs)) {
          disagreements.add(Long.toHexString(at) + ": " + outcome + ", not " + line.text());
        }
        continue;
      }
      String ours = Objdump.strip(Disassembler.format(instruction, at));
      if (normalize(ours).equals(theirs) && instruction.length() == line.length()) {
        agreements++;
      } else {
        disagreements.add(Long.toHexString(at) + ": " + ours + ", not " + line.text());
      }
    }
    assertThat(disagreements).isEmpty();
    assertThat(agreements).isGreaterThan(200_000);
  }
}
