/** The entropy device: it fills buffers with the host's random numbers. @virtio 5.4 */
package org.lodgevm.devices.virtio.rng;
