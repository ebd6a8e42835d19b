/**
 * What a guest is told about itself when it starts: a small disk that cloud-init looks for, with files that say what to make of
 * the machine.
 *
 * <p>The files are passed on as the user wrote them. They are looked at only as far as a slip would go unnoticed in the guest, where nobody
 * reads the log. Reading YAML is absent, as is any other source of data than a disk.
 *
 * @cloudinit Datasources: NoCloud
 */
package org.lodgevm.image.seed;
