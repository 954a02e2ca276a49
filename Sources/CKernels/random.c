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

CLONES void gk_normal(int dtype, uint64_t key, uint64_t high, uint64_t counter, ptrdiff_t n,
                      void *out) {
  uint32_t w[4];
  for (ptrdiff_t i = 0; i < n; i += 2) {
    philox(key, high, counter++, w);
    // 1 - u is never 0, so the logarithm is finite.
    double radius = __builtin_elementwise_sqrt(-2.0 * log_f64(1.0 - unit53(w[0], w[1])));
    double angle = unit53(w[2], w[3]) * 0x1.921fb54442d18p+2;
    double a = radius * cos_near(angle), b = radius * sin_near(angle);
    if (dtype == GK_F32) {
      ((float *)out)[i] = (float)a;
      if (i + 1 < n) ((float *)out)[i + 1] = (float)b;
    } else {
      ((double *)out)[i] = a;
      if (i + 1 < n) ((double *)out)[i + 1] = b;
    }
  }
}
