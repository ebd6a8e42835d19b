/** Work on whole images: copying one into another, comparing two, mapping one, merging one into the image below it. */
package org.lodgevm.storage.copy;
