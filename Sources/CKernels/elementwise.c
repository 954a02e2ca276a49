#include "functions.h"
#include "kernels.h"

// What calls libm cannot be vectorized, and need not say so.
#pragma clang diagnostic ignored "-Wpass-failed"

// The vectorizer may assume that equal pointers mean equal places, which is all the callers do.
#define VECTOR _Pragma("clang loop vectorize(assume_safety) interleave(enable)")

#define LOOP1(TO, TA, EXPR)                                                          \
  do {                                                                               \
    TO *o = out;                                                                     \
    const TA *p = a;                                                                 \
    if (so == 1 && sa == 1) {                                                        \
      VECTOR for (ptrdiff_t i = 0; i < n; i++) { TA x = p[i]; o[i] = (TO)(EXPR); }   \
    } else {                                                                         \
      for (ptrdiff_t i = 0; i < n; i++) { TA x = p[i * sa]; o[i * so] = (TO)(EXPR); } \
    }                                                                                \
  } while (0)

#define LOOP2(TO, T, EXPR)                                                           \
  do {                                                                               \
    TO *o = out;                                                                     \
    const T *p = a, *q = b;                                                          \
    if (so == 1 && sa == 1 && sb == 1) {                                             \
      VECTOR for (ptrdiff_t i = 0; i < n; i++) {                                     \
        T x = p[i], y = q[i]; o[i] = (TO)(EXPR); }                                   \
    } else if (so == 1 && sa == 1 && sb == 0) {                                      \
      T y = q[0];                                                                    \
      VECTOR for (ptrdiff_t i = 0; i < n; i++) { T x = p[i]; o[i] = (TO)(EXPR); }    \
    } else if (so == 1 && sa == 0 && sb == 1) {                                      \
      T x = p[0];                                                                    \
      VECTOR for (ptrdiff_t i = 0; i < n; i++) { T y = q[i]; o[i] = (TO)(EXPR); }    \
    } else {                                                                         \
      for (ptrdiff_t i = 0; i < n; i++) {                                            \
        T x = p[i * sa], y = q[i * sb]; o[i * so] = (TO)(EXPR); }                    \
    }                                                                                \
  } while (0)

// Python's floor division and remainder: the remainder has the sign of the divisor.
#define INTEGER(T, U, BITS)                                                          \
  INLINE T floordiv_##T(T x, T y) {                                                  \
    if (y == 0) return 0;                                                            \
    if (y == (T)-1) return (T)(0 - (U)x);                                            \
    T d = x / y;                                                                     \
    return (T)(d - ((x % y != 0) && ((x < 0) != (y < 0))));                          \
  }                                                                                  \
  INLINE T mod_##T(T x, T y) {                                                       \
    if (y == 0 || y == (T)-1) return 0;                                              \
    T m = x % y;                                                                     \
    return (T)(m != 0 && ((m < 0) != (y < 0)) ? m + y : m);                          \
  }                                                                                  \
  INLINE T pow_##T(T x, T y) {                                                       \
    U r = 1, b = (U)x;                                                               \
    if (y < 0) return 0;                                                             \
    for (U e = (U)y; e; e >>= 1) { if (e & 1) r *= b; b *= b; }                      \
    return (T)r;                                                                     \
  }                                                                                  \
  INLINE T shl_##T(T x, T y) { return y < 0 || y >= BITS ? 0 : (T)((U)x << y); }     \
  INLINE T shr_##T(T x, T y) {                                                       \
    return y < 0 || y >= BITS ? (T)(x < 0 ? -1 : 0) : (T)(x >> y); }

INTEGER(int32_t, uint32_t, 32)
INTEGER(int64_t, uint64_t, 64)
INLINE uint8_t floordiv_uint8_t(uint8_t x, uint8_t y) { return y ? x / y : 0; }
INLINE uint8_t mod_uint8_t(uint8_t x, uint8_t y) { return y ? x % y : 0; }
INLINE uint8_t pow_uint8_t(uint8_t x, uint8_t y) {
  uint32_t r = 1, b = x;
  for (uint32_t e = y; e; e >>= 1) { if (e & 1) r *= b; b *= b; }
  return (uint8_t)r;
}
INLINE uint8_t shl_uint8_t(uint8_t x, uint8_t y) { return y >= 8 ? 0 : (uint8_t)(x << y); }
INLINE uint8_t shr_uint8_t(uint8_t x, uint8_t y) { return y >= 8 ? 0 : (uint8_t)(x >> y); }

