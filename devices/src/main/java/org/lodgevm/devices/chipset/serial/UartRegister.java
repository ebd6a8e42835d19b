package org.lodgevm.devices.chipset.serial;

/** Registers of a 16550A by offset, and their bits. */
final class UartRegister {
    /** RBR when read, THR when written; DLL with DLAB. */
    static final int RBR_THR = 0;
    /** DLM with DLAB. */
    static final int IER = 1;
    /** IIR when read, FCR when written. */
    static final int IIR_FCR = 2;

    static final int LCR = 3;
    static final int MCR = 4;
    static final int LSR = 5;
    static final int MSR = 6;
    static final int SCR = 7;

    private UartRegister() {}

    static final class Ier {
        static final int RECEIVED = 1;
        static final int TRANSMIT_EMPTY = 1 << 1;
        static final int LINE_STATUS = 1 << 2;
        static final int MODEM_STATUS = 1 << 3;
        static final int DEFINED = 0xf;

        private Ier() {}
    }

    static final class Iir {
        static final int MODEM_STATUS = 0x0;
        static final int NONE = 0x1;
        static final int TRANSMIT_EMPTY = 0x2;
        static final int RECEIVED = 0x4;
        static final int LINE_STATUS = 0x6;
        static final int TIMEOUT = 0xc;
        static final int FIFOS_ENABLED = 0xc0;

        private Iir() {}
    }

    static final class Fcr {
        static final int ENABLE = 1;
        static final int CLEAR_RECEIVE = 1 << 1;
        static final int CLEAR_TRANSMIT = 1 << 2;
        static final int TRIGGER_SHIFT = 6;
        private static final int[] TRIGGERS = {1, 4, 8, 14};

        private Fcr() {}

        static int trigger(int fcr) {
            return TRIGGERS[fcr >> TRIGGER_SHIFT & 3];
        }
    }

    static final class Lcr {
        static final int WORD_LENGTH = 3;
        static final int TWO_STOP_BITS = 1 << 2;
        static final int PARITY = 1 << 3;
        static final int DLAB = 1 << 7;

        private Lcr() {}

        /** Bits that a character takes on the line, start bit included. */
        static int bits(int lcr) {
            return 1 + 5 + (lcr & WORD_LENGTH) + ((lcr & PARITY) != 0 ? 1 : 0) + ((lcr & TWO_STOP_BITS) != 0 ? 2 : 1);
        }
    }

    static final class Mcr {
        static final int DTR = 1;
        static final int RTS = 1 << 1;
        static final int OUT1 = 1 << 2;
        static final int OUT2 = 1 << 3;
        static final int LOOPBACK = 1 << 4;
        static final int DEFINED = 0x1f;

        private Mcr() {}
    }

    static final class Lsr {
        static final int DATA_READY = 1;
        static final int OVERRUN = 1 << 1;
        static final int PARITY_ERROR = 1 << 2;
        static final int FRAMING_ERROR = 1 << 3;
        static final int BREAK = 1 << 4;
        static final int TRANSMIT_EMPTY = 1 << 5;
        static final int TRANSMITTER_IDLE = 1 << 6;
        static final int FIFO_ERROR = 1 << 7;
        /** Errors that travel through the FIFO with their character. */
        static final int CHARACTER_ERRORS = PARITY_ERROR | FRAMING_ERROR | BREAK;

        private Lsr() {}
    }

    static final class Msr {
        static final int DELTA_CTS = 1;
        static final int DELTA_DSR = 1 << 1;
        static final int TRAILING_RI = 1 << 2;
        static final int DELTA_DCD = 1 << 3;
        static final int DELTAS = 0xf;
        static final int CTS = 1 << 4;
        static final int DSR = 1 << 5;
        static final int RI = 1 << 6;
        static final int DCD = 1 << 7;

        private Msr() {}
    }
}
