/**
 * What runs: the workloads, and guests made of them.
 *
 * <p>A {@link org.lodgevm.bench.guest.Workload} is a shell script in {@code bench/src/guest} and the {@link
 * org.lodgevm.bench.guest.Payload}s that it needs. All of them are put into one {@link org.lodgevm.bench.guest.Workshop}, a
 * folder of the host: it is where the host itself runs them for comparison, and what is packed into the guests' initial RAM
 * disk, behind the one that {@code lodge run} uses.
 */
package org.lodgevm.bench.guest;
