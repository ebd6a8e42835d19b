package org.lodgevm.x86.interpret;

import org.lodgevm.machine.Accelerator;
import org.lodgevm.x86.decode.Decoder;
import org.lodgevm.x86.translate.Archive;
import org.lodgevm.x86.translate.Translator;

/** The accelerator named {@code jit}: what runs often is translated into the host's machine code, all else interpreted. */
public final class JitAccelerator implements Accelerator {
    /** Entries of a block: translating takes a thread as long as interpreting it some dozens of times. */
    private static final int TRANSLATE_AFTER = 16;
    /** The same in a run that others will profit from. */
    private static final int RECORD_AFTER = 4;
    /** For the translations of one CPU, in bytes, which all of gcc just fits into. */
    private static final long CODE_BYTES = 64L << 20;
    /** For those of all CPUs of a machine. */
    private static final long ALL_CODE_BYTES = 2 * CODE_BYTES;

    private final int translateAfter;
    private final long codeBytes;
    private final boolean aside;

    public JitAccelerator() {
        this(TRANSLATE_AFTER, ALL_CODE_BYTES, true);
    }

    /** For tests, whose code never becomes as hot as a kernel's: one whose CPUs translate by themselves. */
    public JitAccelerator(int translateAfter, long codeBytes) {
        this(translateAfter, codeBytes, false);
    }

    /**
     * For tests.
     *
     * @param translateAfter entries after which a block is translated
     * @param codeBytes for the translations of all CPUs
     * @param aside whether most of it is translated on a thread of its own
     */
    public JitAccelerator(int translateAfter, long codeBytes, boolean aside) {
        this.aside = aside;
        this.translateAfter = translateAfter;
        this.codeBytes = codeBytes;
    }

    @Override
    public String name() {
        return "jit";
    }

    @Override
    public String unavailable() {
        return Translator.unavailable();
    }

    @Override
    public int preference() {
        return 10;
    }

    /** Reads the table of instructions, and links the way into translated code. */
    @Override
    public void prepare() {
        new Decoder();
        Translator.prepare();
    }

    /** Systems patch themselves for one CPU or for several: they are not the same code then. */
    @Override
    public String translationsId(Cpus cpus) {
        return Archive.id(new CpuidModel(cpus)::shows) + (cpus.count() > 1 ? "-smp" : "");
    }

    @Override
    public VcpuFactory open(MachineContext context) {
        int cpus = context.cpus().count();
        CpuidModel cpuid = new CpuidModel(context.cpus());
        Archive archive = Archive.of(context.translations(), cpuid::shows);
        Workshop workshop = new Workshop(archive, aside);
        int threshold = archive.records() ? Math.min(RECORD_AFTER, translateAfter) : translateAfter;
        return new CpuFactory(context, cpuid, InterpreterAccelerator.FUSE_AFTER, workshop::close, cpu -> cpu.translations = new Translations(cpu,
                new Translator(cpu.block, Math.min(CODE_BYTES, codeBytes / cpus), row -> cpuid.shows(row.feature()), archive), workshop, threshold));
    }
}
