#include "functions.h"
#include "kernels.h"

#define EACH                                                                         \
  _Pragma("clang loop vectorize(assume_safety)")                                     \
  for (ptrdiff_t i = 0; i < n; i++)

// The step of RMSProp, with momentum where it is gathered.
#define RMS_MOVE                                                                     \
  if (b) {                                                                           \
    u = momentum * b[i] + early * u;                                                 \
    b[i] = u;                                                                        \
    p[i] = p[i] - final * u;                                                         \
  } else {                                                                           \
    p[i] = p[i] - rate * u;                                                          \
  }

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
  CLONES static void velocity_##S(ptrdiff_t n, T *p, T *v, const T *g, T rate, T momentum, \
                                  T share, int nesterov) {                           \
    if (nesterov) {                                                                  \
      EACH {                                                                         \
        T w = momentum * v[i] + share * g[i];                                        \
        v[i] = w;                                                                    \
        p[i] = p[i] - rate * (g[i] + momentum * w);                                  \
      }                                                                              \
    } else {                                                                         \
      EACH {                                                                         \
        T w = momentum * v[i] + share * g[i];                                        \
        v[i] = w;                                                                    \
        p[i] = p[i] - rate * w;                                                      \
      }                                                                              \
    }                                                                                \
  }                                                                                  \
  CLONES static void adam_##S(ptrdiff_t n, T *p, T *m, T *v, T *largest, const T *g, T rate, \
                              T beta1, T beta2, T rest1, T rest2, T eps, T c1, T c2, T decay) { \
    T step = rate / c1, shrink = 1 / __builtin_elementwise_sqrt(c2);                 \
    if (largest) {                                                                   \
      EACH {                                                                         \
        T a = beta1 * m[i] + rest1 * g[i];                                           \
        T b = beta2 * v[i] + rest2 * (g[i] * g[i]);                                  \
        m[i] = a;                                                                    \
        v[i] = b;                                                                    \
        T most = largest[i] >= b ? largest[i] : b;                                   \
        largest[i] = most;                                                           \
        T d = __builtin_elementwise_sqrt(most) * shrink + eps;                       \
        p[i] = p[i] - (step * a / d + rate * decay * p[i]);                          \
      }                                                                              \
    } else {                                                                         \
      EACH {                                                                         \
        T a = beta1 * m[i] + rest1 * g[i];                                           \
        T b = beta2 * v[i] + rest2 * (g[i] * g[i]);                                  \
        m[i] = a;                                                                    \
        v[i] = b;                                                                    \
        T d = __builtin_elementwise_sqrt(b) * shrink + eps;                          \
        p[i] = p[i] - (step * a / d + rate * decay * p[i]);                          \
      }                                                                              \
    }                                                                                \
  }                                                                                  \
  CLONES static void nadam_##S(ptrdiff_t n, T *p, T *m, T *v, const T *g, T beta1, T beta2, \
                               T rest1, T rest2, T eps, T ahead, T now, T c2) {      \
    T shrink = 1 / __builtin_elementwise_sqrt(c2);                                   \
    EACH {                                                                           \
      T a = beta1 * m[i] + rest1 * g[i];                                             \
      T b = beta2 * v[i] + rest2 * (g[i] * g[i]);                                    \
      m[i] = a;                                                                      \
      v[i] = b;                                                                      \
      T d = __builtin_elementwise_sqrt(b) * shrink + eps;                            \
      p[i] = p[i] - (ahead * a + now * g[i]) / d;                                    \
    }                                                                                \
  }                                                                                  \
  CLONES static void rms_##S(ptrdiff_t n, T *p, T *v, T *m, T *b, const T *g, T rate, T rho, \
                             T rest, T inside, T outside, T momentum, int late) {    \
    T early = late ? 1 : rate, final = late ? rate : 1;                              \
    if (m) {                                                                         \
      EACH {                                                                         \
        T a = rho * v[i] + rest * (g[i] * g[i]);                                     \
        T c = rho * m[i] + rest * g[i];                                              \
        v[i] = a;                                                                    \
        m[i] = c;                                                                    \
        T s = a - c * c;                                                             \
        s = s > 0 ? s : 0;                                                           \
        T u = g[i] / (__builtin_elementwise_sqrt(s + inside) + outside);             \
        RMS_MOVE                                                                     \
      }                                                                              \
    } else {                                                                         \
      EACH {                                                                         \
        T a = rho * v[i] + rest * (g[i] * g[i]);                                     \
        v[i] = a;                                                                    \
        T u = g[i] / (__builtin_elementwise_sqrt(a + inside) + outside);             \
        RMS_MOVE                                                                     \
      }                                                                              \
    }                                                                                \
  }                                                                                  \
  CLONES static void adagrad_##S(ptrdiff_t n, T *p, T *a, const T *g, T rate, T inside, \
                                 T outside) {                                        \
    EACH {                                                                           \
      T s = a[i] + g[i] * g[i];                                                      \
      a[i] = s;                                                                      \
      p[i] = p[i] - rate * g[i] / (__builtin_elementwise_sqrt(s + inside) + outside); \
    }                                                                                \
  }                                                                                  \
  CLONES static void adadelta_##S(ptrdiff_t n, T *p, T *a, T *d, const T *g, T rate, T rho, \
                                  T rest, T eps) {                                   \
    EACH {                                                                           \
      T s = rho * a[i] + rest * (g[i] * g[i]);                                       \
      T u = __builtin_elementwise_sqrt(d[i] + eps) / __builtin_elementwise_sqrt(s + eps) * g[i]; \
      a[i] = s;                                                                      \
      d[i] = rho * d[i] + rest * (u * u);                                            \
      p[i] = p[i] - rate * u;                                                        \
    }                                                                                \
  }                                                                                  \
  CLONES static void adamax_##S(ptrdiff_t n, T *p, T *m, T *largest, const T *g, T rate, \
                                T beta1, T beta2, T rest1, T inside, T outside, T c1) { \
    T step = rate / c1;                                                              \
    EACH {                                                                           \
      T a = beta1 * m[i] + rest1 * g[i];                                             \
      m[i] = a;                                                                      \
      T size = __builtin_elementwise_abs(g[i]) + inside;                             \
      T u = beta2 * largest[i];                                                      \
      u = u >= size ? u : size;                                                      \
      largest[i] = u;                                                                \
      p[i] = p[i] - step * a / (u + outside);                                        \
    }                                                                                \
  }                                                                                  \
  CLONES static void lion_##S(ptrdiff_t n, T *p, T *m, const T *g, T rate, T beta1, T beta2, \
                              T rest1, T rest2) {                                    \
    EACH {                                                                           \
      T a = beta1 * m[i] + rest1 * g[i];                                             \
      m[i] = beta2 * m[i] + rest2 * g[i];                                            \
      T sign = a > 0 ? (T)1 : a < 0 ? (T)-1 : a;                                     \
      p[i] = p[i] - rate * sign;                                                     \
    }                                                                                \
  }                                                                                  \
  CLONES static void scale_##S(ptrdiff_t n, T *p, T factor) {                        \
    EACH { p[i] = p[i] * factor; }                                                   \
  }                                                                                  \
  CLONES static void mix_##S(ptrdiff_t n, T *p, const T *x, T factor) {              \
    EACH { p[i] = p[i] + factor * x[i]; }                                            \
  }                                                                                  \
  CLONES static void limit_##S(ptrdiff_t n, T *p, T bound) {                         \
    EACH {                                                                           \
      T x = p[i];                                                                    \
      x = x > bound ? bound : x;                                                     \
      p[i] = x < -bound ? -bound : x;                                                \
    }                                                                                \
  }                                                                                  \
  CLONES static double squares_##S(ptrdiff_t n, const T *x) {                        \
    double lanes[16] = {0};                                                          \
    ptrdiff_t whole = n / 16 * 16;                                                   \
    for (ptrdiff_t i = 0; i < whole; i += 16) {                                      \
      for (int k = 0; k < 16; k++) lanes[k] += (double)x[i + k] * (double)x[i + k];  \
    }                                                                                \
    double sum = 0;                                                                  \
    for (int k = 0; k < 16; k++) sum += lanes[k];                                    \
    for (ptrdiff_t i = whole; i < n; i++) sum += (double)x[i] * (double)x[i];        \
    return sum;                                                                      \
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

