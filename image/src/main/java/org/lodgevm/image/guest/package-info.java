/**
 * Guests made of a distribution's packages: a kernel and a first root file system, prepared once and kept in the
 * user's cache. Further packages become an archive that a guest unpacks behind the first one.
 */
package org.lodgevm.image.guest;
