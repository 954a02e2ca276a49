#include "functions.h"
#include "kernels.h"

// Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
INLINE void philox(uint64_t key, uint64_t high, uint64_t counter, uint32_t c[4]) {
  c[0] = (uint32_t)counter;
  c[1] = (uint32_t)(counter >> 32);
  c[2] = (uint32_t)high;
  c[3] = (uint32_t)(high >> 32);
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++) {
    uint64_t a = (uint64_t)0xD2511F53u * c[0], b = (uint64_t)0xCD9E8D57u * c[2];
    uint32_t n0 = (uint32_t)(b >> 32) ^ c[1] ^ k0, n2 = (uint32_t)(a >> 32) ^ c[3] ^ k1;
    c[1] = (uint32_t)b;
    c[3] = (uint32_t)a;
    c[0] = n0;
    c[2] = n2;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

void gk_philox(uint64_t key, uint64_t high, uint64_t counter, uint32_t out[4]) {
  philox(key, high, counter, out);
}

INLINE double unit53(uint32_t a, uint32_t b) {
  uint64_t word = (uint64_t)a << 32 | b;
  return (double)(int64_t)(word >> 11) * 0x1p-53;
}

CLONES void gk_uniform(int dtype, uint64_t key, uint64_t high, uint64_t counter, ptrdiff_t n,
                       void *out) {
  uint32_t w[4];
  if (dtype == GK_F32) {
    float *o = out;
    for (ptrdiff_t i = 0; i < n; i += 4) {
      philox(key, high, counter++, w);
      for (int j = 0; j < 4 && i + j < n; j++) o[i + j] = (float)(int32_t)(w[j] >> 8) * 0x1p-24f;
    }
  } else {
    double *o = out;
    for (ptrdiff_t i = 0; i < n; i += 2) {
      philox(key, high, counter++, w);
      o[i] = unit53(w[0], w[1]);
      if (i + 1 < n) o[i + 1] = unit53(w[2], w[3]);
    }
  }
}

// Blocks are drawn first and transformed after, so that both loops are vectorized.
#define PAIRS 64

CLONES static void normal_pairs(uint64_t key, uint64_t high, uint64_t counter, double *a,
                                double *b) {
  double u[PAIRS], angle[PAIRS];
  for (int i = 0; i < PAIRS; i++) {
    uint32_t w[4];
    philox(key, high, counter + (uint64_t)i, w);
    u[i] = unit53(w[0], w[1]);
    angle[i] = unit53(w[2], w[3]) * 0x1.921fb54442d18p+2;
  }
  for (int i = 0; i < PAIRS; i++) {
    // 1 - u is never 0, so the logarithm is finite.
    double radius = __builtin_elementwise_sqrt(-2.0 * log_f64(1.0 - u[i]));
    a[i] = radius * cos_near(angle[i]);
    b[i] = radius * sin_near(angle[i]);
  }
}

void gk_normal(int dtype, uint64_t key, uint64_t high, uint64_t counter, ptrdiff_t n, void *out) {
  double a[PAIRS], b[PAIRS];
  for (ptrdiff_t i = 0; i < n; i += 2 * PAIRS) {
    normal_pairs(key, high, counter, a, b);
    counter += PAIRS;
    ptrdiff_t left = n - i < 2 * PAIRS ? n - i : 2 * PAIRS;
    if (dtype == GK_F32) {
      float *o = (float *)out + i;
      for (ptrdiff_t j = 0; j < left; j++) o[j] = (float)(j & 1 ? b[j / 2] : a[j / 2]);
    } else {
      double *o = (double *)out + i;
      for (ptrdiff_t j = 0; j < left; j++) o[j] = j & 1 ? b[j / 2] : a[j / 2];
    }
  }
}
