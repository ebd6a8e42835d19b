/*
 * Bodies that attract each other, in double precision: square roots and divisions.
 *
 *     nbody STEPS      prints the energy, to the last bit
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BODIES = 6, AXES = 3 };

static double place[BODIES][AXES], speed[BODIES][AXES], mass[BODIES];

/* Nearly circles around the first one. Only operations whose results IEEE 754 fixes, so that all CPUs agree on the last bit. */
static void set_out(void)
{
    for (int i = 0; i < BODIES; i++) {
        double radius = 3.0 * i, circular = i == 0 ? 0.0 : sqrt(40.0 / radius);
        mass[i] = i == 0 ? 40.0 : 0.05 / i;
        place[i][i % 2] = i & 2 ? -radius : radius;
        place[i][2] = 0.1 * i;
        speed[i][(i + 1) % 2] = circular;
    }
}

static double distance(int i, int j, double apart[AXES])
{
    double square = 0;
    for (int axis = 0; axis < AXES; axis++) {
        apart[axis] = place[i][axis] - place[j][axis];
        square += apart[axis] * apart[axis];
    }
    return sqrt(square);
}

static void step(double time)
{
    for (int i = 0; i < BODIES; i++)
        for (int j = i + 1; j < BODIES; j++) {
            double apart[AXES], r = distance(i, j, apart), pull = time / (r * r * r);
            for (int axis = 0; axis < AXES; axis++) {
                speed[i][axis] -= apart[axis] * mass[j] * pull;
                speed[j][axis] += apart[axis] * mass[i] * pull;
            }
        }
    for (int i = 0; i < BODIES; i++)
        for (int axis = 0; axis < AXES; axis++)
            place[i][axis] += time * speed[i][axis];
}

static double energy(void)
{
    double sum = 0;
    for (int i = 0; i < BODIES; i++) {
        double apart[AXES];
        for (int axis = 0; axis < AXES; axis++)
            sum += mass[i] * speed[i][axis] * speed[i][axis] / 2;
        for (int j = i + 1; j < BODIES; j++)
            sum -= mass[i] * mass[j] / distance(i, j, apart);
    }
    return sum;
}

int main(int count, char **arguments)
{
    long steps = count > 1 ? atol(arguments[1]) : 1;
    set_out();
    while (steps-- > 0)
        step(0.001);
    printf("%a\n", energy());
    return 0;
}
