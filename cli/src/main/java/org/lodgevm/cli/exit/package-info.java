/** How the command ends: its exit statuses, and problems as sentences. */
package org.lodgevm.cli.exit;
