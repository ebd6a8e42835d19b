/**
 * VMware's VMDK: a text that describes the disk, alone or inside of the first extent, and extents: sparse (grains found
 * through two levels of tables), flat, or stream-optimised (compressed grains, tables at the end), as in OVA.
 *
 * <p>Read: all of these, of one extent or several, with a parent. Written to: all but what is stream-optimised, which is
 * written once, from the beginning to the end. Absent: ESX's own sparse extents (COWD, SESPARSE) and raw device mappings.
 *
 * <p>{@code @vmdk} cites VMware's "Virtual Disk Format 5.0".
 */
package org.lodgevm.storage.vmdk;
