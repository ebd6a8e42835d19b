package org.lodgevm.x86.asm;

/** String instructions, and the prefixes that repeat or lock what follows them. */
public sealed interface Strings extends Emitter permits Assembler {
    /** Prefixes the next instruction with REP and REPE. */
    default Assembler rep() {
        return op(0, 0xF3);
    }

    /** Prefixes the next instruction with REPNE. */
    default Assembler repne() {
        return op(0, 0xF2);
    }

    /** Prefixes the next instruction with LOCK. */
    default Assembler lock() {
        return op(0, 0xF0);
    }

    default Assembler movsb() {
        return op(0, 0xA4);
    }

    default Assembler movsw() {
        return op(16, 0xA5);
    }

    default Assembler movsd() {
        return op(32, 0xA5);
    }

    default Assembler movsq() {
        return op(64, 0xA5);
    }

    default Assembler cmpsb() {
        return op(0, 0xA6);
    }

    default Assembler cmpsw() {
        return op(16, 0xA7);
    }

    default Assembler cmpsd() {
        return op(32, 0xA7);
    }

    default Assembler cmpsq() {
        return op(64, 0xA7);
    }

    default Assembler stosb() {
        return op(0, 0xAA);
    }

    default Assembler stosw() {
        return op(16, 0xAB);
    }

    default Assembler stosd() {
        return op(32, 0xAB);
    }

    default Assembler stosq() {
        return op(64, 0xAB);
    }

    default Assembler lodsb() {
        return op(0, 0xAC);
    }

    default Assembler lodsw() {
        return op(16, 0xAD);
    }

    default Assembler lodsd() {
        return op(32, 0xAD);
    }

    default Assembler lodsq() {
        return op(64, 0xAD);
    }

    default Assembler scasb() {
        return op(0, 0xAE);
    }

    default Assembler scasw() {
        return op(16, 0xAF);
    }

    default Assembler scasd() {
        return op(32, 0xAF);
    }

    default Assembler scasq() {
        return op(64, 0xAF);
    }

    default Assembler insb() {
        return op(0, 0x6C);
    }

    default Assembler insw() {
        return op(16, 0x6D);
    }

    default Assembler insd() {
        return op(32, 0x6D);
    }

    default Assembler outsb() {
        return op(0, 0x6E);
    }

    default Assembler outsw() {
        return op(16, 0x6F);
    }

    default Assembler outsd() {
        return op(32, 0x6F);
    }
}
