/**
 * Guests made of a distribution's packages: a kernel and a first root file system, prepared once and kept in the
 * user's cache.
 */
package org.lodgevm.image.guest;
