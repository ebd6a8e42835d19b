/** The commands for images from packages: {@code pull}, {@code images}, {@code rmi}, {@code prune}. */
package org.lodgevm.cli.images;
