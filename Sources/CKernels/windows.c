#include "functions.h"
#include "kernels.h"

// Windows over images [batch, height, width, channels]: patches of a convolution, and pooling.

// Where one axis of a window begins in the input; taps outside of it are padding.
INLINE ptrdiff_t first(ptrdiff_t out, ptrdiff_t stride, ptrdiff_t low) { return out * stride - low; }

#define PATCHES(NAME, T)                                                                       \
  CLONES static void NAME(const gk_window *w, ptrdiff_t channel, ptrdiff_t channels,           \
                          ptrdiff_t from, ptrdiff_t to, T *out, const T *x) {                  \
    for (ptrdiff_t at = from; at < to; at++) {                                                 \
      ptrdiff_t column = at % w->out_width, rest = at / w->out_width;                          \
      ptrdiff_t row = rest % w->out_height, image = rest / w->out_height;                      \
      ptrdiff_t top = first(row, w->row_stride, w->top);                                       \
      ptrdiff_t left = first(column, w->column_stride, w->left);                               \
      const T *base = x + image * w->height * w->width * w->channels + channel;                \
      for (ptrdiff_t u = 0; u < w->kernel_height; u++) {                                       \
        ptrdiff_t i = top + u * w->row_dilation;                                               \
        for (ptrdiff_t v = 0; v < w->kernel_width; v++, out += channels) {                     \
          ptrdiff_t j = left + v * w->column_dilation;                                         \
          if (i < 0 || i >= w->height || j < 0 || j >= w->width) {                             \
            for (ptrdiff_t c = 0; c < channels; c++) out[c] = 0;                               \
          } else {                                                                             \
            const T *p = base + (i * w->width + j) * w->channels;                              \
            for (ptrdiff_t c = 0; c < channels; c++) out[c] = p[c];                            \
          }                                                                                    \
        }                                                                                      \
      }                                                                                        \
    }                                                                                          \
  }                                                                                            \
  CLONES static void NAME##_add(const gk_window *w, ptrdiff_t channel, ptrdiff_t channels,     \
                                ptrdiff_t from, ptrdiff_t to, const T *in, T *x) {             \
    for (ptrdiff_t at = from; at < to; at++) {                                                 \
      ptrdiff_t column = at % w->out_width, rest = at / w->out_width;                          \
      ptrdiff_t row = rest % w->out_height, image = rest / w->out_height;                      \
      ptrdiff_t top = first(row, w->row_stride, w->top);                                       \
      ptrdiff_t left = first(column, w->column_stride, w->left);                               \
      T *base = x + image * w->height * w->width * w->channels + channel;                      \
      for (ptrdiff_t u = 0; u < w->kernel_height; u++) {                                       \
        ptrdiff_t i = top + u * w->row_dilation;                                               \
        for (ptrdiff_t v = 0; v < w->kernel_width; v++, in += channels) {                      \
          ptrdiff_t j = left + v * w->column_dilation;                                         \
          if (i < 0 || i >= w->height || j < 0 || j >= w->width) continue;                     \
          T *p = base + (i * w->width + j) * w->channels;                                      \
          for (ptrdiff_t c = 0; c < channels; c++) p[c] += in[c];                              \
        }                                                                                      \
      }                                                                                        \
    }                                                                                          \
  }

PATCHES(patches_f32, float)
PATCHES(patches_f64, double)

void gk_patches(int dtype, const gk_window *w, ptrdiff_t channel, ptrdiff_t channels,
                ptrdiff_t from, ptrdiff_t to, void *out, const void *x) {
  if (dtype == GK_F32) patches_f32(w, channel, channels, from, to, out, x);
  else patches_f64(w, channel, channels, from, to, out, x);
}

void gk_patches_add(int dtype, const gk_window *w, ptrdiff_t channel, ptrdiff_t channels,
                    ptrdiff_t from, ptrdiff_t to, const void *in, void *x) {
  if (dtype == GK_F32) patches_f32_add(w, channel, channels, from, to, in, x);
  else patches_f64_add(w, channel, channels, from, to, in, x);
}

// The taps of one output that lie inside the input, as ranges of u and v.
INLINE ptrdiff_t tap_from(ptrdiff_t start, ptrdiff_t step) {
  return start >= 0 ? 0 : (-start + step - 1) / step;
}
INLINE ptrdiff_t tap_to(ptrdiff_t start, ptrdiff_t step, ptrdiff_t size, ptrdiff_t kernel) {
  ptrdiff_t fit = start >= size ? 0 : (size - start + step - 1) / step;
  return fit < kernel ? fit : kernel;
}

