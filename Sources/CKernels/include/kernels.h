// Vector kernels: compiled once per instruction set, chosen when the program starts.
//
// Rules that hold for all of them:
// - strides count elements, pointers may be equal for input and output of an elementwise kernel;
// - no fused multiply-add outside the matrix product, and no libm in `exp log expm1 log1p sin cos
//   tanh sigmoid erf` nor in the random streams, so that these give the same bytes on every processor;
// - nothing is allocated, nothing can fail.
#ifndef GRADUS_KERNELS_H
#define GRADUS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

// Element types, in the order of `Tensors.DType`.
enum { GK_BOOL, GK_U8, GK_I32, GK_I64, GK_F32, GK_F64 };

enum {
  GK_ADD, GK_SUB, GK_MUL, GK_DIV, GK_FLOORDIV, GK_MOD, GK_POW, GK_MAX, GK_MIN,
  GK_AND, GK_OR, GK_XOR, GK_SHL, GK_SHR, GK_ATAN2
};

enum { GK_LT, GK_LE, GK_EQ, GK_NE };

enum {
  GK_NEG, GK_ABS, GK_SIGN, GK_SQUARE, GK_INVERT, GK_NOT,
  GK_SQRT, GK_EXP, GK_LOG, GK_EXPM1, GK_LOG1P, GK_LOG2, GK_LOG10,
  GK_SIN, GK_COS, GK_TAN, GK_ASIN, GK_ACOS, GK_ATAN, GK_SINH, GK_COSH, GK_TANH,
  GK_SIGMOID, GK_SOFTPLUS, GK_RELU, GK_ERF,
  GK_FLOOR, GK_CEIL, GK_ROUND, GK_TRUNC, GK_RECIPROCAL,
  GK_ISNAN, GK_ISINF, GK_ISFINITE
};

// out[i] = a[i] op b[i]; all three of one type. GK_DIV and GK_ATAN2 are for floats only.
void gk_binary(int op, int dtype, ptrdiff_t n, void *out, ptrdiff_t so, const void *a,
               ptrdiff_t sa, const void *b, ptrdiff_t sb);

// out[i] = a[i] op b[i] as bytes 0 and 1.
void gk_compare(int op, int dtype, ptrdiff_t n, uint8_t *out, ptrdiff_t so, const void *a,
                ptrdiff_t sa, const void *b, ptrdiff_t sb);

// out[i] = op(a[i]); GK_NOT and the GK_IS family write bytes, from GK_SQRT on floats only.
void gk_unary(int op, int dtype, ptrdiff_t n, void *out, ptrdiff_t so, const void *a,
              ptrdiff_t sa);

// Converts element types; floats to integers truncate, what does not fit becomes the lowest value.
void gk_cast(int to, int from, ptrdiff_t n, void *out, ptrdiff_t so, const void *a, ptrdiff_t sa);

// out[i] = c[i] ? a[i] : b[i]
void gk_where(int dtype, ptrdiff_t n, void *out, ptrdiff_t so, const uint8_t *c, ptrdiff_t sc,
              const void *a, ptrdiff_t sa, const void *b, ptrdiff_t sb);

// out[0] = out[0] op a[0] op ... in NumPy's order (pairwise for sums of floats);
// op is GK_ADD, GK_MUL, GK_MAX or GK_MIN.
void gk_reduce(int op, int dtype, ptrdiff_t n, void *out, const void *a, ptrdiff_t sa);

// The place of the first largest (or smallest) element; the first NaN wins.
ptrdiff_t gk_argextreme(int largest, int dtype, ptrdiff_t n, const void *a, ptrdiff_t sa);

// c (m x n, rows ldc apart) = beta * c + a (m x k) * b (k x n), any strides for a and b;
// every element adds its products in order, in runs of 128, whatever m and n are.
void gk_gemm_f64(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, ptrdiff_t ras,
                 ptrdiff_t cas, const double *b, ptrdiff_t rbs, ptrdiff_t cbs, double beta,
                 double *c, ptrdiff_t ldc);
