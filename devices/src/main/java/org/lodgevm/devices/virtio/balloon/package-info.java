/**
 * The balloon: memory that the guest lends back to the host.
 *
 * <p>The host says how much it would like; the guest takes so many pages out of use and names them, on which the host frees them. With
 * free page reporting the guest also names, unasked, what it has not used for a while. Statistics come when the host asks for them.
 *
 * <p>Deliberately absent: free page hints, which serve migration, and page poisoning. @virtio 5.5
 */
package org.lodgevm.devices.virtio.balloon;
