#include "functions.h"
#include "kernels.h"

#include <math.h>

// Columns are taken in blocks whose sums stay in registers and the first cache; rows in runs, so
// that the sums of many rows lose little.
#define BLOCK 64
#define RUN 128

// The sum over all rows of EXPR, for the columns from `from`, into TOTAL.
#define COLUMN_SUMS(T, TOTAL, EXPR)                                                  \
  do {                                                                               \
    for (ptrdiff_t j = 0; j < n; j++) TOTAL[j] = 0;                                  \
    for (ptrdiff_t first = 0; first < rows; first += RUN) {                          \
      T part[BLOCK];                                                                 \
      for (ptrdiff_t j = 0; j < n; j++) part[j] = 0;                                 \
      ptrdiff_t last = first + RUN < rows ? first + RUN : rows;                      \
      for (ptrdiff_t i = first; i < last; i++)                                       \
        for (ptrdiff_t j = 0; j < n; j++) {                                          \
          ptrdiff_t at = i * cols + from + j;                                        \
          part[j] += (EXPR);                                                         \
        }                                                                            \
      for (ptrdiff_t j = 0; j < n; j++) TOTAL[j] += part[j];                         \
    }                                                                                \
  } while (0)

// The sum over a row in eight fixed lanes of f64.
#define ROW_SUM(TOTAL, EXPR)                                                         \
  double TOTAL;                                                                      \
  do {                                                                               \
    double lane[8] = {0};                                                            \
    ptrdiff_t j = 0;                                                                 \
    for (; j + 8 <= cols; j += 8)                                                    \
      for (int l = 0; l < 8; l++) { ptrdiff_t at = j + l; lane[l] += (EXPR); }       \
    for (int l = 0; j < cols; j++, l++) { ptrdiff_t at = j; lane[l] += (EXPR); }     \
    for (int w = 4; w > 0; w /= 2)                                                   \
      for (int l = 0; l < w; l++) lane[l] += lane[l + w];                            \
    TOTAL = lane[0];                                                                 \
  } while (0)

#define EACH _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t j = 0; j < n; j++)

