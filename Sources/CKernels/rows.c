#include "functions.h"
#include "kernels.h"

// Sums over a row run in sixteen fixed lanes, so that every instruction set adds in one order.
#define LANES 16
#define LANE_SUM(T, TOTAL, EXPR)                                                     \
  T TOTAL;                                                                           \
  do {                                                                               \
    T lane[LANES] = {0};                                                             \
    ptrdiff_t j = 0;                                                                 \
    for (; j + LANES <= cols; j += LANES)                                            \
      for (int l = 0; l < LANES; l++) { ptrdiff_t at = j + l; lane[l] += (EXPR); }   \
    for (int l = 0; j < cols; j++, l++) { ptrdiff_t at = j; lane[l] += (EXPR); }     \
    for (int w = LANES / 2; w > 0; w /= 2)                                           \
      for (int l = 0; l < w; l++) lane[l] += lane[l + w];                            \
    TOTAL = lane[0];                                                                 \
  } while (0)

// The maximum of a row; a NaN wins.
#define ROW_MAX(T, M, X)                                                             \
  T M;                                                                               \
  do {                                                                               \
    ptrdiff_t j = 0;                                                                 \
    if (cols < LANES) {                                                              \
      M = X[0];                                                                      \
      for (j = 1; j < cols; j++) M = M >= X[j] || M != M ? M : X[j];                 \
      break;                                                                         \
    }                                                                                \
    T lane[LANES];                                                                   \
    for (int l = 0; l < LANES; l++) lane[l] = X[0];                                  \
    for (; j + LANES <= cols; j += LANES)                                            \
      for (int l = 0; l < LANES; l++) {                                              \
        T v = X[j + l];                                                              \
        lane[l] = lane[l] >= v || lane[l] != lane[l] ? lane[l] : v;                  \
      }                                                                              \
    M = lane[0];                                                                     \
    for (int l = 1; l < LANES; l++) M = M >= lane[l] || M != M ? M : lane[l];        \
    for (; j < cols; j++) M = M >= X[j] || M != M ? M : X[j];                        \
  } while (0)

// Rows are taken in groups of about this many elements, so that exponentials run over a flat range,
// whatever the length of a row.
#define GROUP 4096

// y = e^(x - largest of its row), one group of rows at a time.
#define EXPONENTIALS(T, S)                                                           \
  INLINE void exponentials_##S(ptrdiff_t rows, ptrdiff_t cols, const T *x, T *y) {   \
    for (ptrdiff_t i = 0; i < rows; i++) {                                           \
      const T *p = x + i * cols;                                                     \
      T *q = y + i * cols;                                                           \
      ROW_MAX(T, m, p);                                                              \
      for (ptrdiff_t j = 0; j < cols; j++) q[j] = p[j] - m;                          \
    }                                                                                \
    for (ptrdiff_t j = 0; j < rows * cols; j++) y[j] = exp_##S(y[j]);                \
  }

EXPONENTIALS(float, f32)
EXPONENTIALS(double, f64)

