/*
 * Systems of linear equations, by elimination with pivots, in double precision: as Linpack does it.
 *
 *     linpack SYSTEMS
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 200 };

static double matrix[N][N], right[N];

/* The right side is the sum of each row, so every unknown is 1. */
static void fill(unsigned seed)
{
    for (int i = 0; i < N; i++) {
        right[i] = 0;
        for (int j = 0; j < N; j++) {
            seed = seed * 1103515245 + 12345;
            matrix[i][j] = (int)(seed >> 16) / 32768.0 - 1.0;
            right[i] += matrix[i][j];
        }
    }
}

static void swap_rows(int a, int b)
{
    for (int j = 0; j < N; j++) {
        double kept = matrix[a][j];
        matrix[a][j] = matrix[b][j];
        matrix[b][j] = kept;
    }
    double kept = right[a];
    right[a] = right[b];
    right[b] = kept;
}

static void eliminate(void)
{
    for (int k = 0; k < N; k++) {
        int pivot = k;
        for (int i = k + 1; i < N; i++)
            if (fabs(matrix[i][k]) > fabs(matrix[pivot][k]))
                pivot = i;
        swap_rows(k, pivot);
        for (int i = k + 1; i < N; i++) {
            double factor = matrix[i][k] / matrix[k][k];
            for (int j = k; j < N; j++)
                matrix[i][j] -= factor * matrix[k][j];
            right[i] -= factor * right[k];
        }
    }
}

static void substitute(void)
{
    for (int i = N - 1; i >= 0; i--) {
        for (int j = i + 1; j < N; j++)
            right[i] -= matrix[i][j] * right[j];
        right[i] /= matrix[i][i];
    }
}

int main(int count, char **arguments)
{
    long systems = count > 1 ? atol(arguments[1]) : 1;
    double error = 0;
    for (long n = 1; n <= systems; n++) {
        fill(n);
        eliminate();
        substitute();
        for (int i = 0; i < N; i++)
            error += fabs(right[i] - 1.0);
    }
    printf("%a\n", error);
    return 0;
}
