package org.lodgevm.x86.paging;

import static org.lodgevm.x86.state.Cr.CR0_PG;
import static org.lodgevm.x86.state.Cr.CR0_WP;
import static org.lodgevm.x86.state.Cr.CR4_LA57;
import static org.lodgevm.x86.state.Cr.CR4_PAE;
import static org.lodgevm.x86.state.Cr.CR4_PGE;
import static org.lodgevm.x86.state.Cr.CR4_PSE;
import static org.lodgevm.x86.state.Cr.CR4_SMEP;
import static org.lodgevm.x86.state.Cr.EFER_LMA;
import static org.lodgevm.x86.state.Cr.EFER_NXE;

import org.lodgevm.machine.Bus;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.state.GuestFault;

/**
 * Walks the guest's paging structures. @sdm 4.3 (32-bit), 4.4 (PAE), 4.5 (4-level and 5-level)
 *
 * <p>The result of {@link #walk} is left in fields, so that a walk allocates nothing.
 */
public final class PageWalker {
    /** Kinds of access, as a set of bits. */
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int FETCH = 4;

    /** Physical address bits that the CPU has. CPUID.80000008H says the same. */
    public static final int PHYSICAL_BITS = 40;

    /** Linear address bits that the CPU has, with five levels of tables. */
    public static final int LINEAR_BITS = 57;

    /** Page-fault error code. @sdm 4.7 */
    public static final int ERROR_PRESENT = 1;
    public static final int ERROR_WRITE = 1 << 1;
    public static final int ERROR_USER = 1 << 2;
    public static final int ERROR_RESERVED = 1 << 3;
    public static final int ERROR_FETCH = 1 << 4;

    public static final int PAGE_4K_BITS = 12;
    static final int PAGE_4M_BITS = 22;
    private static final long P = 1;
    private static final long RW = 1 << 1;
    private static final long US = 1 << 2;
    private static final long A = 1 << 5;
    private static final long D = 1 << 6;
    private static final long PS = 1 << 7;
    private static final long G = 1 << 8;
    private static final long XD = 1L << 63;

    private static final long ADDRESS = (1L << PHYSICAL_BITS) - 1 & ~0xfffL;
    /** Bits 51:MAXPHYADDR must be zero. */
    private static final long RESERVED_HIGH = (1L << 52) - 1 & ~((1L << PHYSICAL_BITS) - 1);
    /** In a PAE PDPTE also 63:52, 8:5 and 2:1. */
    private static final long PDPTE_RESERVED = 0xfff0_0000_0000_01e6L | RESERVED_HIGH;

    private final Bus bus;
    private final GuestMemory memory;
    private final GuestFault fault;
    private final long[] pdptes = new long[4];

    private long cr3;
    private boolean paging;
    private boolean pae;
    private boolean longMode;
    private boolean fiveLevel;
    private boolean pse;
    private boolean pge;
    private boolean writeProtect;
    private boolean smep;
    private boolean nxe;

    /** The physical address that the last walk found. */
    public long physical;
    /** What the last walk's page allows in its regime, as {@link #READ}, {@link #WRITE}, {@link #FETCH}; writing only if the page is dirty. */
    public int allowed;
    public boolean global;
    /** How many bits of an address are its place in the page. */
    public int pageBits;

    // The walk under way: rights gathered so far, and the entry being looked at.
    private long rights;
    private boolean executeDisabled;

    public PageWalker(Bus bus, GuestFault fault) {
        this.bus = bus;
        this.memory = bus.memory();
        this.fault = fault;
    }

    /** Takes over the control registers after any of them changed. */
    public void configure(long cr0, long newCr3, long cr4, long efer) {
        cr3 = newCr3;
        paging = (cr0 & CR0_PG) != 0;
        pae = (cr4 & CR4_PAE) != 0;
        longMode = (efer & EFER_LMA) != 0;
        fiveLevel = (cr4 & CR4_LA57) != 0;
        pse = (cr4 & CR4_PSE) != 0;
        pge = (cr4 & CR4_PGE) != 0;
        writeProtect = (cr0 & CR0_WP) != 0;
        smep = (cr4 & CR4_SMEP) != 0;
        nxe = (efer & EFER_NXE) != 0;
    }