// Runs BODY for every output row `at` of `from..<to`, with its window cut to the input.
#define WINDOWS(BODY)                                                                          \
  for (ptrdiff_t at = from; at < to; at++) {                                                   \
    ptrdiff_t row = at % w->out_height, image = at / w->out_height;                            \
    ptrdiff_t top = first(row, w->row_stride, w->top);                                         \
    ptrdiff_t u0 = tap_from(top, w->row_dilation);                                             \
    ptrdiff_t u1 = tap_to(top, w->row_dilation, w->height, w->kernel_height);                  \
    ptrdiff_t channels = w->channels;                                                          \
    for (ptrdiff_t column = 0; column < w->out_width; column++) {                              \
      ptrdiff_t left = first(column, w->column_stride, w->left);                               \
      ptrdiff_t v0 = tap_from(left, w->column_dilation);                                       \
      ptrdiff_t v1 = tap_to(left, w->column_dilation, w->width, w->kernel_width);              \
      ptrdiff_t out = (at * w->out_width + column) * channels;                                 \
      ptrdiff_t corner = ((image * w->height + top) * w->width + left) * channels;             \
      (void)u0, (void)u1, (void)v0, (void)v1;                                                  \
      BODY                                                                                     \
    }                                                                                          \
  }

#define TAPS(BODY)                                                                             \
  for (ptrdiff_t u = u0; u < u1; u++)                                                          \
    for (ptrdiff_t v = v0; v < v1; v++) {                                                      \
      ptrdiff_t in =                                                                           \
        corner + (u * w->row_dilation * w->width + v * w->column_dilation) * channels;         \
      BODY                                                                                     \
    }

#define VECTOR _Pragma("clang loop vectorize(assume_safety)")

// The largest of LANE channels from `c` on, kept in registers over the taps.
#define LARGEST(T, LANE)                                                                       \
  {                                                                                            \
    T best[LANE];                                                                              \
    int32_t place[LANE];                                                                       \
    for (int l = 0; l < LANE; l++) best[l] = x[begin + c + l], place[l] = start;               \
    TAPS({                                                                                     \
      const T *p = x + in + c;                                                                 \
      int32_t tap = (int32_t)(u * w->kernel_width + v);                                        \
      for (int l = 0; l < LANE; l++) {                                                         \
        T now = p[l];                                                                          \
        int wins = (now > best[l]) | ((now != now) & (best[l] == best[l]));                    \
        best[l] = wins ? now : best[l];                                                        \
        place[l] = wins ? tap : place[l];                                                      \
      }                                                                                        \
    })                                                                                         \
    for (int l = 0; l < LANE; l++) y[out + c + l] = best[l], places[out + c + l] = place[l];   \
  }

// Gradients of the largest elements, where these stood: in windows that do not overlap, or added.
#define TO_PLACES(name, put, S, T)                                                             \
  CLONES static void pool_##name##_##S(const gk_window *w, ptrdiff_t from, ptrdiff_t to, T *dx, \
                                       const T *g, const int32_t *places) {                    \
    WINDOWS({                                                                                  \
      TAPS({                                                                                   \
        T *p = dx + in;                                                                        \
        int32_t tap = (int32_t)(u * w->kernel_width + v);                                      \
        VECTOR for (ptrdiff_t c = 0; c < channels; c++)                                        \
          p[c] put places[out + c] == tap ? g[out + c] : 0;                                    \
      })                                                                                       \
    })                                                                                         \
  }

