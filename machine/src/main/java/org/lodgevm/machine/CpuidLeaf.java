package org.lodgevm.machine;

/**
 * What CPUID answers to one question.
 *
 * @param leaf EAX of the question
 * @param subleaf ECX of the question, 0 where it does not matter
 * @param indexed whether ECX matters
 */
public record CpuidLeaf(int leaf, int subleaf, boolean indexed, int eax, int ebx, int ecx, int edx) {}