    public boolean paging() {
        return paging;
    }

    /** Whether the four PDPTEs are registers that a load of CR3 fills. @sdm 4.4.1 */
    public boolean usesPdpteRegisters() {
        return paging && pae && !longMode;
    }

    /** Fills the PDPTE registers from CR3's table; false, with nothing changed, if a reserved bit is set. */
    public boolean loadPdptes(long fromCr3) {
        long[] loaded = new long[4];
        for (int i = 0; i < 4; i++) {
            loaded[i] = bus.read((fromCr3 & 0xffff_ffe0L) + 8 * i, 8);
            if ((loaded[i] & P) != 0 && (loaded[i] & PDPTE_RESERVED) != 0) {
                return false;
            }
        }
        System.arraycopy(loaded, 0, pdptes, 0, 4);
        return true;
    }

    public boolean canonical(long linear) {
        int unused = fiveLevel ? 7 : 16;
        return linear << unused >> unused == linear;
    }

    /**
     * Translates one access.
     *
     * @param access one of {@link #READ}, {@link #WRITE}, {@link #FETCH}
     * @param regime of {@link Tlb}
     * @throws GuestFault #PF
     */
    public void walk(long linear, int access, int regime) {
        if (!paging) {
            physical = linear & 0xffff_ffffL;
            allowed = READ | WRITE | FETCH;
            global = true;
            pageBits = PAGE_4K_BITS;
            return;
        }
        while (!walked(linear, access, regime)) {
            Thread.onSpinWait();
        }
    }

    /** False if an entry changed while it was looked at, so that the walk has to start again. */
    private boolean walked(long linear, int access, int regime) {
        rights = RW | US;
        executeDisabled = false;
        global = false;
        pageBits = PAGE_4K_BITS;
        if (!pae) {
            return walk32(linear, access, regime);
        }
        return longMode ? walkFrom(fiveLevel ? 4 : 3, cr3 & ADDRESS, linear, access, regime) : walkPae(linear, access, regime);
    }

    private boolean walk32(long linear, int access, int regime) {
        long pdeGpa = (cr3 & 0xffff_f000L) + (linear >>> 22 & 0x3ff) * 4;
        long pde = entry(pdeGpa, 4, linear, access, regime, 0);
        if (pse && (pde & PS) != 0) {
            // PSE-36: bits 20:13 of the entry are bits 39:32 of the address; bit 21 is reserved
            if ((pde & 1 << 21) != 0) {
                throw reserved(linear, access, regime);
            }
            pageBits = PAGE_4M_BITS;
            physical = pde & 0xffc0_0000L | (pde >>> 13 & 0xff) << 32 | linear & 0x3f_ffff;
            return leaf(pdeGpa, 4, pde, linear, access, regime);
        }
        if (!mark(pdeGpa, 4, pde, A)) {
            return false;
        }
        long pteGpa = (pde & 0xffff_f000L) + (linear >>> 12 & 0x3ff) * 4;
        long pte = entry(pteGpa, 4, linear, access, regime, 0);
        physical = pte & 0xffff_f000L | linear & 0xfff;
        return leaf(pteGpa, 4, pte, linear, access, regime);
    }

    private boolean walkPae(long linear, int access, int regime) {
        long pdpte = pdptes[(int) (linear >>> 30 & 3)];
        if ((pdpte & P) == 0) {
            throw fault.pageFault(linear, error(access, regime));
        }
        return walkFrom(1, pdpte & ADDRESS, linear, access, regime);
    }

