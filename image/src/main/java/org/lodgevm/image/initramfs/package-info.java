/**
 * The initial root file system of a guest, and the archive format it is packed in.
 *
 * <p>Every guest shares one archive made from busybox. What differs from run to run, its command and its terminal,
 * is a second small archive that is joined to the first: Linux unpacks one after the other into the same tree.
 *
 * <p>The scripts of the guest are resources of this package: {@code init} is process 1, {@code session} runs the command
 * and speaks to the host.
 */
package org.lodgevm.image.initramfs;
