/**
 * Machines with a name that move from one user's machines to another's: addresses, what goes along beside the machine itself, and the files in which
 * decisions are kept. The protocol is {@link org.lodgevm.vm.migration}'s.
 *
 * <p>Decisions are files of {@code migrations} beside the folder {@code machines}, each named by the migration's id, with the one word {@code taken} or
 * {@code refused}. They are never changed, and a killed process leaves no half of one.
 */
package org.lodgevm.manage.migration;