    /** The levels of 8-byte entries; level 0 is the page table. */
    private boolean walkFrom(int top, long tableGpa, long linear, int access, int regime) {
        long gpa = tableGpa;
        for (int level = top;; level--) {
            int shift = 12 + 9 * level;
            long entryGpa = gpa + (linear >>> shift & 0x1ff) * 8;
            long entry = entry(entryGpa, 8, linear, access, regime, level >= 3 ? PS : 0);
            boolean isLarge = (level == 1 || level == 2 && longMode) && (entry & PS) != 0;
            if (level == 0 || isLarge) {
                long offset = (1L << shift) - 1;
                if (isLarge && (entry & ADDRESS & offset & ~0x1000L) != 0) {
                    throw reserved(linear, access, regime); // bit 12 is PAT, those above it up to the page size reserved
                }
                pageBits = shift;
                physical = entry & ADDRESS & ~offset | linear & offset;
                return leaf(entryGpa, 8, entry, linear, access, regime);
            }
            if (!mark(entryGpa, 8, entry, A)) {
                return false;
            }
            gpa = entry & ADDRESS;
        }
    }

    /** Reads an entry, checks that it is present and well formed, and gathers its rights. */
    private long entry(long gpa, int size, long linear, int access, int regime, long alsoReserved) {
        long entry = bus.read(gpa, size);
        if ((entry & P) == 0) {
            throw fault.pageFault(linear, error(access, regime));
        }
        if (size == 8) {
            long bad = RESERVED_HIGH | alsoReserved | (nxe ? 0 : XD) | (longMode ? 0 : 0x7ff0_0000_0000_0000L);
            if ((entry & bad) != 0) {
                throw reserved(linear, access, regime);
            }
            executeDisabled |= entry < 0;
        }
        rights &= entry;
        return entry;
    }

    /** The entry that maps the page: checks rights, and marks it if the access may be made. */
    private boolean leaf(long gpa, int size, long entry, long linear, int access, int regime) {
        boolean user = regime == Tlb.USER;
        boolean userPage = (rights & US) != 0;
        int may = 0;
        if (user ? userPage : !(userPage && regime == Tlb.SUPERVISOR_NO_USER)) {
            may = READ;
            if ((rights & RW) != 0 || !user && !writeProtect) {
                may |= WRITE;
            }
        }
        if ((user ? userPage : !(userPage && smep)) && !executeDisabled) {
            may |= FETCH;
        }
        if ((may & access) == 0) {
            throw fault.pageFault(linear, error(access, regime) | ERROR_PRESENT);
        }
        boolean dirty = (entry & D) != 0 || access == WRITE;
        allowed = dirty ? may : may & ~WRITE;
        global = pge && (entry & G) != 0;
        return mark(gpa, size, entry, access == WRITE ? A | D : A);
    }

    /**
     * Sets bits of an entry unless it has changed meanwhile, which is what it returns. Other CPUs change entries too: one that
     * they have just cleared must not get an accessed bit.
     */
    private boolean mark(long gpa, int size, long entry, long bits) {
        if ((entry & bits) == bits) {
            return true;
        }
        GuestMemory.Slot slot = memory.slot(gpa);
        if (slot == null || slot.readOnly() || bus.hasDeviceInPage(gpa)) {
            return true;
        }
        long host = slot.host(gpa);
        boolean marked = size == 8 ? HostMemory.compareAndSet64(host, entry, entry | bits)
                : HostMemory.compareAndSet32(host, (int) entry, (int) (entry | bits));
        memory.written(gpa, size);
        return marked;
    }

    private GuestFault reserved(long linear, int access, int regime) {
        return fault.pageFault(linear, error(access, regime) | ERROR_PRESENT | ERROR_RESERVED);
    }

    private int error(int access, int regime) {
        int code = regime == Tlb.USER ? ERROR_USER : 0;
        if (access == WRITE) {
            code |= ERROR_WRITE;
        } else if (access == FETCH && (nxe && pae || smep)) {
            code |= ERROR_FETCH;
        }
        return code;
    }
}