#define SOFTMAX(NAME, T, S)                                                          \
  CLONES static void NAME(int logarithm, ptrdiff_t rows, ptrdiff_t cols, T *y, const T *x) { \
    ptrdiff_t group = cols < GROUP ? GROUP / cols : 1;                               \
    for (ptrdiff_t first = 0; first < rows; first += group) {                        \
      if (group > rows - first) group = rows - first;                                \
      exponentials_##S(group, cols, x, y);                                           \
      for (ptrdiff_t i = 0; i < group; i++, x += cols, y += cols) {                  \
        LANE_SUM(T, total, y[at]);                                                   \
        if (logarithm) {                                                             \
          ROW_MAX(T, m, x);                                                          \
          T shift = log_##S(total);                                                  \
          for (ptrdiff_t j = 0; j < cols; j++) y[j] = (x[j] - m) - shift;            \
        } else {                                                                     \
          for (ptrdiff_t j = 0; j < cols; j++) y[j] = y[j] / total;                  \
        }                                                                            \
      }                                                                              \
    }                                                                                \
  }                                                                                  \
  CLONES static void NAME##_back(int logarithm, ptrdiff_t rows, ptrdiff_t cols, T *dx, \
                                 const T *y, const T *g) {                           \
    for (ptrdiff_t i = 0; i < rows; i++, y += cols, g += cols, dx += cols) {         \
      if (logarithm) {                                                               \
        LANE_SUM(T, total, g[at]);                                                   \
        for (ptrdiff_t j = 0; j < cols; j++) dx[j] = g[j] - exp_##S(y[j]) * total;   \
      } else {                                                                       \
        LANE_SUM(T, total, g[at] * y[at]);                                           \
        for (ptrdiff_t j = 0; j < cols; j++) dx[j] = y[j] * (g[j] - total);          \
      }                                                                              \
    }                                                                                \
  }                                                                                  \
  CLONES static double NAME##_xent(ptrdiff_t rows, ptrdiff_t cols, const T *z,       \
                                   const int64_t *labels, T scale, T *dz,            \
                                   ptrdiff_t *right) {                               \
    double sum = 0;                                                                  \
    ptrdiff_t group = cols < GROUP ? GROUP / cols : 1;                               \
    for (ptrdiff_t first = 0; first < rows; first += group) {                        \
      if (group > rows - first) group = rows - first;                                \
      exponentials_##S(group, cols, z, dz);                                          \
      for (ptrdiff_t i = 0; i < group; i++, z += cols, dz += cols) {                 \
        LANE_SUM(T, total, dz[at]);                                                  \
        ROW_MAX(T, m, z);                                                            \
        int64_t label = labels[first + i];                                           \
        if (label < 0 || label >= cols) { sum = NAN; label = 0; }                    \
        sum += (double)(log_##S(total) - (z[label] - m));                            \
        if (right && z[label] == m) {                                                \
          ptrdiff_t best = 0;                                                        \
          while (z[best] != m) best++;                                               \
          *right += best == label;                                                   \
        }                                                                            \
        T factor = scale / total;                                                    \
        for (ptrdiff_t j = 0; j < cols; j++) dz[j] *= factor;                        \
        dz[label] -= scale;                                                          \
      }                                                                              \
    }                                                                                \
    return sum;                                                                      \
  }

SOFTMAX(softmax_f32, float, f32)
SOFTMAX(softmax_f64, double, f64)

void gk_softmax(int dtype, int logarithm, ptrdiff_t rows, ptrdiff_t cols, void *y, const void *x) {
  if (cols == 0) return;
  if (dtype == GK_F32) softmax_f32(logarithm, rows, cols, y, x);
  else softmax_f64(logarithm, rows, cols, y, x);
}

void gk_softmax_back(int dtype, int logarithm, ptrdiff_t rows, ptrdiff_t cols, void *dx,
                     const void *y, const void *g) {
  if (dtype == GK_F32) softmax_f32_back(logarithm, rows, cols, dx, y, g);
  else softmax_f64_back(logarithm, rows, cols, dx, y, g);
}

double gk_softmax_xent(int dtype, ptrdiff_t rows, ptrdiff_t cols, const void *z,
                       const int64_t *labels, double scale, void *dz, ptrdiff_t *right) {
  if (cols == 0) return NAN;
  if (dtype == GK_F32) return softmax_f32_xent(rows, cols, z, labels, (float)scale, dz, right);
  return softmax_f64_xent(rows, cols, z, labels, scale, dz, right);
}

#define SQUARED_ERROR(NAME, T)                                                       \
  CLONES static double NAME(ptrdiff_t cols, const T *y, const T *t, T scale, T *dy) { \
    LANE_SUM(double, total, ((double)y[at] - t[at]) * ((double)y[at] - t[at]));      \
    if (dy)                                                                          \
      for (ptrdiff_t j = 0; j < cols; j++) dy[j] = (y[j] - t[j]) * scale;            \
    return total;                                                                    \
  }

SQUARED_ERROR(squared_error_f32, float)
SQUARED_ERROR(squared_error_f64, double)

double gk_squared_error(int dtype, ptrdiff_t n, const void *y, const void *t, double scale,
                        void *dy) {
  if (dtype == GK_F32) return squared_error_f32(n, y, t, (float)scale, dy);
  return squared_error_f64(n, y, t, scale, dy);
}

// Scale and slope of the self-normalizing network (Klambauer et al. 2017).
#define SELU_SCALE 1.0507009873554804934193349852946
#define SELU_ALPHA 1.6732632423543772848170429916717

#define ACTIVATE(EXPR)                                                               \
  for (ptrdiff_t i = 0; i < rows; i++, x += cols, y += cols)                         \
    if (bias) {                                                                      \
      _Pragma("clang loop vectorize(assume_safety)")                                 \
      for (ptrdiff_t j = 0; j < cols; j++) { T v = x[j] + bias[j]; y[j] = EXPR; }    \
    } else {                                                                         \
      _Pragma("clang loop vectorize(assume_safety)")                                 \
      for (ptrdiff_t j = 0; j < cols; j++) { T v = x[j]; y[j] = EXPR; }              \
    }                                                                                \
  break

#define BACK(EXPR)                                                                   \
  _Pragma("clang loop vectorize(assume_safety)")                                     \
  for (ptrdiff_t i = 0; i < n; i++) { T v = y[i], d = g[i]; dz[i] = EXPR; }          \
  break

// The same with t, which the slope needs more than once.
#define BACK_OF(INNER, EXPR)                                                         \
  _Pragma("clang loop vectorize(assume_safety)")                                     \
  for (ptrdiff_t i = 0; i < n; i++) { T v = y[i], d = g[i], t = INNER; dz[i] = EXPR; } \
  break

#define SIZE(V) ((V) < 0 ? -(V) : (V))
// v times a share that vanishes on one side, where an infinite v would make it NaN.
INLINE float gate_f32(float v, float share) { return share == 0 ? share : v * share; }
INLINE double gate_f64(double v, double share) { return share == 0 ? share : v * share; }
// Beyond this every slope has reached its limit, and infinity times zero must not appear.
#define NEAR_PART(V) SUFFIX(clamp)(V, -1000, 1000)
// Twice the argument of the tanh in the tanh form of GELU (Hendrycks and Gimpel 2016): then
// (1 + tanh(u)) / 2 is the sigmoid of 2 u, and its derivative.
#define GELU_INNER(T, V) ((T)1.59576912160573071176 * ((V) + (T)0.044715 * (V) * (V) * (V)))
#define GELU_SLOPE(T, V) ((T)1.59576912160573071176 * (1 + (T)0.134145 * (V) * (V)))

#define TYPE float
#define SUFFIX(NAME) NAME##_f32
#include "activations.inc"
#undef TYPE
#undef SUFFIX
#define TYPE double
#define SUFFIX(NAME) NAME##_f64
#include "activations.inc"
#undef TYPE
#undef SUFFIX

void gk_bias_act(int act, int dtype, double alpha, ptrdiff_t rows, ptrdiff_t cols, void *y,
                 const void *x, const void *bias) {
  if (dtype == GK_F32) bias_act_f32(act, (float)alpha, rows, cols, y, x, bias);
  else bias_act_f64(act, alpha, rows, cols, y, x, bias);
}

void gk_act_back(int act, int dtype, double alpha, ptrdiff_t n, void *dz, const void *y,
                 const void *g) {
  if (dtype == GK_F32) act_back_f32(act, (float)alpha, n, dz, y, g);
  else act_back_f64(act, alpha, n, dz, y, g);
}
