/** What shells complete where an option or a parameter is no fixed word. Scripts made of it find that out themselves, without starting Java. */
package org.lodgevm.cli.completion;
