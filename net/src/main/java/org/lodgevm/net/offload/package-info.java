/**
 * Doing what senders of frames left undone, for receivers that cannot: {@link org.lodgevm.net.offload.Segmenter} finishes checksums and
 * cuts large TCP segments up, and {@link org.lodgevm.net.offload.Delivery} does so between a queue and a receiver.
 */
package org.lodgevm.net.offload;
