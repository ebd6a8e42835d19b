/**
 * What the user-mode network itself offers to guests: addresses by DHCP, routes and more by router advertisements and DHCPv6, names by
 * DNS, which the host's own resolvers know.
 */
package org.lodgevm.net.user.service;
