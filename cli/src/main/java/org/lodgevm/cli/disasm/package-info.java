/**
 * {@code lodge disasm}: {@link org.lodgevm.cli.disasm.CodeSource} finds the code in what the user named,
 * {@link org.lodgevm.cli.disasm.Listing} prints it, an instruction a line.
 */
package org.lodgevm.cli.disasm;