void gk_velocity(int dtype, ptrdiff_t n, void *p, void *v, const void *g, double rate,
                 double momentum, double share, int nesterov) {
  if (dtype == GK_F32)
    velocity_f32(n, p, v, g, (float)rate, (float)momentum, (float)share, nesterov);
  else
    velocity_f64(n, p, v, g, rate, momentum, share, nesterov);
}

void gk_adam(int dtype, ptrdiff_t n, void *p, void *m, void *v, void *largest, const void *g,
             double rate, double beta1, double beta2, double eps, double c1, double c2,
             double decay) {
  if (dtype == GK_F32)
    adam_f32(n, p, m, v, largest, g, (float)rate, (float)beta1, (float)beta2,
             (float)(1 - beta1), (float)(1 - beta2), (float)eps, (float)c1, (float)c2,
             (float)decay);
  else
    adam_f64(n, p, m, v, largest, g, rate, beta1, beta2, 1 - beta1, 1 - beta2, eps, c1, c2, decay);
}

void gk_nadam(int dtype, ptrdiff_t n, void *p, void *m, void *v, const void *g, double beta1,
              double beta2, double eps, double ahead, double now, double c2) {
  if (dtype == GK_F32)
    nadam_f32(n, p, m, v, g, (float)beta1, (float)beta2, (float)(1 - beta1), (float)(1 - beta2),
              (float)eps, (float)ahead, (float)now, (float)c2);
  else
    nadam_f64(n, p, m, v, g, beta1, beta2, 1 - beta1, 1 - beta2, eps, ahead, now, c2);
}