void gk_gemm_i64(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const int64_t *a, ptrdiff_t ras,
                 ptrdiff_t cas, const int64_t *b, ptrdiff_t rbs, ptrdiff_t cbs, int64_t *c,
                 ptrdiff_t ldc);

// ---- rows: `rows` rows of `cols` contiguous elements -------------------------------------------

// y = softmax(x) per row, or its logarithm.
void gk_softmax(int dtype, int logarithm, ptrdiff_t rows, ptrdiff_t cols, void *y, const void *x);
// dx from the output y and its gradient g.
void gk_softmax_back(int dtype, int logarithm, ptrdiff_t rows, ptrdiff_t cols, void *dx,
                     const void *y, const void *g);

// Activations that fuse with the bias of a layer.
enum {
  GK_ACT_LINEAR, GK_ACT_RELU, GK_ACT_LEAKY, GK_ACT_ELU, GK_ACT_SELU, GK_ACT_SIGMOID, GK_ACT_TANH,
  GK_ACT_SOFTPLUS, GK_ACT_SWISH, GK_ACT_GELU, GK_ACT_GELU_TANH, GK_ACT_MISH, GK_ACT_SOFTSIGN,
  GK_ACT_HARD_SIGMOID, GK_ACT_HARD_SWISH, GK_ACT_CAPPED, GK_ACT_HARD_TANH, GK_ACT_CELU, GK_ACT_EXP,
  GK_ACT_LOG_SIGMOID, GK_ACT_TANH_SHRINK, GK_ACT_SOFT_SHRINK, GK_ACT_HARD_SHRINK
};
// y = act(x + bias) per row; bias may be null; x may equal y. alpha is the setting it has: slope,
// scale, limit or edge.
void gk_bias_act(int act, int dtype, double alpha, ptrdiff_t rows, ptrdiff_t cols, void *y,
                 const void *x, const void *_Nullable bias);
// dz = g * act'(z), from the output y, or from z in its place for those whose output does not tell
// the slope: softplus, swish, both gelus, mish, softsign, hard_sigmoid, hard_swish, log_sigmoid and
// tanh_shrink.
void gk_act_back(int act, int dtype, double alpha, ptrdiff_t n, void *dz, const void *y,
                 const void *g);
// out[j] = beta * out[j] + sum over rows of x[i][j], rows in order.
void gk_column_sums(int dtype, ptrdiff_t rows, ptrdiff_t cols, double beta, void *out,
                    const void *x);
// Softmax cross-entropy with class numbers: writes dz = (softmax(z) - onehot) * scale and returns
// the sum of the losses in row order; `right` counts rows whose largest logit is the label's.
// Labels outside 0..<cols give NaN.
double gk_softmax_xent(int dtype, ptrdiff_t rows, ptrdiff_t cols, const void *z,
                       const int64_t *labels, double scale, void *dz,
                       ptrdiff_t *_Nullable right);

// dy = (y - t) * scale and the sum of (y - t)^2, in sixteen fixed lanes of f64.
double gk_squared_error(int dtype, ptrdiff_t n, const void *y, const void *t, double scale,
                        void *_Nullable dy);

// ---- windows over images [batch, height, width, channels] --------------------------------------

// Sizes of a convolution or of pooling; `top` and `left` are the padding before the first element,
// what follows from the others behind the last one is not stated.
typedef struct {
  ptrdiff_t height, width, channels;
  ptrdiff_t out_height, out_width;
  ptrdiff_t kernel_height, kernel_width;
  ptrdiff_t row_stride, column_stride;
  ptrdiff_t row_dilation, column_dilation;
  ptrdiff_t top, left;
} gk_window;

// One row [kernel_height, kernel_width, channels] for each of the output positions `from..<to`,
// counted over batch, rows and columns; of the input's channels those from `channel` on; padding is 0.
void gk_patches(int dtype, const gk_window *w, ptrdiff_t channel, ptrdiff_t channels,
                ptrdiff_t from, ptrdiff_t to, void *out, const void *x);
