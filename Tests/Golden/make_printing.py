"""Writes numpy_printing.json: how NumPy 2.4 prints arrays, for TensorsTests.

Run with `python3 Tests/Golden/make_printing.py` and NumPy 2.4.6.
"""
import json
import pathlib

import numpy as np

cases = []


def add(array):
    array = np.asarray(array)
    values = [str(v) if not np.isfinite(v) else (int(v) if array.dtype.kind in "bui" else float(v))
              for v in array.ravel().tolist()] if array.dtype.kind != "b" else [
                  int(v) for v in array.ravel().tolist()]
    cases.append({
        "dtype": array.dtype.name, "shape": list(array.shape), "values": values,
        "str": str(array[()]), "repr": repr(array[()] if array.ndim == 0 else array)})


random = np.random.default_rng(7)
shapes = [(), (1,), (3,), (0,), (2, 3), (0, 3), (2, 0), (4, 1), (2, 2, 3), (1, 1, 1), (30,), (7, 9),
          (2, 3, 2, 2), (40, 30), (1100,), (3, 400), (12, 10, 9), (2, 3, 5, 7, 6)]
for shape in shapes:
    size = int(np.prod(shape))
    small = size <= 200
    for dtype in (np.float32, np.float64):
        add(random.normal(size=shape).round(9 if small else 2).astype(dtype).astype(np.float64).round(9)
            .astype(dtype))
        if small:
            add((random.normal(size=shape) * 1000).astype(dtype))
            add((10.0 ** random.integers(-12, 12, size=shape)).astype(dtype))
            add(random.integers(-5, 5, size=shape).astype(dtype))
            add(random.integers(0, 2, size=shape).astype(dtype))
            add((random.integers(-50, 50, size=shape) / 4).astype(dtype))
            add(random.uniform(size=shape).astype(dtype))
            add((random.uniform(size=shape) * 1e-5).astype(dtype))
            odd = random.normal(size=shape).astype(dtype)
            flat = odd.reshape(-1)
            if size:
                flat[0] = np.nan
                flat[-1] = np.inf
                flat[size // 2] = -np.inf
            add(odd)
    for dtype in (np.int32, np.int64, np.uint8, bool):
        add(random.integers(0, 2 if dtype is bool else 200, size=shape).astype(dtype))
        if dtype in (np.int32, np.int64):
            add(random.integers(-10**6, 10**6, size=shape).astype(dtype))

lists = [
    [0.0], [-0.0], [np.nan], [np.inf], [-np.inf], [np.nan, 1.0], [np.inf, -1.5], [0.1], [1e8], [1e7],
    [12345678.9], [1e-4], [9.9e-5], [1.0, 1000.0], [1.0, 1001.0], [0.001, 1.0], [0.0009, 1.0],
    [1 / 3], [2 / 3, 1 / 3], [1e300, 1e-300], [5e-324], [1.7976931348623157e308], [1e16], [123456789.0],
    [0.1, 0.12, 0.123456789012], [99999999.5], [999999.5], [1000000.0], [-1.0, 1.0], [1e-45], [3.4e38],
    [0.30000001192092896], [16777216.0], [1e100, 1.0], [100000.0, 0.5], [1.5e-7, 3.0], [1e5, 1e-3],
    [0.99999999999], [0.999999995], [9.9999999e7], [1.00000005e-5], [np.nan, np.nan], [1e10, np.nan],
    [-1e10, np.inf], [-1.5, np.nan, -np.inf], [2.5, 3.5e10], [1e-10, -1e-10]]
for values in lists:
    for dtype in (np.float64, np.float32):
        with np.errstate(over="ignore"):
            array = np.array(values, dtype)
        add(array)
        add(array[0])

for value in [1e-5, 1e-4, 0.1, 1e15, 1e16, 1e17, 123456.789, 1.0, -2.5, 1e22, 3.14159265]:
    add(np.float32(value))
    add(np.float64(value))
add(np.array([np.iinfo(np.int64).min, np.iinfo(np.int64).max]))
add(np.array([-1, 10, 100], np.int32))

path = pathlib.Path(__file__).with_name("numpy_printing.json")
path.write_text(json.dumps(cases, separators=(",", ":"), allow_nan=False).replace("},{", "},\n{") + "\n")
print(len(cases), path.stat().st_size)
