#include "onednn.h"

#include <dlfcn.h>

#define TEXT(value) #value
#define LIBRARY(major) "libdnnl.so." TEXT(major)

const char *onednn_load(onednn *functions) {
  void *library = dlopen(LIBRARY(DNNL_VERSION_MAJOR), RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return dlerror();
#define FIND(name)                                                        \
  functions->name = (__typeof__(dnnl_##name) *)dlsym(library, "dnnl_" #name); \
  if (functions->name == NULL) return dlerror();
  ONEDNN_FUNCTIONS(FIND)
  return NULL;
}