#define NORMALIZATION(S, T, SQRT)                                                    \
  CLONES static void batch_norm_##S(                                                 \
      ptrdiff_t rows, ptrdiff_t cols, T eps, int batch, T *mean, T *var, T *inv,     \
      const T *gamma, const T *beta, T *normal, T *y, const T *x) {                  \
    for (ptrdiff_t from = 0; from < cols; from += BLOCK) {                           \
      ptrdiff_t n = cols - from < BLOCK ? cols - from : BLOCK;                       \
      T about[BLOCK], rest[BLOCK], sum[BLOCK], scale[BLOCK], shift[BLOCK];           \
      if (batch) {                                                                   \
        /* Distances from the first row: exact also far from zero. */                \
        for (ptrdiff_t j = 0; j < n; j++) about[j] = x[from + j];                    \
        COLUMN_SUMS(T, rest, x[at] - about[j]);                                      \
        for (ptrdiff_t j = 0; j < n; j++) rest[j] = rest[j] / (T)rows;               \
        COLUMN_SUMS(T, sum, (x[at] - about[j] - rest[j]) * (x[at] - about[j] - rest[j])); \
        for (ptrdiff_t j = 0; j < n; j++) {                                          \
          mean[from + j] = about[j] + rest[j];                                       \
          var[from + j] = sum[j] / (T)rows;                                          \
        }                                                                            \
      } else {                                                                       \
        for (ptrdiff_t j = 0; j < n; j++) about[j] = mean[from + j], rest[j] = 0;    \
      }                                                                              \
      for (ptrdiff_t j = 0; j < n; j++) {                                            \
        inv[from + j] = 1 / SQRT(var[from + j] + eps);                               \
        scale[j] = gamma ? gamma[from + j] : 1;                                      \
        shift[j] = beta ? beta[from + j] : 0;                                        \
      }                                                                              \
      for (ptrdiff_t i = 0; i < rows; i++) {                                         \
        const T *p = x + i * cols + from;                                            \
        T *q = normal + i * cols + from, *r = y + i * cols + from;                   \
        EACH {                                                                       \
          T v = (p[j] - about[j] - rest[j]) * inv[from + j];                         \
          q[j] = v;                                                                  \
          r[j] = v * scale[j] + shift[j];                                            \
        }                                                                            \
      }                                                                              \
    }                                                                                \
  }                                                                                  \
  CLONES static void batch_norm_back_##S(                                            \
      ptrdiff_t rows, ptrdiff_t cols, int batch, T *dx, T *dgamma, T *dbeta,         \
      const T *gamma, const T *inv, const T *normal, const T *g) {                   \
    for (ptrdiff_t from = 0; from < cols; from += BLOCK) {                           \
      ptrdiff_t n = cols - from < BLOCK ? cols - from : BLOCK;                       \
      T sum[BLOCK], dot[BLOCK], scale[BLOCK];                                        \
      if (batch) {                                                                   \
        COLUMN_SUMS(T, sum, g[at]);                                                  \
        COLUMN_SUMS(T, dot, g[at] * normal[at]);                                     \
        for (ptrdiff_t j = 0; j < n; j++) {                                          \
          if (dbeta) dbeta[from + j] = sum[j];                                       \
          if (dgamma) dgamma[from + j] = dot[j];                                     \
          sum[j] = sum[j] / (T)rows;                                                 \
          dot[j] = dot[j] / (T)rows;                                                 \
        }                                                                            \
      } else {                                                                       \
        for (ptrdiff_t j = 0; j < n; j++) sum[j] = 0, dot[j] = 0;                    \
      }                                                                              \
      if (!dx) continue;                                                             \
      for (ptrdiff_t j = 0; j < n; j++)                                              \
        scale[j] = (gamma ? gamma[from + j] : 1) * inv[from + j];                    \
      for (ptrdiff_t i = 0; i < rows; i++) {                                         \
        const T *p = g + i * cols + from, *q = normal + i * cols + from;             \
        T *r = dx + i * cols + from;                                                 \
        EACH r[j] = scale[j] * (p[j] - sum[j] - q[j] * dot[j]);                      \
      }                                                                              \
    }                                                                                \
  }                                                                                  \
  CLONES static void layer_norm_##S(                                                 \
      ptrdiff_t rows, ptrdiff_t cols, T eps, T *inv, const T *gamma, const T *beta,  \
      T *normal, T *y, const T *x) {                                                 \
    for (ptrdiff_t i = 0; i < rows; i++, x += cols, y += cols, normal += cols) {     \
      double about = x[0];                                                           \
      ROW_SUM(near, x[at] - about);                                                  \
      double rest = near / (double)cols;                                             \
      ROW_SUM(squares, (x[at] - about - rest) * (x[at] - about - rest));             \
      double root = 1 / sqrt(squares / (double)cols + (double)eps);                  \
      inv[i] = (T)root;                                                              \
      for (ptrdiff_t j = 0; j < cols; j++) {                                         \
        T v = (T)((x[j] - about - rest) * root);                                     \
        normal[j] = v;                                                               \
        y[j] = v * (gamma ? gamma[j] : 1) + (beta ? beta[j] : 0);                    \
      }                                                                              \
    }                                                                                \
  }                                                                                  \
  CLONES static void layer_norm_back_##S(                                            \
      ptrdiff_t rows, ptrdiff_t cols, T *dx, T *dgamma, T *dbeta, const T *gamma,    \
      const T *inv, const T *normal, const T *g) {                                   \
    for (ptrdiff_t j = 0; j < cols; j++) {                                           \
      if (dgamma) dgamma[j] = 0;                                                     \
      if (dbeta) dbeta[j] = 0;                                                       \
    }                                                                                \
    for (ptrdiff_t i = 0; i < rows; i++, normal += cols, g += cols) {                \
      if (dgamma)                                                                    \
        for (ptrdiff_t j = 0; j < cols; j++) dgamma[j] += g[j] * normal[j];          \
      if (dbeta)                                                                     \
        for (ptrdiff_t j = 0; j < cols; j++) dbeta[j] += g[j];                       \
      if (!dx) continue;                                                             \
      ROW_SUM(sum, (double)g[at] * (gamma ? gamma[at] : 1));                         \
      ROW_SUM(dot, (double)g[at] * (gamma ? gamma[at] : 1) * normal[at]);            \
      T s = (T)(sum / (double)cols), d = (T)(dot / (double)cols);                    \
      for (ptrdiff_t j = 0; j < cols; j++)                                           \
        dx[j] = inv[i] * (g[j] * (gamma ? gamma[j] : 1) - s - normal[j] * d);        \
      dx += cols;                                                                    \
    }                                                                                \
  }                                                                                  \
  CLONES static void prelu_##S(ptrdiff_t rows, ptrdiff_t cols, T *y, const T *x,     \
                               const T *alpha) {                                     \
    ptrdiff_t n = cols;                                                              \
    for (ptrdiff_t i = 0; i < rows; i++, x += cols, y += cols)                       \
      EACH y[j] = x[j] > 0 ? x[j] : alpha[j] * x[j];                                 \
  }                                                                                  \
  CLONES static void prelu_back_##S(ptrdiff_t rows, ptrdiff_t cols, T *dx, T *dalpha, \
                                    const T *alpha, const T *x, const T *g) {        \
    ptrdiff_t n = cols;                                                              \
    for (ptrdiff_t j = 0; j < cols; j++) dalpha[j] = 0;                              \
    for (ptrdiff_t i = 0; i < rows; i++, x += cols, g += cols) {                     \
      EACH dalpha[j] += x[j] > 0 ? 0 : g[j] * x[j];                                  \
      if (!dx) continue;                                                             \
      EACH dx[j] = x[j] > 0 ? g[j] : alpha[j] * g[j];                                \
      dx += cols;                                                                    \
    }                                                                                \
  }                                                                                  \
  CLONES static void blend_##S(ptrdiff_t n, T *out, T keep, T share, const T *x) {   \
    EACH out[j] = keep * out[j] + share * x[j];                                      \
  }

