/**
 * Linear to physical to host addresses: the page walk in every paging mode, and the TLB in which its results are kept.
 *
 * <p>A linear address goes through {@link org.lodgevm.x86.paging.Tlb} (inline in every memory access); on a miss
 * {@link org.lodgevm.x86.paging.PageWalker} walks the guest's tables, sets accessed and dirty bits, checks rights and
 * either faults or yields a physical page.
 *
 * <p>Deliberately absent: memory types (all of memory is write-back; PAT and the MTRRs are registers only).
 */
package org.lodgevm.x86.paging;
