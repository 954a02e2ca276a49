// Elementary functions in plain IEEE operations: the same bytes on every processor.
//
// Each reduces its argument exactly and sums a Taylor polynomial of the remainder, long enough that
// the truncation lies below half a unit in the last place. Errors stay within about 2 units.
#ifndef GRADUS_FUNCTIONS_H
#define GRADUS_FUNCTIONS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#pragma clang fp contract(off)

#define INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

INLINE uint32_t bits_f32(float x) { uint32_t u; memcpy(&u, &x, 4); return u; }
INLINE float from_f32(uint32_t u) { float x; memcpy(&x, &u, 4); return x; }
INLINE uint64_t bits_f64(double x) { uint64_t u; memcpy(&u, &x, 8); return u; }
INLINE double from_f64(uint64_t u) { double x; memcpy(&x, &u, 8); return x; }

// Adding and subtracting these rounds to an integer, which then stands in the low bits.
#define ROUND_F32 12582912.0f
#define ROUND_F64 6755399441055744.0

// e^r - 1 - r for |r| <= ln(2)/2
INLINE float tail_f32(float r) {
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  return p * r * r;
}

INLINE double tail_f64(double r) {
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600;
  p = p * r + 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  return p * r * r;
}

// A NaN passes both comparisons and so stays.
INLINE float clamp_f32(float x, float low, float high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

INLINE double clamp_f64(double x, double low, double high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

INLINE float exp_f32(float x) {
  x = clamp_f32(x, -104.0f, 89.0f);
  float k = (x * 0x1.715476p+0f + ROUND_F32) - ROUND_F32;
  float r = (x - k * 0x1.628p-1f) - k * 0x1.90bfbep-11f;
  float p = 1.0f + (r + tail_f32(r));
  // Two steps, so that the scale neither overflows nor loses denormal results.
  float h = k * 0.5f + ROUND_F32;
  float k1 = h - ROUND_F32;
  float s1 = from_f32((bits_f32(h) + 127u) << 23);
  float s2 = from_f32((bits_f32((k - k1) + ROUND_F32) + 127u) << 23);
  return p * s1 * s2;
}

INLINE double exp_f64(double x) {
  x = clamp_f64(x, -746.0, 710.0);
  double k = (x * 0x1.71547652b82fep+0 + ROUND_F64) - ROUND_F64;
  double r = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33;
  double p = 1.0 + (r + tail_f64(r));
  double h = k * 0.5 + ROUND_F64;
  double k1 = h - ROUND_F64;
  double s1 = from_f64((bits_f64(h) + 1023u) << 52);
  double s2 = from_f64((bits_f64((k - k1) + ROUND_F64) + 1023u) << 52);
  return p * s1 * s2;
}

INLINE float expm1_f32(float x) {
  x = clamp_f32(x, -30.0f, 89.0f);
  float t = x * 0x1.715476p+0f + ROUND_F32;
  float k = t - ROUND_F32;
  float r = (x - k * 0x1.628p-1f) - k * 0x1.90bfbep-11f;
  float q = r + tail_f32(r);
  float half = from_f32((bits_f32(t) + 126u) << 23);
  return x == 0 ? x : (half * q + (half - 0.5f)) * 2.0f;
}

INLINE double expm1_f64(double x) {
  x = clamp_f64(x, -60.0, 710.0);
  double t = x * 0x1.71547652b82fep+0 + ROUND_F64;
  double k = t - ROUND_F64;
  double r = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33;
  double q = r + tail_f64(r);
  double half = from_f64((bits_f64(t) + 1022u) << 52);
  return x == 0 ? x : (half * q + (half - 0.5)) * 2.0;
}

INLINE float log_f32(float x) {
  uint32_t u = bits_f32(x);
  int small = u < 0x00800000u;
  u = small ? bits_f32(x * 8388608.0f) : u;
  int32_t e = (int32_t)(u - 0x3f3504f3u) >> 23;
  float f = from_f32(u - ((uint32_t)e << 23)) - 1.0f;
  float k = (float)e - (small ? 23.0f : 0.0f);
  float s = f / (2.0f + f), z = s * s;
  float p = 2.0f / 11;
  p = p * z + 2.0f / 9;
  p = p * z + 2.0f / 7;
  p = p * z + 2.0f / 5;
  p = p * z + 2.0f / 3;
  float half = 0.5f * f * f;
  float y = k * 0x1.628p-1f + (f - (half - (s * (half + p * z) + k * 0x1.90bfbep-11f)));
  y = x == 0 ? -INFINITY : y;
  y = x == INFINITY ? INFINITY : y;
  return x < 0 || x != x ? NAN : y;
}

INLINE double log_f64(double x) {
  uint64_t u = bits_f64(x);
  int small = u < 0x0010000000000000u;
  u = small ? bits_f64(x * 18014398509481984.0) : u;
  int64_t e = (int64_t)(u - 0x3fe6a09e667f3bcdu) >> 52;
  double f = from_f64(u - ((uint64_t)e << 52)) - 1.0;
  double k = (double)(int32_t)e - (small ? 54.0 : 0.0);
  double s = f / (2.0 + f), z = s * s;
  double p = 2.0 / 23;
  p = p * z + 2.0 / 21;
  p = p * z + 2.0 / 19;
  p = p * z + 2.0 / 17;
  p = p * z + 2.0 / 15;
  p = p * z + 2.0 / 13;
  p = p * z + 2.0 / 11;
  p = p * z + 2.0 / 9;
  p = p * z + 2.0 / 7;
  p = p * z + 2.0 / 5;
  p = p * z + 2.0 / 3;
  double half = 0.5 * f * f;
  double y = k * 0x1.62e42feep-1
    + (f - (half - (s * (half + p * z) + k * 0x1.a39ef35793c76p-33)));
  y = x == 0 ? -INFINITY : y;
  y = x == INFINITY ? INFINITY : y;
  return x < 0 || x != x ? NAN : y;
}

INLINE float log1p_f32(float x) {
  float u = 1.0f + x;
  float lost = u == INFINITY ? 0.0f : (x - (u - 1.0f)) / u;
  float y = log_f32(u) + (u == 0 ? 0.0f : lost);
  return x == 0 ? x : y;
}

INLINE double log1p_f64(double x) {
  double u = 1.0 + x;
  double lost = u == INFINITY ? 0.0 : (x - (u - 1.0)) / u;
  double y = log_f64(u) + (u == 0 ? 0.0 : lost);
  return x == 0 ? x : y;
}

// Beyond this the three-part reduction loses digits, and libm takes over.
#define TRIG_LIMIT 1048576.0

typedef struct { double r, t; uint64_t quadrant; } reduced;

INLINE reduced reduce_angle(double x) {
  double n = x * 0x1.45f306dc9c883p-1 + ROUND_F64;
  reduced out;
  out.quadrant = bits_f64(n);
  double k = n - ROUND_F64;
  double a = x - k * 0x1.921fb544p+0;
  double b = k * 0x1.0b4611a6p-34;
  out.r = a - b;
  out.t = ((a - out.r) - b) - k * 0x1.3198a2e037073p-69;
  return out;
}

INLINE double sin_core(double r, double t) {
  double z = r * r;
  double p = 1.0 / 355687428096000.0;
  p = p * z - 1.0 / 1307674368000.0;
  p = p * z + 1.0 / 6227020800.0;
  p = p * z - 1.0 / 39916800;
  p = p * z + 1.0 / 362880;
  p = p * z - 1.0 / 5040;
  p = p * z + 1.0 / 120;
  p = p * z - 1.0 / 6;
  return r + (r * z * p + t * (1.0 - 0.5 * z));
}

INLINE double cos_core(double r, double t) {
  double z = r * r;
  double p = -1.0 / 6402373705728000.0;
  p = p * z + 1.0 / 20922789888000.0;
  p = p * z - 1.0 / 87178291200.0;
  p = p * z + 1.0 / 479001600;
  p = p * z - 1.0 / 3628800;
  p = p * z + 1.0 / 40320;
  p = p * z - 1.0 / 720;
  p = p * z + 1.0 / 24;
  double half = 0.5 * z;
  double w = 1.0 - half;
  return w + (((1.0 - w) - half) + (z * z * p - r * t));
}

INLINE double sin_near(double x) {
  reduced a = reduce_angle(x);
  double y = a.quadrant & 1 ? cos_core(a.r, a.t) : sin_core(a.r, a.t);
  return x == 0 ? x : a.quadrant & 2 ? -y : y;
}

INLINE double cos_near(double x) {
  reduced a = reduce_angle(x);
  double y = a.quadrant & 1 ? sin_core(a.r, a.t) : cos_core(a.r, a.t);
  return (a.quadrant + 1) & 2 ? -y : y;
}

INLINE double sin_f64(double x) { return fabs(x) > TRIG_LIMIT ? sin(x) : sin_near(x); }
INLINE double cos_f64(double x) { return fabs(x) > TRIG_LIMIT ? cos(x) : cos_near(x); }
INLINE float sin_f32(float x) { return (float)sin_f64(x); }
INLINE float cos_f32(float x) { return (float)cos_f64(x); }

INLINE float tanh_f32(float x) {
  float e = expm1_f32(clamp_f32(2.0f * __builtin_fabsf(x), 0.0f, 40.0f));
  return __builtin_copysignf(e / (e + 2.0f), x);
}

INLINE double tanh_f64(double x) {
  double e = expm1_f64(clamp_f64(2.0 * __builtin_fabs(x), 0.0, 80.0));
  return __builtin_copysign(e / (e + 2.0), x);
}

// The exponential of a negative number never overflows, so small results keep their digits.
INLINE float sigmoid_f32(float x) {
  float e = exp_f32(-__builtin_fabsf(x)), s = 1.0f / (1.0f + e);
  return x < 0 ? e * s : s;
}

INLINE double sigmoid_f64(double x) {
  double e = exp_f64(-__builtin_fabs(x)), s = 1.0 / (1.0 + e);
  return x < 0 ? e * s : s;
}

INLINE float softplus_f32(float x) {
  return (x > 0 ? x : x != x ? x : 0) + log1p_f32(exp_f32(-__builtin_fabsf(x)));
}
INLINE double softplus_f64(double x) {
  return (x > 0 ? x : x != x ? x : 0) + log1p_f64(exp_f64(-__builtin_fabs(x)));
}

// e^(z^2) (1 - erf z) for z >= 0: a polynomial in (z - 3.75) / (z + 3.75), over 1 + 2 z. Its
// coefficients are those of the Chebyshev series, cut where the rest lies below the last place.
INLINE float erfcx_f32(float z) {
  z = clamp_f32(z, 0, 60);
  float t = (z - 3.75f) / (z + 3.75f);
  float p = -0x1.d601c40000000p-13f;
  p = p * t + 0x1.9f8f040000000p-12f;
  p = p * t + 0x1.b754900000000p-10f;
  p = p * t - 0x1.42959c0000000p-7f;
  p = p * t + 0x1.d1750a0000000p-6f;
  p = p * t - 0x1.e06f600000000p-5f;
  p = p * t + 0x1.7a05e20000000p-4f;
  p = p * t - 0x1.bdb4080000000p-4f;
  p = p * t + 0x1.51032e0000000p-4f;
  p = p * t + 0x1.d60f440000000p-9f;
  p = p * t - 0x1.1f367e0000000p-3f;
  p = p * t + 0x1.3ccda00000000p+0f;
  return p / (1 + 2 * z);
}

INLINE float erf_f32(float x) {
  float a = __builtin_fabsf(x), w = a * a;
  float s = 0x1.f9a3260000000p-14f;
  s = s * w - 0x1.c02db40000000p-11f;
  s = s * w + 0x1.565bce0000000p-8f;
  s = s * w - 0x1.b82ce40000000p-6f;
  s = s * w + 0x1.ce2f220000000p-4f;
  s = s * w - 0x1.8127460000000p-2f;
  s = s * w + 0x1.20dd760000000p+0f;
  float far = 1 - exp_f32(-w) * erfcx_f32(a);
  return a < 0.5f ? x * s : __builtin_copysignf(far, x);
}

// The share of standard normal numbers below x; `bell` is e^(-x*x/2).
INLINE float share_f32(float x, float bell) {
  float tail = 0.5f * bell * erfcx_f32(__builtin_fabsf(x) * 0x1.6a09e60000000p-1f);
  return x < 0 ? tail : 1 - tail;
}

INLINE double erfcx_f64(double z) {
  z = clamp_f64(z, 0, 60);
  double t = (z - 3.75) / (z + 3.75);
  double p = 0x1.561b105822235p-32;
  p = p * t - 0x1.6884628ace07ap-29;
  p = p * t - 0x1.014cd7201b5adp-28;
  p = p * t + 0x1.12b326b5668bfp-25;
  p = p * t + 0x1.8fa9fe49c359bp-26;
  p = p * t - 0x1.0ae6bf9452a1fp-22;
  p = p * t - 0x1.eb803840c0574p-25;
  p = p * t + 0x1.d39c1a3875509p-20;
  p = p * t - 0x1.055686d42aa63p-20;
  p = p * t - 0x1.7fcc159f9a760p-17;
  p = p * t + 0x1.778b933adcce7p-16;
  p = p * t + 0x1.b13e13fe20445p-15;
  p = p * t - 0x1.303fa4966bc38p-12;
  p = p * t + 0x1.33fb5a5e7ca14p-12;
  p = p * t + 0x1.cc3a0e7d2150cp-10;
  p = p * t - 0x1.3f603c7e65d24p-7;
  p = p * t + 0x1.d0b0037d167adp-6;
  p = p * t - 0x1.e0d0fa6c16f3fp-5;
  p = p * t + 0x1.7a14188a9ce2ap-4;
  p = p * t - 0x1.bda9309a35871p-4;
  p = p * t + 0x1.510169d09665bp-4;
  p = p * t + 0x1.d5f294816277ep-9;
  p = p * t - 0x1.1f367683f89a5p-3;
  p = p * t + 0x1.3ccda0b5d5dc2p+0;
  return p / (1 + 2 * z);
}

INLINE double erf_f64(double x) {
  double a = __builtin_fabs(x), w = a * a;
  double s = 0x1.9e6ad5e55a730p-34;
  s = s * w - 0x1.51d7181c5d36dp-30;
  s = s * w + 0x1.fcc5720624c1cp-27;
  s = s * w - 0x1.5f742ec43e71ap-23;
  s = s * w + 0x1.b9e6c9dc651a3p-20;
  s = s * w - 0x1.f4d25c3e0c2ebp-17;
  s = s * w + 0x1.f9a326f9b89b7p-14;
  s = s * w - 0x1.c02db40040b86p-11;
  s = s * w + 0x1.565bcd0e6a53fp-8;
  s = s * w - 0x1.b82ce31288b51p-6;
  s = s * w + 0x1.ce2f21a042be2p-4;
  s = s * w - 0x1.812746b0379e7p-2;
  s = s * w + 0x1.20dd750429b6dp+0;
  double far = 1 - exp_f64(-w) * erfcx_f64(a);
  return a < 0.5 ? x * s : __builtin_copysign(far, x);
}

// The share of standard normal numbers below x; `bell` is e^(-x*x/2).
INLINE double share_f64(double x, double bell) {
  double tail = 0.5 * bell * erfcx_f64(__builtin_fabs(x) * 0x1.6a09e667f3bcdp-1);
  return x < 0 ? tail : 1 - tail;
}

#endif