// The reverse: adds such rows to x.
void gk_patches_add(int dtype, const gk_window *w, ptrdiff_t channel, ptrdiff_t channels,
                    ptrdiff_t from, ptrdiff_t to, const void *in, void *x);

// Pooling, for the output rows `from..<to` counted over batch and rows. Every window must have a
// tap inside the input. `places` are taps, row by row within a window: the first of the largest
// elements, or the first NaN.
void gk_pool_max(int dtype, const gk_window *w, ptrdiff_t from, ptrdiff_t to, void *y,
                 int32_t *places, const void *x);
// dx += g at the places; with `alone` each element of dx lies in one window at most, and those in
// one are overwritten.
void gk_pool_spread(int dtype, const gk_window *w, int alone, ptrdiff_t from, ptrdiff_t to,
                    void *dx, const void *g, const int32_t *places);
// y = x at the places.
void gk_pool_pick(int dtype, const gk_window *w, ptrdiff_t from, ptrdiff_t to, void *y,
                  const void *x, const int32_t *places);
// The mean of a window's taps inside the input, or with `whole` their sum over the window's size.
void gk_pool_mean(int dtype, const gk_window *w, int whole, ptrdiff_t from, ptrdiff_t to, void *y,
                  const void *x);
// dx += g / count for all taps inside the input.
void gk_pool_share(int dtype, const gk_window *w, int whole, ptrdiff_t from, ptrdiff_t to,
                   void *dx, const void *g);

// ---- normalisation: `rows` rows of `cols` contiguous elements ------------------------------------

// normal = (x - mean) / sqrt(var + eps) for each column, y = gamma normal + beta; inv receives
// 1 / sqrt(var + eps). With `batch`, mean and variance (of the population) are those of the columns
// and are written, else they are read.
void gk_batch_norm(int dtype, ptrdiff_t rows, ptrdiff_t cols, double eps, int batch, void *mean,
                   void *var, void *inv, const void *_Nullable gamma, const void *_Nullable beta,
                   void *normal, void *y, const void *x);
// dx (when wanted) from the gradient g of y; with `batch` also the gradients of gamma and beta.
void gk_batch_norm_back(int dtype, ptrdiff_t rows, ptrdiff_t cols, int batch, void *_Nullable dx,
                        void *_Nullable dgamma, void *_Nullable dbeta, const void *_Nullable gamma,
                        const void *inv, const void *normal, const void *g);
// The same for each row; inv has one element for each row.
void gk_layer_norm(int dtype, ptrdiff_t rows, ptrdiff_t cols, double eps, void *inv,
                   const void *_Nullable gamma, const void *_Nullable beta, void *normal, void *y,
                   const void *x);
void gk_layer_norm_back(int dtype, ptrdiff_t rows, ptrdiff_t cols, void *_Nullable dx,
                        void *_Nullable dgamma, void *_Nullable dbeta, const void *_Nullable gamma,
                        const void *inv, const void *normal, const void *g);
// y = x above zero, alpha x below, one alpha for each column; dalpha is summed over the rows.
void gk_prelu(int dtype, ptrdiff_t rows, ptrdiff_t cols, void *y, const void *x,
              const void *alpha);
void gk_prelu_back(int dtype, ptrdiff_t rows, ptrdiff_t cols, void *_Nullable dx, void *dalpha,
                   const void *alpha, const void *x, const void *g);
// out = keep out + share x
void gk_blend(int dtype, ptrdiff_t n, void *out, double keep, double share, const void *x);

// ---- optimizers over n contiguous elements -----------------------------------------------------

// p -= rate * (g + decay * p)
void gk_sgd(int dtype, ptrdiff_t n, void *p, const void *g, double rate, double decay);
// v = momentum * v - rate * g; p += v, or with nesterov p += momentum * v - rate * g (Keras).
void gk_momentum(int dtype, ptrdiff_t n, void *p, void *v, const void *g, double rate,
                 double momentum, int nesterov, double decay);
// v = momentum * v + share * g; p -= rate * v, or with nesterov p -= rate * (g + momentum * v)
// (PyTorch, TensorFlow 1).
void gk_velocity(int dtype, ptrdiff_t n, void *p, void *v, const void *g, double rate,
                 double momentum, double share, int nesterov);