NORMALIZATION(f32, float, sqrtf)
NORMALIZATION(f64, double, sqrt)

void gk_batch_norm(int dtype, ptrdiff_t rows, ptrdiff_t cols, double eps, int batch, void *mean,
                   void *var, void *inv, const void *gamma, const void *beta, void *normal,
                   void *y, const void *x) {
  if (dtype == GK_F32)
    batch_norm_f32(rows, cols, (float)eps, batch, mean, var, inv, gamma, beta, normal, y, x);
  else batch_norm_f64(rows, cols, eps, batch, mean, var, inv, gamma, beta, normal, y, x);
}

void gk_batch_norm_back(int dtype, ptrdiff_t rows, ptrdiff_t cols, int batch, void *dx,
                        void *dgamma, void *dbeta, const void *gamma, const void *inv,
                        const void *normal, const void *g) {
  if (dtype == GK_F32)
    batch_norm_back_f32(rows, cols, batch, dx, dgamma, dbeta, gamma, inv, normal, g);
  else batch_norm_back_f64(rows, cols, batch, dx, dgamma, dbeta, gamma, inv, normal, g);
}

void gk_layer_norm(int dtype, ptrdiff_t rows, ptrdiff_t cols, double eps, void *inv,
                   const void *gamma, const void *beta, void *normal, void *y, const void *x) {
  if (cols == 0) return;
  if (dtype == GK_F32) layer_norm_f32(rows, cols, (float)eps, inv, gamma, beta, normal, y, x);
  else layer_norm_f64(rows, cols, eps, inv, gamma, beta, normal, y, x);
}

void gk_layer_norm_back(int dtype, ptrdiff_t rows, ptrdiff_t cols, void *dx, void *dgamma,
                        void *dbeta, const void *gamma, const void *inv, const void *normal,
                        const void *g) {
  if (dtype == GK_F32) layer_norm_back_f32(rows, cols, dx, dgamma, dbeta, gamma, inv, normal, g);
  else layer_norm_back_f64(rows, cols, dx, dgamma, dbeta, gamma, inv, normal, g);
}

void gk_prelu(int dtype, ptrdiff_t rows, ptrdiff_t cols, void *y, const void *x,
              const void *alpha) {
  if (dtype == GK_F32) prelu_f32(rows, cols, y, x, alpha);
  else prelu_f64(rows, cols, y, x, alpha);
}

void gk_prelu_back(int dtype, ptrdiff_t rows, ptrdiff_t cols, void *dx, void *dalpha,
                   const void *alpha, const void *x, const void *g) {
  if (dtype == GK_F32) prelu_back_f32(rows, cols, dx, dalpha, alpha, x, g);
  else prelu_back_f64(rows, cols, dx, dalpha, alpha, x, g);
}

void gk_blend(int dtype, ptrdiff_t n, void *out, double keep, double share, const void *x) {
  if (dtype == GK_F32) blend_f32(n, out, (float)keep, (float)share, x);
  else blend_f64(n, out, keep, share, x);
}
