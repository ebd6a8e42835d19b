/** Disks kept as they are: an offset on the disk is one in the file. Holes of the file read as zeroes. */
package org.lodgevm.storage.raw;
