/** Network interfaces of the kernel's whose other end is a process. Source: Linux's Documentation/networking/tuntap.rst. */
package org.lodgevm.linux.tap;