void gk_rms(int dtype, ptrdiff_t n, void *p, void *v, void *m, void *b, const void *g, double rate,
            double rho, double inside, double outside, double momentum, int late) {
  if (dtype == GK_F32)
    rms_f32(n, p, v, m, b, g, (float)rate, (float)rho, (float)(1 - rho), (float)inside,
            (float)outside, (float)momentum, late);
  else
    rms_f64(n, p, v, m, b, g, rate, rho, 1 - rho, inside, outside, momentum, late);
}

void gk_adagrad(int dtype, ptrdiff_t n, void *p, void *a, const void *g, double rate,
                double inside, double outside) {
  if (dtype == GK_F32) adagrad_f32(n, p, a, g, (float)rate, (float)inside, (float)outside);
  else adagrad_f64(n, p, a, g, rate, inside, outside);
}

void gk_adadelta(int dtype, ptrdiff_t n, void *p, void *a, void *d, const void *g, double rate,
                 double rho, double eps) {
  if (dtype == GK_F32)
    adadelta_f32(n, p, a, d, g, (float)rate, (float)rho, (float)(1 - rho), (float)eps);
  else
    adadelta_f64(n, p, a, d, g, rate, rho, 1 - rho, eps);
}

void gk_adamax(int dtype, ptrdiff_t n, void *p, void *m, void *largest, const void *g, double rate,
               double beta1, double beta2, double inside, double outside, double c1) {
  if (dtype == GK_F32)
    adamax_f32(n, p, m, largest, g, (float)rate, (float)beta1, (float)beta2, (float)(1 - beta1),
               (float)inside, (float)outside, (float)c1);
  else
    adamax_f64(n, p, m, largest, g, rate, beta1, beta2, 1 - beta1, inside, outside, c1);
}

void gk_lion(int dtype, ptrdiff_t n, void *p, void *m, const void *g, double rate, double beta1,
             double beta2) {
  if (dtype == GK_F32)
    lion_f32(n, p, m, g, (float)rate, (float)beta1, (float)beta2, (float)(1 - beta1),
             (float)(1 - beta2));
  else
    lion_f64(n, p, m, g, rate, beta1, beta2, 1 - beta1, 1 - beta2);
}

void gk_scale(int dtype, ptrdiff_t n, void *p, double factor) {
  if (dtype == GK_F32) scale_f32(n, p, (float)factor);
  else scale_f64(n, p, factor);
}

void gk_mix(int dtype, ptrdiff_t n, void *p, const void *x, double factor) {
  if (dtype == GK_F32) mix_f32(n, p, x, (float)factor);
  else mix_f64(n, p, x, factor);
}

void gk_limit(int dtype, ptrdiff_t n, void *p, double bound) {
  if (dtype == GK_F32) limit_f32(n, p, (float)bound);
  else limit_f64(n, p, bound);
}

double gk_squares(int dtype, ptrdiff_t n, const void *x) {
  return dtype == GK_F32 ? squares_f32(n, x) : squares_f64(n, x);
}
