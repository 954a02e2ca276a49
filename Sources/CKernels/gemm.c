#include "kernels.h"
#include <string.h>

// The only kernels that may fuse a multiplication with an addition: products differ between
// processors anyway, since oneDNN's do.
#pragma clang fp contract(fast)

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

enum { ROWS = 4, COLS = 16, DEPTH = 128, WIDTH = 128 };

typedef double lane __attribute__((vector_size(64), aligned(8)));

// One tile of 4 x 16 results: its sums stay in registers over the depth of a block.
CLONES static void tile_f64(ptrdiff_t depth, const double *a, const double *b, double *c,
                            ptrdiff_t ldc, ptrdiff_t rows, ptrdiff_t cols) {
  lane s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, s4 = {0}, s5 = {0}, s6 = {0}, s7 = {0};
  for (ptrdiff_t p = 0; p < depth; p++) {
    lane x = *(const lane *)(b + p * COLS), y = *(const lane *)(b + p * COLS + 8);
    const double *f = a + p * ROWS;
    s0 += f[0] * x;
    s1 += f[0] * y;
    s2 += f[1] * x;
    s3 += f[1] * y;
    s4 += f[2] * x;
    s5 += f[2] * y;
    s6 += f[3] * x;
    s7 += f[3] * y;
  }
  lane sum[8] = {s0, s1, s2, s3, s4, s5, s6, s7};
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < cols; j++) c[i * ldc + j] += sum[2 * i + j / 8][j % 8];
}

void gk_gemm_f64(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, ptrdiff_t ras,
                 ptrdiff_t cas, const double *b, ptrdiff_t rbs, ptrdiff_t cbs, double beta,
                 double *c, ptrdiff_t ldc) {
  // 128 KiB of stack: thread-local storage would not fit the stacks of small threads.
  double packed_b[DEPTH * WIDTH];
  double packed_a[DEPTH * ROWS];
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < n; j++) c[i * ldc + j] = beta == 0 ? 0 : beta * c[i * ldc + j];
  for (ptrdiff_t j0 = 0; j0 < n; j0 += WIDTH) {
    ptrdiff_t width = n - j0 < WIDTH ? n - j0 : WIDTH;
    for (ptrdiff_t p0 = 0; p0 < k; p0 += DEPTH) {
      ptrdiff_t depth = k - p0 < DEPTH ? k - p0 : DEPTH;
      for (ptrdiff_t j = 0; j < width; j += COLS)
        for (ptrdiff_t p = 0; p < depth; p++)
          for (ptrdiff_t q = 0; q < COLS; q++)
            packed_b[j * depth + p * COLS + q] =
              j + q < width ? b[(p0 + p) * rbs + (j0 + j + q) * cbs] : 0;
      for (ptrdiff_t i = 0; i < m; i += ROWS) {
        ptrdiff_t rows = m - i < ROWS ? m - i : ROWS;
        for (ptrdiff_t p = 0; p < depth; p++)
          for (ptrdiff_t q = 0; q < ROWS; q++)
            packed_a[p * ROWS + q] = q < rows ? a[(i + q) * ras + (p0 + p) * cas] : 0;
        for (ptrdiff_t j = 0; j < width; j += COLS)
          tile_f64(depth, packed_a, packed_b + j * depth, c + i * ldc + j0 + j, ldc, rows,
                   width - j < COLS ? width - j : COLS);
      }
    }
  }
}

void gk_gemm_i64(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const int64_t *a, ptrdiff_t ras,
                 ptrdiff_t cas, const int64_t *b, ptrdiff_t rbs, ptrdiff_t cbs, int64_t *c,
                 ptrdiff_t ldc) {
  for (ptrdiff_t i = 0; i < m; i++) {
    memset(c + i * ldc, 0, (size_t)n * sizeof(int64_t));
    for (ptrdiff_t p = 0; p < k; p++) {
      uint64_t x = (uint64_t)a[i * ras + p * cas];
      for (ptrdiff_t j = 0; j < n; j++)
        c[i * ldc + j] = (int64_t)((uint64_t)c[i * ldc + j] + x * (uint64_t)b[p * rbs + j * cbs]);
    }
  }
}
