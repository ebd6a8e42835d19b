/**
 * What apt's configuration says on this machine: the archives it takes packages from ({@code sources.list} and
 * {@code sources.list.d}) and the settings for fetching ({@code apt.conf}). Read, never written.
 *
 * <p>Absent: pinning ({@code preferences}), {@code auth.conf}, and archives that only a method of apt's can reach.
 */
package org.lodgevm.image.apt;
