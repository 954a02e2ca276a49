"""Runs thousands of cells in one kernel, and says how its memory grows.

    python soak.py PATH/TO/gradus [--cells N] [--settled N]

The cells are of ten kinds: sums, functions, classes, errors, printing, tensors, gradients, figures,
training, displays. Ends with 1 if a cell fails that should not, or if after the first `--settled`
cells the resident memory grows by more than 1 KiB per cell.
"""

import argparse
import sys
import time

from measure import Kernel

KINDS = [
    ("total = sum(range({n} % 1000)); total", "ok"),
    ("def f_{m}(x, y={n}):\n    return [x + y for _ in range(10)]\nf_{m}(1)[0]", "ok"),
    ("class C_{m}:\n    def __init__(self, v):\n        self.v = v\nc = C_{m}({n}); c.v", "ok"),
    ("undefined_{n}", "error"),
    ("for i in range(20): print('line', i, {n})", "ok"),
    ("t = randn(50, 50) @ randn(50, 50); t.mean()", "ok"),
    ("grad(lambda v: (v ** 2).sum())(tensor([1.0, {n}.0]))", "ok"),
    ("plot([1, {m}, 3], title='{n}')", "ok"),
    ("net = Sequential(Dense(4, 'tanh'), Dense(2, 'softmax'))\n"
     "net.fit(moons(40), epochs=2, verbose=0).final.loss", "ok"),
    ("display('cell {n}', id='d')\nupdate('again', 'd')", "ok"),
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gradus")
    parser.add_argument("--cells", type=int, default=20_000)
    parser.add_argument("--settled", type=int, default=5_000)
    options = parser.parse_args()
    kernel = Kernel([options.gradus, "kernel", "-f", "{connection_file}"])
    kernel.receive(kernel.shell, kernel.send(kernel.shell, "kernel_info_request", {}))
    began = time.monotonic()
    settled = None
    try:
        for number in range(1, options.cells + 1):
            code, wanted = KINDS[number % len(KINDS)]
            code = code.replace("{n}", str(number)).replace("{m}", str(number % 50))
            name = kernel.execute(code)
            kernel.until_idle(name)
            status = kernel.receive(kernel.shell, name)[1]["status"]
            if status != wanted:
                print(f"cell {number} ended with {status}: {code}")
                return 1
            if number == options.settled:
                settled = kernel.memory()
            if number % max(1, options.cells // 20) == 0:
                print(f"{number:6} cells {kernel.memory():7.2f} MiB "
                      f"{time.monotonic() - began:6.1f} s", flush=True)
        if settled is None:
            return 0
        growth = (kernel.memory() - settled) * 1024 / (options.cells - options.settled)
        print(f"growth after cell {options.settled}: {growth:.3f} KiB per cell")
        return int(growth > 1)
    finally:
        kernel.end()


if __name__ == "__main__":
    sys.exit(main())