// Adam with bias corrections c1 = 1 - beta1^t and c2 = 1 - beta2^t; decay is decoupled (AdamW):
// p -= rate * (m / c1 / (sqrt(v / c2) + eps) + decay * p). With `largest` (AMSGrad) the greatest
// v so far stands in its place.
void gk_adam(int dtype, ptrdiff_t n, void *p, void *m, void *v, void *_Nullable largest,
             const void *g, double rate, double beta1, double beta2, double eps, double c1,
             double c2, double decay);
// p -= (ahead * m + now * g) / (sqrt(v / c2) + eps); both shares hold the rate already.
void gk_nadam(int dtype, ptrdiff_t n, void *p, void *m, void *v, const void *g, double beta1,
              double beta2, double eps, double ahead, double now, double c2);
// u = g / (sqrt(v + inside) + outside), with v the running mean square, less that of the mean when
// there is `m`; with `b` u gathers momentum, the rate applied before, or when `late` after it.
void gk_rms(int dtype, ptrdiff_t n, void *p, void *v, void *_Nullable m, void *_Nullable b,
            const void *g, double rate, double rho, double inside, double outside,
            double momentum, int late);
// a += g^2; p -= rate * g / (sqrt(a + inside) + outside)
void gk_adagrad(int dtype, ptrdiff_t n, void *p, void *a, const void *g, double rate,
                double inside, double outside);
void gk_adadelta(int dtype, ptrdiff_t n, void *p, void *a, void *d, const void *g, double rate,
                 double rho, double eps);
// largest = max(beta2 * largest, |g| + inside); p -= rate / c1 * m / (largest + outside)
void gk_adamax(int dtype, ptrdiff_t n, void *p, void *m, void *largest, const void *g, double rate,
               double beta1, double beta2, double inside, double outside, double c1);
void gk_lion(int dtype, ptrdiff_t n, void *p, void *m, const void *g, double rate, double beta1,
             double beta2);
// p *= factor; p += factor * x; p cut to -bound...bound (NaN stays); the sum of squares in sixteen
// fixed lanes of f64.
void gk_scale(int dtype, ptrdiff_t n, void *p, double factor);
void gk_mix(int dtype, ptrdiff_t n, void *p, const void *x, double factor);
void gk_limit(int dtype, ptrdiff_t n, void *p, double bound);
double gk_squares(int dtype, ptrdiff_t n, const void *x);

// ---- random streams ----------------------------------------------------------------------------

// Philox 4x32 with 10 rounds: block number `counter` of the stream `key`.
void gk_philox(uint64_t key, uint64_t high, uint64_t counter, uint32_t out[_Nonnull 4]);
// Uniform in [0, 1): f32 from 24 bits of one word, f64 from 53 bits of two.
void gk_uniform(int dtype, uint64_t key, uint64_t high, uint64_t counter, ptrdiff_t n, void *out);
// Standard normal by Box and Muller, two per block of the same words, in f64, rounded once.
void gk_normal(int dtype, uint64_t key, uint64_t high, uint64_t counter, ptrdiff_t n, void *out);

// ---- elementary functions, one number ----------------------------------------------------------

double gk_exp(double x);
double gk_log(double x);
double gk_sin(double x);
double gk_cos(double x);
double gk_tanh(double x);

// ---- text --------------------------------------------------------------------------------------

// Exactly rounded decimal digits (half to even), fixed or with an exponent; returns the length.
int gk_digits(char *out, int capacity, double x, int precision, int scientific);

// ---- threads -----------------------------------------------------------------------------------

// Makes OpenMP, and so oneDNN, use one thread when called from this one.
void gk_one_thread(void);
// The running tape of this thread.
const void *_Nullable gk_tape_get(void);
void gk_tape_set(const void *_Nullable tape);
// What this thread looks at between blocks.
const void *_Nullable gk_pending_get(void);
void gk_pending_set(const void *_Nullable pending);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
