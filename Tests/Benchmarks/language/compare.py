#!/usr/bin/env python3
"""Times the programs beside this file in Gradus and in CPython, one after the other.

usage: compare.py [GRADUS] [ROUNDS] [NAME…]

Prints the best processor time of each, their ratio, and the geometric mean. Both must print the
same. No test asserts a time.
"""
import math
import pathlib
import resource
import subprocess
import sys

here = pathlib.Path(__file__).parent
gradus = sys.argv[1] if len(sys.argv) > 1 else str(here / "../../../.build/release/gradus")
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
names = sys.argv[3:] or sorted(path.stem for path in here.glob("*.grad"))


def run(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return text, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


product = 0.0
for name in names:
    path = str(here / (name + ".grad"))
    times = {"python3": [], "gradus": []}
    texts = {}
    for _ in range(rounds):
        for key, command in (("python3", ["python3", path]), ("gradus", [gradus, "run", path])):
            texts[key], seconds = run(command)
            times[key].append(seconds)
    best = {key: min(all_times) for key, all_times in times.items()}
    spread = sorted(p / g for p, g in zip(times["python3"], times["gradus"]))
    ratio = best["python3"] / best["gradus"]
    product += math.log(ratio)
    same = "" if texts["python3"] == texts["gradus"] else "  DIFFERENT OUTPUT"
    print(
        f"{name:14} CPython {best['python3'] * 1000:6.0f} ms  Gradus {best['gradus'] * 1000:6.0f} ms"
        f"  {ratio:5.2f}x  ({spread[0]:.2f} to {spread[-1]:.2f}){same}"
    )
print(f"geometric mean {math.exp(product / len(names)):.2f}x")
