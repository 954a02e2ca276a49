#include "functions.h"
#include "kernels.h"

// NumPy's pairwise sum: eight running sums over blocks of 128, halves above that. The order depends
// on n alone, so neither the instruction set nor the number of threads changes a bit.
#define PAIRWISE(NAME, T)                                                            \
  CLONES static T NAME##_block(ptrdiff_t n, const T *a) {                            \
    T r[8];                                                                          \
    for (int j = 0; j < 8; j++) r[j] = a[j];                                         \
    ptrdiff_t i = 8;                                                                 \
    for (; i + 8 <= n; i += 8)                                                       \
      for (int j = 0; j < 8; j++) r[j] += a[i + j];                                  \
    T s = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));         \
    for (; i < n; i++) s += a[i];                                                    \
    return s;                                                                        \
  }                                                                                  \
  static T NAME(ptrdiff_t n, const T *a, ptrdiff_t sa) {                             \
    if (n < 8) {                                                                     \
      T s = -(T)0.0;                                                                 \
      for (ptrdiff_t i = 0; i < n; i++) s += a[i * sa];                              \
      return s;                                                                      \
    }                                                                                \
    if (n <= 128) {                                                                  \
      if (sa == 1) return NAME##_block(n, a);                                        \
      T copy[128];                                                                   \
      for (ptrdiff_t i = 0; i < n; i++) copy[i] = a[i * sa];                         \
      return NAME##_block(n, copy);                                                  \
    }                                                                                \
    ptrdiff_t h = n / 2;                                                             \
    h -= h % 8;                                                                      \
    return NAME(h, a, sa) + NAME(n - h, a + h * sa, sa);                             \
  }

PAIRWISE(sum_f32, float)
PAIRWISE(sum_f64, double)

// Eight lanes, as the order does not matter for a maximum; a NaN wins.
#define EXTREME(NAME, T, KEEP)                                                       \
  CLONES static T NAME(T best, ptrdiff_t n, const T *a, ptrdiff_t sa) {              \
    ptrdiff_t i = 0;                                                                 \
    if (sa == 1 && n >= 16) {                                                        \
      T r[16];                                                                       \
      for (int j = 0; j < 16; j++) r[j] = a[j];                                      \
      for (i = 16; i + 16 <= n; i += 16)                                             \
        for (int j = 0; j < 16; j++) { T x = r[j], y = a[i + j]; r[j] = KEEP ? x : y; } \
      for (int j = 0; j < 16; j++) { T x = best, y = r[j]; best = KEEP ? x : y; }    \
    }                                                                                \
    for (; i < n; i++) { T x = best, y = a[i * sa]; best = KEEP ? x : y; }           \
    return best;                                                                     \
  }

EXTREME(max_f32, float, (x >= y || x != x))
EXTREME(min_f32, float, (x <= y || x != x))
EXTREME(max_f64, double, (x >= y || x != x))
EXTREME(min_f64, double, (x <= y || x != x))

#define FOLD(T, EXPR)                                                                \
  do {                                                                               \
    T x = *(T *)out;                                                                 \
    const T *p = a;                                                                  \
    for (ptrdiff_t i = 0; i < n; i++) { T y = p[i * sa]; x = (T)(EXPR); }            \
    *(T *)out = x;                                                                   \
  } while (0)

#define REDUCE_INTEGER(T, U)                                                         \
  switch (op) {                                                                      \
  case GK_ADD: FOLD(T, (U)x + (U)y); break;                                          \
  case GK_MUL: FOLD(T, (U)x * (U)y); break;                                          \
  case GK_MAX: FOLD(T, x > y ? x : y); break;                                        \
  case GK_MIN: FOLD(T, x < y ? x : y); break;                                        \
  }                                                                                  \
  break

void gk_reduce(int op, int dtype, ptrdiff_t n, void *out, const void *a, ptrdiff_t sa) {
  switch (dtype) {
  case GK_F32:
    switch (op) {
    case GK_ADD: *(float *)out += sum_f32(n, a, sa); break;
    case GK_MUL: FOLD(float, x * y); break;
    case GK_MAX: *(float *)out = max_f32(*(float *)out, n, a, sa); break;
    case GK_MIN: *(float *)out = min_f32(*(float *)out, n, a, sa); break;
    }
    break;
  case GK_F64:
    switch (op) {
    case GK_ADD: *(double *)out += sum_f64(n, a, sa); break;
    case GK_MUL: FOLD(double, x * y); break;
    case GK_MAX: *(double *)out = max_f64(*(double *)out, n, a, sa); break;
    case GK_MIN: *(double *)out = min_f64(*(double *)out, n, a, sa); break;
    }
    break;
  case GK_I64: REDUCE_INTEGER(int64_t, uint64_t);
  case GK_I32: REDUCE_INTEGER(int32_t, uint32_t);
  case GK_U8: case GK_BOOL: REDUCE_INTEGER(uint8_t, uint32_t);
  }
}

#define ARG(T, NANTEST)                                                              \
  do {                                                                               \
    const T *p = a;                                                                  \
    T best = p[0];                                                                   \
    for (ptrdiff_t i = 0; i < n; i++) {                                              \
      T x = p[i * sa];                                                               \
      if (NANTEST) return i;                                                         \
      if (largest ? x > best : x < best) { best = x; at = i; }                       \
    }                                                                                \
  } while (0)

ptrdiff_t gk_argextreme(int largest, int dtype, ptrdiff_t n, const void *a, ptrdiff_t sa) {
  ptrdiff_t at = 0;
  switch (dtype) {
  case GK_F32: ARG(float, x != x); break;
  case GK_F64: ARG(double, x != x); break;
  case GK_I64: ARG(int64_t, 0); break;
  case GK_I32: ARG(int32_t, 0); break;
  case GK_U8: case GK_BOOL: ARG(uint8_t, 0); break;
  }
  return at;
}

CLONES void gk_column_sums(int dtype, ptrdiff_t rows, ptrdiff_t cols, double beta, void *out,
                           const void *x) {
#define SUMS(T)                                                                      \
  do {                                                                               \
    T *o = out;                                                                      \
    const T *p = x;                                                                  \
    for (ptrdiff_t j = 0; j < cols; j++) o[j] = beta == 0 ? 0 : (T)beta * o[j];      \
    for (ptrdiff_t i = 0; i < rows; i++)                                             \
      for (ptrdiff_t j = 0; j < cols; j++) o[j] += p[i * cols + j];                  \
  } while (0)
  if (dtype == GK_F32) SUMS(float);
  else SUMS(double);
}
