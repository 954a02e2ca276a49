#include "kernels.h"
#include <stdio.h>

int gk_digits(char *out, int capacity, double x, int precision, int scientific) {
  return snprintf(out, (size_t)capacity, scientific ? "%.*e" : "%.*f", precision, x);
}
