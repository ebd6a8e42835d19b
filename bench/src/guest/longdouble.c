/*
 * The x87: arithmetic of long doubles, square roots, now and then an exponential, a logarithm and a sine.
 *
 *     longdouble TERMS
 *
 * CPUs differ in the last bits of what f2xm1 and fyl2x give: those are not printed.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments)
{
    long terms = count > 1 ? atol(arguments[1]) : 1;
    long double sum = 0, x = 0.3L;
    for (long n = 1; n <= terms; n++) {
        x = 3.7L * x * (1.0L - x);
        long double root = sqrtl(x + n);
        long double polynomial = (((x * 0.125L - 0.5L) * x + 1.5L) * x - root) / (1.0L + x * x);
        sum += polynomial + ((n & 15) == 0 ? sinl(x) * expl(-x) + logl(root) : 0);
    }
    printf("%.14Le\n", sum);
    return 0;
}
