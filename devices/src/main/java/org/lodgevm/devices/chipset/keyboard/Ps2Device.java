package org.lodgevm.devices.chipset.keyboard;

/** What is plugged into a port of the controller, whose monitor guards it. */
interface Ps2Device {
    int ACKNOWLEDGE = 0xfa;
    int RESEND = 0xfe;
    int SELF_TEST_PASSED = 0xaa;

    /** A byte from the controller. */
    void receive(int value);

    /** Whether a byte waits to be sent. */
    boolean ready();

    /** Sends the next byte; only when {@link #ready}. */
    int send();

    /** Power on; a keyboard or mouse that was tested reports nothing until asked. */
    void reset();
}
