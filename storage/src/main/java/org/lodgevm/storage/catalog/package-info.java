/**
 * Opens and makes images of all formats: finds the format, the backing chain, and asks a {@link
 * org.lodgevm.storage.catalog.ReferencePolicy} before it opens a file that an image names.
 */
package org.lodgevm.storage.catalog;
