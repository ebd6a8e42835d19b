/**
 * Persistent memory: a range of guest-physical addresses that a file of the host's is mapped to.
 *
 * <p>CPUs and devices reach it as they reach RAM, and none of that passes here. The device says where it is, and has what was written made durable when
 * the guest asks for it. Deliberately absent: the shared memory region as a place of it, which is newer than what drivers know.
 */
package org.lodgevm.devices.virtio.pmem;