#define POOL(S, T)                                                                             \
  CLONES static void pool_max_##S(const gk_window *w, ptrdiff_t from, ptrdiff_t to, T *y,      \
                                  int32_t *places, const T *x) {                               \
    WINDOWS({                                                                                  \
      int32_t start = (int32_t)(u0 * w->kernel_width + v0);                                    \
      ptrdiff_t begin =                                                                        \
        corner + (u0 * w->row_dilation * w->width + v0 * w->column_dilation) * channels;       \
      ptrdiff_t c = 0;                                                                         \
      for (; c + 32 <= channels; c += 32) LARGEST(T, 32)                                       \
      for (; c + 8 <= channels; c += 8) LARGEST(T, 8)                                          \
      for (; c < channels; c++) LARGEST(T, 1)                                                  \
    })                                                                                         \
  }                                                                                            \
  TO_PLACES(place, =, S, T)                                                                    \
  TO_PLACES(spread, +=, S, T)                                                                  \
  CLONES static void pool_pick_##S(const gk_window *w, ptrdiff_t from, ptrdiff_t to, T *y,     \
                                   const T *x, const int32_t *places) {                        \
    WINDOWS({                                                                                  \
      for (ptrdiff_t c = 0; c < channels; c++) {                                               \
        ptrdiff_t u = places[out + c] / w->kernel_width;                                       \
        ptrdiff_t v = places[out + c] % w->kernel_width;                                       \
        y[out + c] =                                                                           \
          x[corner + c + (u * w->row_dilation * w->width + v * w->column_dilation) * channels]; \
      }                                                                                        \
    })                                                                                         \
  }                                                                                            \
  CLONES static void pool_mean_##S(const gk_window *w, int whole, ptrdiff_t from, ptrdiff_t to, \
                                   T *y, const T *x) {                                         \
    ptrdiff_t all = w->kernel_height * w->kernel_width;                                        \
    WINDOWS({                                                                                  \
      T *sum = y + out;                                                                        \
      for (ptrdiff_t c = 0; c < channels; c++) sum[c] = 0;                                     \
      TAPS({                                                                                   \
        const T *p = x + in;                                                                   \
        VECTOR for (ptrdiff_t c = 0; c < channels; c++) sum[c] += p[c];                        \
      })                                                                                       \
      T count = (T)(whole ? all : (u1 - u0) * (v1 - v0));                                      \
      for (ptrdiff_t c = 0; c < channels; c++) sum[c] = sum[c] / count;                        \
    })                                                                                         \
  }                                                                                            \
  CLONES static void pool_share_##S(const gk_window *w, int whole, ptrdiff_t from, ptrdiff_t to, \
                                    T *dx, const T *g) {                                       \
    ptrdiff_t all = w->kernel_height * w->kernel_width;                                        \
    WINDOWS({                                                                                  \
      T count = (T)(whole ? all : (u1 - u0) * (v1 - v0));                                      \
      TAPS({                                                                                   \
        T *p = dx + in;                                                                        \
        VECTOR for (ptrdiff_t c = 0; c < channels; c++) p[c] += g[out + c] / count;            \
      })                                                                                       \
    })                                                                                         \
  }

POOL(f32, float)
POOL(f64, double)

void gk_pool_max(int dtype, const gk_window *w, ptrdiff_t from, ptrdiff_t to, void *y,
                 int32_t *places, const void *x) {
  if (dtype == GK_F32) pool_max_f32(w, from, to, y, places, x);
  else pool_max_f64(w, from, to, y, places, x);
}

void gk_pool_spread(int dtype, const gk_window *w, int alone, ptrdiff_t from, ptrdiff_t to,
                    void *dx, const void *g, const int32_t *places) {
  if (alone) {
    if (dtype == GK_F32) pool_place_f32(w, from, to, dx, g, places);
    else pool_place_f64(w, from, to, dx, g, places);
    return;
  }
  if (dtype == GK_F32) pool_spread_f32(w, from, to, dx, g, places);
  else pool_spread_f64(w, from, to, dx, g, places);
}

void gk_pool_pick(int dtype, const gk_window *w, ptrdiff_t from, ptrdiff_t to, void *y,
                  const void *x, const int32_t *places) {
  if (dtype == GK_F32) pool_pick_f32(w, from, to, y, x, places);
  else pool_pick_f64(w, from, to, y, x, places);
}

void gk_pool_mean(int dtype, const gk_window *w, int whole, ptrdiff_t from, ptrdiff_t to, void *y,
                  const void *x) {
  if (dtype == GK_F32) pool_mean_f32(w, whole, from, to, y, x);
  else pool_mean_f64(w, whole, from, to, y, x);
}

void gk_pool_share(int dtype, const gk_window *w, int whole, ptrdiff_t from, ptrdiff_t to,
                   void *dx, const void *g) {
  if (dtype == GK_F32) pool_share_f32(w, whole, from, to, dx, g);
  else pool_share_f64(w, whole, from, to, dx, g);
}
