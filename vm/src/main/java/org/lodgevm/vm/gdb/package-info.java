/**
 * A server for GDB's remote protocol: stock gdb connects, and debugs a guest that knows nothing of it.
 *
 * <p>{@link org.lodgevm.vm.gdb.GdbServer} takes one connection at a time. Its reader cuts the stream into {@link org.lodgevm.vm.gdb.Packets},
 * the machine tells what it stopped for, and both put messages into one queue; {@link org.lodgevm.vm.gdb.GdbSession} takes them out one after
 * the other, so that nothing here is locked. {@link org.lodgevm.vm.gdb.RegisterSet} names the registers and writes the description
 * that GDB asks for; {@link org.lodgevm.vm.gdb.StopTable} has breakpoints and watchpoints; {@link org.lodgevm.vm.gdb.MonitorCommands} what
 * {@code monitor} offers.
 *
 * <p>GDB's threads are CPUs, from 1 on. Addresses are linear ones. Breakpoints of both kinds are the same here: no byte of the guest's is changed.
 * Source: "Debugging with GDB", appendix E, cited by section as {@code @gdb}.
 *
 * <p>Deliberately absent: files, processes, non-stop mode, agents' expressions, traces.
 */
package org.lodgevm.vm.gdb;
