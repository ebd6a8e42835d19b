/**
 * The state of a machine's devices as data, derived from how it is declared: no device has code to save or restore it.
 *
 * <p>A device keeps all that changes in fields whose type is called {@code State}. {@link org.lodgevm.machine.state.StateTree} knows the
 * devices by name and finds everything else: a device's states, its timers, and its parts, which are the objects that its fields have, alone
 * or in arrays and lists. A field is followed if its type is a class of the devices' packages or an interface that extends
 * {@link org.lodgevm.machine.state.Stateful}; what is found twice is where it was found first. In a state, a {@code transient} field is left
 * out: it follows from others, or belongs to the host. What else follows from a state, a device makes true in
 * {@link org.lodgevm.machine.state.Restorable#restored}, where it also looks at indexes and lengths that others rely on.
 *
 * <p>Data flows from objects by {@link org.lodgevm.machine.state.Data} to {@link org.lodgevm.machine.state.Value}s and by
 * {@link org.lodgevm.machine.state.StateFormat} to bytes, and back. Restored state is somebody else's: it must have exactly the fields that
 * the devices have, with values of their types, arrays of their lengths; only a collection may be missing, which is newer than the stream then, and empty; sizes are bounded by what is there to be read.
 *
 * <h2>The format</h2>
 *
 * Big-endian: the four bytes {@code LST1}, a version of 16 bits, and a value with its tag, which is a group. Texts are UTF-8 with a length of
 * 16 bits before them, counts have 32 bits.
 *
 * <table>
 * <caption>Values</caption>
 * <tr><td>0</td><td>nothing: a reference to no object</td></tr>
 * <tr><td>1</td><td>a text: a string, or the name of an enumeration's constant</td></tr>
 * <tr><td>2</td><td>many: a count, then so many values; of a map, groups of {@code key} and {@code value}</td></tr>
 * <tr><td>3</td><td>a group: a count, then so many names, texts, each with its value</td></tr>
 * <tr><td>0x10 + type</td><td>a number, as long as its type is</td></tr>
 * <tr><td>0x20 + type</td><td>numbers: a count, then so many of them, little-endian</td></tr>
 * </table>
 *
 * Types are 0 boolean, 1 byte, 2 short, 3 char, 4 int and 5 long. A timer is a long: when it fires, on the machine's clock.
 *
 * <p>A stream of a newer version is refused. Whoever changes the name, type or meaning of a field of a state raises the version and has
 * streams of the older ones read.
 *
 * <p>Deliberately absent: the guest's memory, and CPUs, whose {@link org.lodgevm.machine.VcpuState} is plain data already.
 */
package org.lodgevm.machine.state;
