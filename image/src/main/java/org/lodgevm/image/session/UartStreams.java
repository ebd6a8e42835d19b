package org.lodgevm.image.session;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * The host's end of a guest's UART.
 *
 * @param fromGuest what the guest transmits; it ends when the machine does
 * @param toGuest what the guest is to receive; a write waits until the guest has taken what came before
 */
public record UartStreams(InputStream fromGuest, OutputStream toGuest) {}
