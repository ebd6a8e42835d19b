package org.lodgevm.machine.state;

/** An interface that extends this stands for parts of a device: whoever has a field of such a type has the state behind it, too. */
public interface Stateful {}
