package org.lodgevm.x86.fp;
public final class X87Transcendental { private X87Transcendental() {} }
