package org.lodgevm.cli.disasm;

/**
 * Code to be listed.
 *
 * @param name of its section; empty where there are none
 * @param address of its first byte
 */
record CodeRegion(String name, long address, byte[] bytes) {}