#define FLOATING(T, FMOD, FLOOR, COPYSIGN)                                           \
  INLINE T mod_##T(T x, T y) {                                                       \
    T m = FMOD(x, y);                                                                \
    if (m != 0) return (y < 0) != (m < 0) ? m + y : m;                               \
    return m == m ? COPYSIGN((T)0, y) : m;                                           \
  }                                                                                  \
  INLINE T floordiv_##T(T x, T y) {                                                  \
    if (y == 0) return x / y;                                                        \
    T m = FMOD(x, y), d = (x - m) / y;                                               \
    if (m != 0 && ((y < 0) != (m < 0))) d -= 1;                                      \
    if (d == 0) return COPYSIGN((T)0, x / y);                                        \
    T f = FLOOR(d);                                                                  \
    return d - f > (T)0.5 ? f + 1 : f;                                               \
  }

FLOATING(float, fmodf, floorf, copysignf)
FLOATING(double, fmod, floor, copysign)

CLONES static void binary_f32(int op, ptrdiff_t n, void *out, ptrdiff_t so, const void *a,
                              ptrdiff_t sa, const void *b, ptrdiff_t sb) {
  switch (op) {
  case GK_ADD: LOOP2(float, float, x + y); break;
  case GK_SUB: LOOP2(float, float, x - y); break;
  case GK_MUL: LOOP2(float, float, x * y); break;
  case GK_DIV: LOOP2(float, float, x / y); break;
  case GK_FLOORDIV: LOOP2(float, float, floordiv_float(x, y)); break;
  case GK_MOD: LOOP2(float, float, mod_float(x, y)); break;
  case GK_POW: LOOP2(float, float, powf(x, y)); break;
  case GK_MAX: LOOP2(float, float, x >= y || x != x ? x : y); break;
  case GK_MIN: LOOP2(float, float, x <= y || x != x ? x : y); break;
  case GK_ATAN2: LOOP2(float, float, atan2f(x, y)); break;
  }
}

CLONES static void binary_f64(int op, ptrdiff_t n, void *out, ptrdiff_t so, const void *a,
                              ptrdiff_t sa, const void *b, ptrdiff_t sb) {
  switch (op) {
  case GK_ADD: LOOP2(double, double, x + y); break;
  case GK_SUB: LOOP2(double, double, x - y); break;
  case GK_MUL: LOOP2(double, double, x * y); break;
  case GK_DIV: LOOP2(double, double, x / y); break;
  case GK_FLOORDIV: LOOP2(double, double, floordiv_double(x, y)); break;
  case GK_MOD: LOOP2(double, double, mod_double(x, y)); break;
  case GK_POW: LOOP2(double, double, pow(x, y)); break;
  case GK_MAX: LOOP2(double, double, x >= y || x != x ? x : y); break;
  case GK_MIN: LOOP2(double, double, x <= y || x != x ? x : y); break;
  case GK_ATAN2: LOOP2(double, double, atan2(x, y)); break;
  }
}

