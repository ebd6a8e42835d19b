/**
 * {@code lodge doctor}: what this host offers to machines, and what to do about the rest.
 *
 * <p>{@link org.lodgevm.cli.doctor.Examination} looks at one thing after the other, each of which becomes a
 * {@link org.lodgevm.cli.doctor.Finding}. It only reads; nothing on the host is changed.
 */
package org.lodgevm.cli.doctor;
