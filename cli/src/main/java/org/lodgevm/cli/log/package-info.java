/** Where the libraries' log goes when Lodge is a command: warnings to standard error, a line each, as Lodge's own messages. */
package org.lodgevm.cli.log;
