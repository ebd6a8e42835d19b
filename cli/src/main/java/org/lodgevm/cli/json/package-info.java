/** JSON, as far as commands print it. Reading it is absent. */
package org.lodgevm.cli.json;
