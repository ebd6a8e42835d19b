/**
 * Who signed an archive's index. Only what that takes of OpenPGP: keyrings as files, signed texts, detached signatures.
 * The arithmetic is Bouncy Castle's; what makes a key or a signature acceptable is decided here, the way gpgv does.
 */
package org.lodgevm.image.pgp;
