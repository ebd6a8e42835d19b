/** What a user-mode network is to be like: its addresses, and the ports of the host that lead into it. */
package org.lodgevm.net.user.plan;
