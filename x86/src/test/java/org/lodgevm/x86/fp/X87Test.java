package org.lodgevm.x86.fp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class X87Test {
    private static final int UNMASK_ALL = 0x340;
    private static final long ONE = Double.doubleToRawLongBits(1);
    private static final long THREE = Double.doubleToRawLongBits(3);

    private final long block = Arena.ofAuto().allocate(FxArea.BYTES, 64).address();
    private final Arena arena = Arena.ofAuto();
    private final long scratch = arena.allocate(FxArea.BYTES, 64).address();
    private final X87 x = new X87(block);

    @Test
    void initialStateIsThatOfFninit() {
        assertThat(x.control()).isEqualTo(0x37f);
        assertThat(x.status()).isZero();
        assertThat(x.pendingException()).isFalse();
        assertThat(FxArea.isInitial(x)).isTrue();
    }

    @Test
    void storeChangesNothingUntilItIsCommitted() {
        X87Transfer.fldM64(x, Double.doubleToRawLongBits(Math.PI));
        int status = x.status();
        long bits = X87Transfer.fstpM32(x);
        assertThat(Float.intBitsToFloat((int) bits)).isEqualTo((float) Math.PI);
        assertThat(x.status()).as("as if the page fault came now").isEqualTo(status);
        assertThat(X87Transfer.fstpM32(x)).isEqualTo(bits);
        assertThat(x.stores()).isTrue();
        x.commit();
        assertThat(x.status() & FpContext.PE).isEqualTo(FpContext.PE);
        assertThat(x.isEmpty(-1)).isTrue();
    }

    @Test
    void unmaskedOverflowKeepsAStoreFromMemoryAndFromPopping() {
        X87Transfer.fldM64(x, Double.doubleToRawLongBits(1e300));
        X87Control.fldcw(x, UNMASK_ALL);
        X87Transfer.fstpM32(x);
        assertThat(x.stores()).isFalse();
        x.commit();
        assertThat(x.pendingException()).isTrue();
        assertThat(x.isEmpty(0)).isFalse();
        assertThat(x.status() & FpContext.EXCEPTIONS).isEqualTo(FpContext.OE);
    }

    @Test
    void unmaskedExceptionStaysPendingUntilCleared() {
        X87Transfer.fldM64(x, ONE);
        X87Transfer.fldM64(x, 0);
        X87Arithmetic.fdivp(x, 1);
        assertThat(x.pendingException()).as("masked").isFalse();
        X87Control.fldcw(x, UNMASK_ALL);
        assertThat(x.pendingException()).isTrue();
        assertThat(x.status() & (X87.ES | X87.B)).isEqualTo(X87.ES | X87.B);
        X87Control.fnclex(x);
        assertThat(x.pendingException()).isFalse();
        assertThat(x.status() & X87.B).isZero();
    }

    @Test
    void blockHoldsTheWholeStateAfterStore() {
        X87Transfer.fldM64(x, THREE);
        X87Control.fldcw(x, 0xc7f);
        x.recordInstruction(0x5d9, 0x33, 0x1234_5678_9abcL);
        x.recordOperand(0x2b, 0x4321_8765L);
        x.store();
        X87 other = new X87(scratch);
        for (int i = 0; i < FxArea.BYTES; i += 8) {
            put64(scratch + i, get64(block + i));
        }
        other.load();
        assertThat(other.control()).isEqualTo(0xc7f);
        assertThat(other.status()).isEqualTo(x.status());
        assertThat(X87Transfer.fstpM64(other)).isEqualTo(THREE);
        FxArea.save(other, scratch, false);
        assertThat(get32(scratch + FxArea.FIP)).isEqualTo(0x5678_9abc);
        assertThat(get16(scratch + FxArea.FCS)).isEqualTo(0x33);
        assertThat(get16(scratch + FxArea.FOP)).isEqualTo(0x5d9);
    }

    @Test
    void fxsaveImageIsInStackOrderAndRestores() {
        X87Transfer.fldM64(x, ONE);
        X87Transfer.fldM64(x, THREE);
        FxArea.save(x, scratch, true);
        assertThat(get16(scratch + FxArea.FSW)).isEqualTo(6 << 11);
        assertThat(get16(scratch + FxArea.FTW)).as("by physical number").isEqualTo(0xc0);
        assertThat(get64(scratch + FxArea.REGISTERS)).isEqualTo(0xc000_0000_0000_0000L);
        assertThat(get64(scratch + FxArea.REGISTERS + 16)).isEqualTo(0x8000_0000_0000_0000L);
        FxArea.initialize(x);
        assertThat(FxArea.isInitial(x)).isTrue();
        FxArea.restore(x, scratch, true);
        assertThat(X87Transfer.fstpM64(x)).isEqualTo(THREE);
        x.commit();
        assertThat(X87Transfer.fstpM64(x)).isEqualTo(ONE);
    }

    @Test
    void mmxRegistersAliasThePhysicalOnes() {
        X87Transfer.fldM64(x, ONE);
        x.enterMmx();
        assertThat(x.status() & X87.TOP_MASK).isZero();
        assertThat(get64(block + FxArea.REGISTERS + 7 * 16)).as("ST(0) was R7").isEqualTo(Long.MIN_VALUE);
        put64(block + FxArea.REGISTERS + 16, 42);
        assertThat(x.significand(1)).isEqualTo(42);
        assertThat(x.valid).isEqualTo(0xff);
        x.emptyAll();
        assertThat(x.valid).isZero();
    }

    @Test
    void protectedModeEnvironmentHoldsSelectors() {
        x.recordInstruction(0x123, 0x1b, 0x8040_1000L);
        x.recordOperand(0x23, 0x8050_2000L);
        X87Control.fnstenv(x, scratch, true, false);
        assertThat(get32(scratch)).isEqualTo(0xffff_037f);
        assertThat(get32(scratch + 8)).as("all empty").isEqualTo(-1);
        assertThat(get32(scratch + 12)).isEqualTo(0x8040_1000);
        assertThat(get32(scratch + 16)).isEqualTo(0x0123_001b);
        assertThat(get32(scratch + 20)).isEqualTo(0x8050_2000);
        assertThat(get32(scratch + 24)).isEqualTo(0xffff_0023);
        X87Control.fnstenv(x, scratch, false, false);
        assertThat(get16(scratch + 6)).isEqualTo(0x1000);
        assertThat(get16(scratch + 8)).isEqualTo(0x1b);
    }

    @Test
    void realModeEnvironmentHoldsLinearAddresses() {
        x.recordInstruction(0x7ab, 0xf000, 0x1234);
        x.recordOperand(0x2000, 0x5678);
        X87Control.fnstenv(x, scratch, false, true);
        assertThat(get16(scratch + 6)).isEqualTo(0x1234);
        assertThat(get16(scratch + 8)).isEqualTo(0xf7ab);
        assertThat(get16(scratch + 10)).isEqualTo(0x5678);
        assertThat(get16(scratch + 12)).isEqualTo(0x2000);
        X87Control.fnstenv(x, scratch, true, true);
        assertThat(get32(scratch + 16)).isEqualTo(0xf7ab);
        put32(scratch + 16, 0x0123_f456);
        X87Control.fldenv(x, scratch, true, true);
        assertThat(get64(block + FxArea.FIP)).isEqualTo(0x123f_1234L);
        assertThat(get16(block + FxArea.FOP)).isEqualTo(0x456);
    }

    @Test
    void savingInitializesAndRestoringBringsBack() {
        X87Transfer.fldM64(x, THREE);
        X87Transfer.fldM64(x, ONE);
        X87Control.fnsave(x, scratch, true, false);
        assertThat(x.isEmpty(0)).as("nothing changes before the image is in memory").isFalse();
        X87Control.fnsaveDone(x);
        assertThat(x.isEmpty(0)).isTrue();
        X87Control.frstor(x, scratch, true, false);
        X87Arithmetic.faddp(x, 1);
        assertThat(Double.longBitsToDouble(X87Transfer.fstpM64(x))).isEqualTo(4);
    }
}
