/**
 * What runs: the workloads, and guests made of them.
 *
 * <p>A {@link org.lodgevm.bench.guest.Workload} is a shell script in {@code bench/src/guest}, the {@link
 * org.lodgevm.bench.guest.Payload}s and the Debian packages that it needs; {@link org.lodgevm.bench.guest.Workloads} has all of
 * them. Scripts and payloads are put into one {@link org.lodgevm.bench.guest.Workshop}, a folder of the host, and from there into an archive.
 * That archive behind those of the packages and of {@code lodge run} makes the file tree in which a guest works, and
 * the host itself for comparison.
 */
package org.lodgevm.bench.guest;
