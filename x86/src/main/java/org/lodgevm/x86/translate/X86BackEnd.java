package org.lodgevm.x86.translate;

import java.util.Set;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.isa.Feature;
import org.lodgevm.x86.isa.Row;
import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.StateBlock;

/** For hosts whose instruction set is the guest's. */
final class X86BackEnd implements BackEnd {
    private final CodeMemory memory;
    private final Gate gate;

    /** The host's, found out once. */
    private static final class Host {
        static final Set<Feature> FEATURES = HostFeatures.detect();
    }

    X86BackEnd(CodeMemory memory) {
        this.memory = memory;
        gate = new Gate(memory);
    }

    /** Why this is no such host, or null. */
    static String unavailable() {
        String processor = System.getProperty("os.arch");
        return processor.equals("amd64") ? null : "the translator makes x86-64 code, and this host's processor is " + processor;
    }

    static Set<Feature> features() {
        return Host.FEATURES;
    }

    @Override
    public int bytes() {
        return gate.bytes();
    }

    /** The registers of x87 and MMX are moved by XSAVE and XRSTOR. */
    @Override
    public boolean executes(Row row) {
        return Host.FEATURES.contains(row.feature()) && (!usesX87Registers(row) || Host.FEATURES.contains(Feature.XSAVE));
    }

    /** EMMS, too, which names none. */
    private static boolean usesX87Registers(Row row) {
        return row.usesX87() || row.usesMmx() || row.feature() == Feature.MMX;
    }

    @Override
    public Code lower(Region region, long address, long physical, Context context) {
        Lowering lowering = new Lowering(region, gate, address, context);
        byte[] bytes = lowering.lower(physical);
        return new Code(bytes, lowering.relocations());
    }

    @Override
    public void adapt(long record, long address, long rip, long physical) {
        long page = rip & -Source.PAGE;
        long before = ArchiveRecord.page(record);
        if (page != before) {
            long guest = ArchiveRecord.guest(record);
            for (long at = ArchiveRecord.addresses(record); at < guest; at += ArchiveRecord.ADDRESS_BYTES) {
                Relocations.move(memory, address, HostMemory.get32(at), HostMemory.get32(at + 4), before, page);
            }
        }
        long code = address + Head.BYTES;
        memory.write64(code + Lowering.FETCH_TAG, Tlb.fetchTag(rip, physical));
        long entry = code + Lowering.FETCH_ENTRY;
        memory.write32(entry, HostMemory.get32(entry) + Tlb.fetchEntry(page) - Tlb.fetchEntry(before));
        long numbers = ArchiveRecord.numbers(record);
        for (long at = ArchiveRecord.gates(record); at < numbers; at += ArchiveRecord.OFFSET_BYTES) {
            long field = address + HostMemory.get16(at);
            memory.write32(field, HostMemory.get32(field) - (int) (address - memory.address()));
        }
    }

    @Override
    public void link(long exit, long code, boolean guarded) {
        jump(exit, guarded ? code : code + Lowering.GUARD);
    }

    @Override
    public void unlink(long exit) {
        jump(exit, Exit.wayOut(exit));
    }

    private void jump(long exit, long to) {
        long field = Exit.patch(exit);
        memory.write32(field, (int) (to - (field + 4)));
    }

    @Override
    public long enter(long block, long code) {
        return gate.enter(block + StateBlock.BASE, code);
    }

    @Override
    public boolean compareAndExchange16(long address, long operands) {
        return gate.compareAndExchange16(address, operands);
    }
}
