/**
 * What formats have in common whose disk is divided into blocks, each at a place that a table tells.
 *
 * <p>A format brings a {@link org.lodgevm.storage.blocks.BlockTable}; {@link org.lodgevm.storage.blocks.BlockTableImage} is
 * the disk. A new block is filled first; what refers to it is written when the guest flushes, after the content has been made
 * durable, so that a file that ends anywhere has lost no more than space. Tables are read by pages, of which few are kept.
 */
package org.lodgevm.storage.blocks;