#define BINARY_INTEGER(NAME, T, U)                                                   \
  static void NAME(int op, ptrdiff_t n, void *out, ptrdiff_t so, const void *a,      \
                   ptrdiff_t sa, const void *b, ptrdiff_t sb) {                      \
    switch (op) {                                                                    \
    case GK_ADD: LOOP2(T, T, (U)x + (U)y); break;                                    \
    case GK_SUB: LOOP2(T, T, (U)x - (U)y); break;                                    \
    case GK_MUL: LOOP2(T, T, (U)x * (U)y); break;                                    \
    case GK_FLOORDIV: LOOP2(T, T, floordiv_##T(x, y)); break;                        \
    case GK_MOD: LOOP2(T, T, mod_##T(x, y)); break;                                  \
    case GK_POW: LOOP2(T, T, pow_##T(x, y)); break;                                  \
    case GK_MAX: LOOP2(T, T, x > y ? x : y); break;                                  \
    case GK_MIN: LOOP2(T, T, x < y ? x : y); break;                                  \
    case GK_AND: LOOP2(T, T, x & y); break;                                          \
    case GK_OR: LOOP2(T, T, x | y); break;                                           \
    case GK_XOR: LOOP2(T, T, x ^ y); break;                                          \
    case GK_SHL: LOOP2(T, T, shl_##T(x, y)); break;                                  \
    case GK_SHR: LOOP2(T, T, shr_##T(x, y)); break;                                  \
    }                                                                                \
  }

BINARY_INTEGER(binary_u8, uint8_t, uint32_t)
BINARY_INTEGER(binary_i32, int32_t, uint32_t)
BINARY_INTEGER(binary_i64, int64_t, uint64_t)

static void binary_bool(int op, ptrdiff_t n, void *out, ptrdiff_t so, const void *a,
                        ptrdiff_t sa, const void *b, ptrdiff_t sb) {
  switch (op) {
  case GK_ADD: case GK_OR: case GK_MAX: LOOP2(uint8_t, uint8_t, x | y); break;
  case GK_MUL: case GK_AND: case GK_MIN: LOOP2(uint8_t, uint8_t, x & y); break;
  case GK_SUB: case GK_XOR: LOOP2(uint8_t, uint8_t, x ^ y); break;
  }
}

void gk_binary(int op, int dtype, ptrdiff_t n, void *out, ptrdiff_t so, const void *a,
               ptrdiff_t sa, const void *b, ptrdiff_t sb) {
  switch (dtype) {
  case GK_F32: binary_f32(op, n, out, so, a, sa, b, sb); break;
  case GK_F64: binary_f64(op, n, out, so, a, sa, b, sb); break;
  case GK_I64: binary_i64(op, n, out, so, a, sa, b, sb); break;
  case GK_I32: binary_i32(op, n, out, so, a, sa, b, sb); break;
  case GK_U8: binary_u8(op, n, out, so, a, sa, b, sb); break;
  case GK_BOOL: binary_bool(op, n, out, so, a, sa, b, sb); break;
  }
}

#define COMPARE(T)                                                                   \
  switch (op) {                                                                      \
  case GK_LT: LOOP2(uint8_t, T, x < y); break;                                       \
  case GK_LE: LOOP2(uint8_t, T, x <= y); break;                                      \
  case GK_EQ: LOOP2(uint8_t, T, x == y); break;                                      \
  case GK_NE: LOOP2(uint8_t, T, x != y); break;                                      \
  }                                                                                  \
  break

CLONES void gk_compare(int op, int dtype, ptrdiff_t n, uint8_t *out, ptrdiff_t so, const void *a,
                       ptrdiff_t sa, const void *b, ptrdiff_t sb) {
  switch (dtype) {
  case GK_F32: COMPARE(float);
  case GK_F64: COMPARE(double);
  case GK_I64: COMPARE(int64_t);
  case GK_I32: COMPARE(int32_t);
  case GK_U8: case GK_BOOL: COMPARE(uint8_t);
  }
}

// Whether no angle needs libm; then the loop over them can be vectorized. The results are the same.
#define NEAR(NAME, T)                                                                \
  INLINE int NAME(ptrdiff_t n, const void *a, ptrdiff_t sa) {                        \
    const T *p = a;                                                                  \
    int far = 0;                                                                     \
    for (ptrdiff_t i = 0; i < n; i++) far |= __builtin_fabs(p[i * sa]) > TRIG_LIMIT; \
    return !far;                                                                     \
  }

NEAR(near_f32, float)
NEAR(near_f64, double)

#define UNARY_FLOAT(NAME, T, S, ABS, LOG2, LOG10, TAN, ASIN, ACOS, ATAN, SINH, COSH, SQRT)  \
  CLONES static void NAME(int op, ptrdiff_t n, void *out, ptrdiff_t so, const void *a,           \
                          ptrdiff_t sa) {                                                        \
    switch (op) {                                                                                \
    case GK_NEG: LOOP1(T, T, -x); break;                                                         \
    case GK_ABS: LOOP1(T, T, ABS(x)); break;                                                     \
    case GK_SIGN: LOOP1(T, T, x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x); break;                   \
    case GK_SQUARE: LOOP1(T, T, x * x); break;                                                   \
    case GK_NOT: LOOP1(uint8_t, T, x == 0); break;                                               \
    case GK_SQRT: LOOP1(T, T, __builtin_elementwise_sqrt(x)); break;                             \
    case GK_EXP: LOOP1(T, T, exp_##S(x)); break;                                                 \
    case GK_LOG: LOOP1(T, T, log_##S(x)); break;                                                 \
    case GK_EXPM1: LOOP1(T, T, expm1_##S(x)); break;                                             \
    case GK_LOG1P: LOOP1(T, T, log1p_##S(x)); break;                                             \
    case GK_LOG2: LOOP1(T, T, LOG2(x)); break;                                                   \
    case GK_LOG10: LOOP1(T, T, LOG10(x)); break;                                                 \
    case GK_SIN:                                                                                 \
      if (near_##S(n, a, sa)) LOOP1(T, T, sin_near(x));                                          \
      else LOOP1(T, T, sin_##S(x));                                                              \
      break;                                                                                     \
    case GK_COS:                                                                                 \
      if (near_##S(n, a, sa)) LOOP1(T, T, cos_near(x));                                          \
      else LOOP1(T, T, cos_##S(x));                                                              \
      break;                                                                                     \
    case GK_TAN: LOOP1(T, T, TAN(x)); break;                                                     \
    case GK_ASIN: LOOP1(T, T, ASIN(x)); break;                                                   \
    case GK_ACOS: LOOP1(T, T, ACOS(x)); break;                                                   \
    case GK_ATAN: LOOP1(T, T, ATAN(x)); break;                                                   \
    case GK_SINH: LOOP1(T, T, SINH(x)); break;                                                   \
    case GK_COSH: LOOP1(T, T, COSH(x)); break;                                                   \
    case GK_TANH: LOOP1(T, T, tanh_##S(x)); break;                                               \
    case GK_SIGMOID: LOOP1(T, T, sigmoid_##S(x)); break;                                         \
    case GK_SOFTPLUS: LOOP1(T, T, softplus_##S(x)); break;                                       \
    case GK_RELU: LOOP1(T, T, x < 0 ? 0 : x); break;                                             \
    case GK_ERF: LOOP1(T, T, erf_##S(x)); break;                                                \
    case GK_FLOOR: LOOP1(T, T, __builtin_elementwise_floor(x)); break;                           \
    case GK_CEIL: LOOP1(T, T, __builtin_elementwise_ceil(x)); break;                             \
    case GK_ROUND: LOOP1(T, T, __builtin_elementwise_roundeven(x)); break;                       \
    case GK_TRUNC: LOOP1(T, T, __builtin_elementwise_trunc(x)); break;                           \
    case GK_RECIPROCAL: LOOP1(T, T, 1 / x); break;                                               \
    case GK_ISNAN: LOOP1(uint8_t, T, x != x); break;                                             \
    case GK_ISINF: LOOP1(uint8_t, T, ABS(x) == (T)INFINITY); break;                              \
    case GK_ISFINITE: LOOP1(uint8_t, T, ABS(x) < (T)INFINITY); break;                            \
    }                                                                                            \
  }

UNARY_FLOAT(unary_f32, float, f32, __builtin_fabsf, log2f, log10f, tanf, asinf, acosf, atanf,
            sinhf, coshf, sqrtf)
UNARY_FLOAT(unary_f64, double, f64, __builtin_fabs, log2, log10, tan, asin, acos, atan, sinh,
            cosh, sqrt)

#define UNARY_INTEGER(T, U)                                                          \
  switch (op) {                                                                      \
  case GK_NEG: LOOP1(T, T, 0 - (U)x); break;                                         \
  case GK_ABS: LOOP1(T, T, x < 0 ? 0 - (U)x : (U)x); break;                          \
  case GK_SIGN: LOOP1(T, T, (x > 0) - (x < 0)); break;                               \
  case GK_SQUARE: LOOP1(T, T, (U)x * (U)x); break;                                   \
  case GK_INVERT: LOOP1(T, T, ~x); break;                                            \
  case GK_NOT: LOOP1(uint8_t, T, x == 0); break;                                     \
  case GK_RELU: LOOP1(T, T, x < 0 ? 0 : x); break;                                   \
  case GK_ISNAN: case GK_ISINF: LOOP1(uint8_t, T, ((void)x, 0)); break;              \
  case GK_ISFINITE: LOOP1(uint8_t, T, ((void)x, 1)); break;                          \
  default: LOOP1(T, T, x); break;                                                    \
  }                                                                                  \
  break

static void unary_bool(int op, ptrdiff_t n, void *out, ptrdiff_t so, const void *a,
                       ptrdiff_t sa) {
  switch (op) {
  case GK_INVERT: case GK_NOT: LOOP1(uint8_t, uint8_t, !x); break;
  case GK_ISNAN: case GK_ISINF: LOOP1(uint8_t, uint8_t, ((void)x, 0)); break;
  case GK_ISFINITE: LOOP1(uint8_t, uint8_t, ((void)x, 1)); break;
  default: LOOP1(uint8_t, uint8_t, x); break;
  }
}

void gk_unary(int op, int dtype, ptrdiff_t n, void *out, ptrdiff_t so, const void *a,
              ptrdiff_t sa) {
  switch (dtype) {
  case GK_F32: unary_f32(op, n, out, so, a, sa); break;
  case GK_F64: unary_f64(op, n, out, so, a, sa); break;
  case GK_I64: UNARY_INTEGER(int64_t, uint64_t);
  case GK_I32: UNARY_INTEGER(int32_t, uint32_t);
  case GK_U8: UNARY_INTEGER(uint8_t, uint32_t);
  case GK_BOOL: unary_bool(op, n, out, so, a, sa); break;
  }
}

// What does not fit becomes the lowest value, as x86 converts; undefined behaviour otherwise.
INLINE int64_t to_i64(double x) {
  return x >= -9223372036854775808.0 && x < 9223372036854775808.0 ? (int64_t)x : INT64_MIN;
}
INLINE int32_t to_i32(double x) {
  return x > -2147483649.0 && x < 2147483648.0 ? (int32_t)x : INT32_MIN;
}

#define CAST_FROM(T)                                                                 \
  switch (to) {                                                                      \
  case GK_BOOL: LOOP1(uint8_t, T, x != 0); break;                                    \
  case GK_U8: LOOP1(uint8_t, T, (uint64_t)(x)); break;                               \
  case GK_I32: LOOP1(int32_t, T, (uint32_t)(uint64_t)(x)); break;                    \
  case GK_I64: LOOP1(int64_t, T, x); break;                                          \
  case GK_F32: LOOP1(float, T, x); break;                                            \
  case GK_F64: LOOP1(double, T, x); break;                                           \
  }                                                                                  \
  break

#define CAST_FROM_FLOAT(T)                                                           \
  switch (to) {                                                                      \
  case GK_BOOL: LOOP1(uint8_t, T, x != 0); break;                                    \
  case GK_U8: LOOP1(uint8_t, T, (uint64_t)to_i64(x)); break;                         \
  case GK_I32: LOOP1(int32_t, T, to_i32(x)); break;                                  \
  case GK_I64: LOOP1(int64_t, T, to_i64(x)); break;                                  \
  case GK_F32: LOOP1(float, T, x); break;                                            \
  case GK_F64: LOOP1(double, T, x); break;                                           \
  }                                                                                  \
  break

CLONES void gk_cast(int to, int from, ptrdiff_t n, void *out, ptrdiff_t so, const void *a,
                    ptrdiff_t sa) {
  if (to == from && so == 1 && sa == 1) {
    static const size_t sizes[] = {1, 1, 4, 8, 4, 8};
    memmove(out, a, (size_t)n * sizes[to]);
    return;
  }
  switch (from) {
  case GK_BOOL: case GK_U8: CAST_FROM(uint8_t);
  case GK_I32: CAST_FROM(int32_t);
  case GK_I64: CAST_FROM(int64_t);
  case GK_F32: CAST_FROM_FLOAT(float);
  case GK_F64: CAST_FROM_FLOAT(double);
  }
}

#define WHERE(T)                                                                     \
  do {                                                                               \
    T *o = out;                                                                      \
    const T *p = a, *q = b;                                                          \
    for (ptrdiff_t i = 0; i < n; i++) o[i * so] = c[i * sc] ? p[i * sa] : q[i * sb]; \
  } while (0)

void gk_where(int dtype, ptrdiff_t n, void *out, ptrdiff_t so, const uint8_t *c, ptrdiff_t sc,
              const void *a, ptrdiff_t sa, const void *b, ptrdiff_t sb) {
  switch (dtype) {
  case GK_BOOL: case GK_U8: WHERE(uint8_t); break;
  case GK_I32: case GK_F32: WHERE(uint32_t); break;
  case GK_I64: case GK_F64: WHERE(uint64_t); break;
  }
}

CLONES double gk_exp(double x) { return exp_f64(x); }
CLONES double gk_log(double x) { return log_f64(x); }
CLONES double gk_sin(double x) { return sin_f64(x); }
CLONES double gk_cos(double x) { return cos_f64(x); }
CLONES double gk_tanh(double x) { return tanh_f64(x); }
