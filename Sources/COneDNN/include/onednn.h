// oneDNN, loaded when the first product or convolution needs it: with the libraries that it brings
// along it takes as long as the rest of a short script.

#pragma once

#include <dnnl.h>

#define ONEDNN_FUNCTIONS(each)                \
  each(sgemm)                                 \
  each(engine_create)                         \
  each(stream_create)                         \
  each(stream_wait)                           \
  each(stream_destroy)                        \
  each(memory_create)                         \
  each(memory_destroy)                        \
  each(memory_desc_init_by_strides)           \
  each(memory_desc_init_by_tag)               \
  each(memory_desc_equal)                     \
  each(memory_desc_get_size)                  \
  each(primitive_attr_create)                 \
  each(primitive_attr_destroy)                \
  each(primitive_attr_set_post_ops)           \
  each(primitive_attr_set_scratchpad_mode)    \
  each(post_ops_create)                       \
  each(post_ops_destroy)                      \
  each(post_ops_append_eltwise)               \
  each(dilated_convolution_forward_desc_init) \
  each(dilated_convolution_backward_data_desc_init)    \
  each(dilated_convolution_backward_weights_desc_init) \
  each(reorder_primitive_desc_create)         \
  each(primitive_desc_create)                 \
  each(primitive_desc_destroy)                \
  each(primitive_desc_query_md)               \
  each(primitive_create)                      \
  each(primitive_destroy)                     \
  each(primitive_execute)

/// The functions that Gradus uses, without their prefix.
typedef struct onednn {
#define ONEDNN_FIELD(name) __typeof__(dnnl_##name) *_Nonnull name;
  ONEDNN_FUNCTIONS(ONEDNN_FIELD)
#undef ONEDNN_FIELD
} onednn;

/// Finds them in the library of the version whose header this was built with.
///
/// NULL: all are there; otherwise what is wrong, as text that stays.
const char *_Nullable onednn_load(onednn *_Nonnull functions);
