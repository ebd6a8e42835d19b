/**
 * Machines that are made, live shortly and are gone, in one process: with every accelerator that opens here, also with a {@code /dev/kvm} on
 * which no system's kernel would run. Nothing may be left of them: see {@link org.lodgevm.fuzz.Footprint}.
 */
package org.lodgevm.fuzz.lives;
