#define _GNU_SOURCE
#include "kernels.h"
#include <dlfcn.h>

static _Thread_local const void *tape;
const void *gk_tape_get(void) { return tape; }
void gk_tape_set(const void *next) { tape = next; }

static _Thread_local const void *pending;
const void *gk_pending_get(void) { return pending; }
void gk_pending_set(const void *next) { pending = next; }

// oneDNN brings OpenMP with it; asking the loader for the symbol spares a link dependency on a
// library whose development files belong to another compiler.
void gk_one_thread(void) {
  static _Thread_local int done;
  if (done) return;
  done = 1;
  void (*set)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  if (set) set(1);
}
