#include "functions.h"
#include "kernels.h"

#define EACH                                                                         \
  _Pragma("clang loop vectorize(assume_safety)")                                     \
  for (ptrdiff_t i = 0; i < n; i++)

#define OPTIMIZERS(S, T)                                                             \
  CLONES static void sgd_##S(ptrdiff_t n, T *p, const T *g, T rate, T decay) {       \
    if (decay == 0) {                                                                \
      EACH { p[i] = p[i] - rate * g[i]; }                                            \
    } else {                                                                         \
      EACH { p[i] = p[i] - rate * (g[i] + decay * p[i]); }                           \
    }                                                                                \
  }                                                                                  \
  CLONES static void momentum_##S(ptrdiff_t n, T *p, T *v, const T *g, T rate, T momentum, \
                                  int nesterov, T decay) {                           \
    if (nesterov) {                                                                  \
      EACH {                                                                         \
        T d = rate * (g[i] + decay * p[i]);                                          \
        T w = momentum * v[i] - d;                                                   \
        v[i] = w;                                                                    \
        p[i] = p[i] + (momentum * w - d);                                            \
      }                                                                              \
    } else {                                                                         \
      EACH {                                                                         \
        T w = momentum * v[i] - rate * (g[i] + decay * p[i]);                        \
        v[i] = w;                                                                    \
        p[i] = p[i] + w;                                                             \
      }                                                                              \
    }                                                                                \
  }                                                                                  \
  CLONES static void adam_##S(ptrdiff_t n, T *p, T *m, T *v, const T *g, T rate, T beta1, \
                              T beta2, T rest1, T rest2, T eps, T c1, T c2, T decay) { \
    T step = rate / c1, shrink = 1 / __builtin_elementwise_sqrt(c2);                 \
    EACH {                                                                           \
      T a = beta1 * m[i] + rest1 * g[i];                                             \
      T b = beta2 * v[i] + rest2 * (g[i] * g[i]);                                    \
      m[i] = a;                                                                      \
      v[i] = b;                                                                      \
      T d = __builtin_elementwise_sqrt(b) * shrink + eps;                            \
      p[i] = p[i] - (step * a / d + rate * decay * p[i]);                            \
    }                                                                                \
  }

OPTIMIZERS(f32, float)
OPTIMIZERS(f64, double)

void gk_sgd(int dtype, ptrdiff_t n, void *p, const void *g, double rate, double decay) {
  if (dtype == GK_F32) sgd_f32(n, p, g, (float)rate, (float)decay);
  else sgd_f64(n, p, g, rate, decay);
}

void gk_momentum(int dtype, ptrdiff_t n, void *p, void *v, const void *g, double rate,
                 double momentum, int nesterov, double decay) {
  if (dtype == GK_F32)
    momentum_f32(n, p, v, g, (float)rate, (float)momentum, nesterov, (float)decay);
  else
    momentum_f64(n, p, v, g, rate, momentum, nesterov, decay);
}

void gk_adam(int dtype, ptrdiff_t n, void *p, void *m, void *v, const void *g, double rate,
             double beta1, double beta2, double eps, double c1, double c2, double decay) {
  if (dtype == GK_F32)
    adam_f32(n, p, m, v, g, (float)rate, (float)beta1, (float)beta2, (float)(1 - beta1),
             (float)(1 - beta2), (float)eps, (float)c1, (float)c2, (float)decay);
  else
    adam_f64(n, p, m, v, g, rate, beta1, beta2, 1 - beta1, 1 - beta2, eps, c1, c2, decay);
}
