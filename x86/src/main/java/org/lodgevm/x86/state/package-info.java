/**
 * The names and places of architectural state: register bits, MSR numbers, exception vectors, and the layout of the
 * off-heap block that interpreted and translated code share.
 */
package org.lodgevm.x86.state;
