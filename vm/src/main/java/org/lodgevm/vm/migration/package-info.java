/**
 * Live migration: a machine moves to another process, on this host or another, while its guest runs.
 *
 * <p>{@link org.lodgevm.vm.migration.MigrationSource} sends, {@link org.lodgevm.vm.migration.MigrationTarget} receives, and neither knows a machine but as
 * a {@link org.lodgevm.vm.migration.MovingMachine}. Memory goes first, while the guest writes to it; pages that it wrote to go again, round after round,
 * until what is left can be sent within the downtime that is allowed. Of a page that goes again only what changed in it is sent, if the
 * source remembers what it sent before. A guest that writes faster than the link carries is slowed down, step by step.
 * Then the machine is paused; the last pages and the state of its devices and CPUs follow, and the machine is handed over.
 *
 * <h2>The wire</h2>
 *
 * A connection carries messages: a byte that is the type, four bytes that are the payload's length, the payload. Numbers are big-endian, texts UTF-8 behind a
 * length of two bytes. A length above the type's limit ends the connection.
 *
 * <table>
 * <caption>Messages</caption>
 * <tr><th>type</th><th>from</th><th>payload</th></tr>
 * <tr><td>1 HELLO</td><td>source</td><td>{@code "LODGEMIG"}, version (4), migration's id (16), a count (2) and as many pairs of texts that describe the
 *     machine, 1 if memory may follow it (1), how many disks come along (1) and of each its format (a text), size (8) and
 *     how many bytes it holds (8), then to the end what the receiving side's owner needs to build it</td></tr>
 * <tr><td>2 ACCEPT</td><td>target</td><td></td></tr>
 * <tr><td>3 REFUSE</td><td>target</td><td>to the end, why: the target does not have the machine, and never will under this id</td></tr>
 * <tr><td>4 PAGES</td><td>source</td><td>0, or 1 if what follows is a Zstandard frame; a count (2), as many page numbers (8) shifted left by two, in the
 *     lowest bits 0 for a page whose 4096 bytes follow, 1 for one of zeroes, 2 for one of which what has changed follows, behind its length (2): see {@code Delta}; then what follows of each</td></tr>
 * <tr><td>5 STATE</td><td>source</td><td>{@link org.lodgevm.vm.migration.MovingMachine#saveState}</td></tr>
 * <tr><td>6 READY</td><td>target</td><td></td></tr>
 * <tr><td>7 COMMIT</td><td>source</td><td>1 if the machine is to run, 0 if it was paused when the migration began</td></tr>
 * <tr><td>8 TAKEN</td><td>target</td><td></td></tr>
 * <tr><td>9 ASK</td><td>source</td><td>{@code "LODGEMIG"}, version (4), migration's id (16)</td></tr>
 * <tr><td>10 PROTECT</td><td>source</td><td>the milliseconds after which a silent side counts as gone (4), then as HELLO</td></tr>
 * <tr><td>11 ALIVE</td><td>both</td><td></td></tr>
 * <tr><td>12 WRITES</td><td>source</td><td>a disk's number (1), an offset (8), what is written there</td></tr>
 * <tr><td>13 TEXT</td><td>source</td><td>an output's number (1), what the guest sent by it</td></tr>
 * <tr><td>14 CHECKPOINT</td><td>source</td><td>its number from 1 (8), 1 if the machine runs (1)</td></tr>
 * <tr><td>15 ACKNOWLEDGE</td><td>target</td><td>the checkpoint's number (8)</td></tr>
 * <tr><td>16 END</td><td>both</td><td></td></tr>
 * <tr><td>17 JOIN</td><td>source</td><td>as ASK</td></tr>
 * <tr><td>18 ABSENT</td><td>source</td><td>a page's number (8), and a bitmap of pages from that one on, the lowest bit of each byte first</td></tr>
 * <tr><td>19 FETCH</td><td>target</td><td>pages' numbers (8 each, 64 at most)</td></tr>
 * <tr><td>20 RECOVER</td><td>source</td><td>as ASK</td></tr>
 * <tr><td>21 ZEROES</td><td>source</td><td>a disk's number (1), an offset (8), how many bytes from there are zeroes (8)</td></tr>
 * <tr><td>22 HOT_CODE</td><td>source</td><td>{@link org.lodgevm.machine.Accelerator.VcpuFactory#hotCode}</td></tr>
 * </table>
 *
 * <p>In order: HELLO, ACCEPT, any number of PAGES, one HOT_CODE among them, and, if disks come along, WRITES and ZEROES, after each round ALIVE, which is answered by ALIVE when all before it has been read, STATE, READY, COMMIT, TAKEN. Instead of any of its messages the target may send REFUSE; a source
 * that thinks better of it closes the connection. A connection that begins with ASK has one more message: TAKEN or REFUSE.
 *
 * <p>A source that wants several connections opens the others after ACCEPT: each has JOIN, ACCEPT or REFUSE, any number of PAGES, END. What was sent of a page goes by one of them only, whose order
 * it keeps. {@link org.lodgevm.vm.migration.Gathering} makes one connection of them, in which STATE comes after all END; a target itself refuses JOIN. If one breaks off, all do.
 *
 * <h2>Exactly one of both</h2>
 *
 * The target decides, once, by {@link org.lodgevm.vm.migration.Decisions}: a record, made in one step and never changed, that this migration was taken or refused.
 * <ul>
 * <li>Until the source sends COMMIT, the machine is the source's. Whatever goes wrong, it goes on there; the target without COMMIT throws away what it has.
 * <li>Before it sends COMMIT the source lets go of the disks. From then on it runs the guest again only if the target says REFUSE.
 * <li>The target that gets COMMIT claims the disks, records that it has taken the machine, and only then runs it and says TAKEN. If the record exists already, it
 *     refuses.
 * <li>A source that gets no answer asks, by ASK on a new connection, and asking makes the record: a machine that was not taken until then is refused for ever.
 *     So it does not matter who was killed when, or which message was lost. While nobody answers, the machine stays paused.
 * </ul>
 *
 * <h2>Post-copy</h2>
 *
 * If HELLO says so, ABSENT, as often as need be, may come before STATE: these pages are to be asked for. From then on the target says FETCH whenever it likes, and each is answered by one PAGES, in their order, whatever else the
 * source has to say in between. {@link org.lodgevm.vm.migration.RemoteMemory} asks for pages that somebody waits for, {@link org.lodgevm.machine.AbsentPages} being where they wait; after TAKEN for the others, too, and says END
 * when it needs no more. Only then
 * the source throws the machine away. A target that loses the connection before it has decided gives up.
 *
 * <p>A source whose connection breaks after TAKEN makes another one: RECOVER, ACCEPT or REFUSE, and FETCH, PAGES and END as before. It need not know what has arrived, as it sends only what it is asked for: so a page may come twice, and
 * the second one is dropped. The new connection takes the place of one that the target believes to have.
 *
 * <p>The machine is the target's from its decision on, as ever. But now the source has memory that exists nowhere else, and so the loss of either process before END is the guest's end.
 *
 * <h2>Protection</h2>
 *
 * {@link org.lodgevm.vm.migration.Protection} does not hand the machine over. In order: PROTECT, ACCEPT, any number of PAGES, one HOT_CODE among them, and then for each checkpoint PAGES, WRITES and TEXT as
 * many as there are, STATE, CHECKPOINT, ACKNOWLEDGE; ALIVE anywhere, at least four times in the time after which one counts as gone. END, which is answered by REFUSE, ends it. The source lets the
 * effects of a checkpoint happen when it is acknowledged, and makes the next one only after that: hence the target, which has the next one whole, forgets the writes of the one before.
 *
 * <p>A target that has heard nothing for a quarter of the time after which a silent side is gone tries to claim the disks, which nobody who lives has given up. After all of that
 * time it goes on for as long again, and then decides: it takes the machine, or never will. A source that hears nothing asks, for
 * longer than that, with the machine standing still, and then goes on; so it does at once when the target refuses. Where the disks are not the same at both sides, or there is none, nothing keeps both from running.
 *
 * <h2>Disks that come along</h2>
 *
 * Disks are where both sides can open them, or {@link org.lodgevm.vm.migration.DiskCopy} sends them into new images, by the first connection: at first all that they hold, then, before each round of memory, what was written
 * meanwhile. In these, ranges that were never mentioned are zeroes. The target makes a round durable when something else follows, and so all before READY.
 */
package org.lodgevm.vm.migration;
