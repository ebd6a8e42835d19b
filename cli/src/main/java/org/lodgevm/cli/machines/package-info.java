/**
 * Commands for machines that have a name. What they are and where is {@link org.lodgevm.manage}'s; these commands read options, speak
 * with the machine's process and print.
 */
package org.lodgevm.cli.machines;
