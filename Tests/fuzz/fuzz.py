"""Compares random programs with CPython 3.11: what they print and how they end.

    GRADUS=PATH python3 fuzz.py [--seconds N] [--seed N] [--kind programs|values] [--keep FOLDER]

Stops with status 1 when something differs; every find is made small and kept in FOLDER. The seed is
printed, and the same seed makes the same programs.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import warnings

import programs
import shrink
import values

KINDS = {"programs": programs.program, "values": values.program}
# The one difference that random programs cannot avoid: integers end at 64 bits here.
DECLARED = "integer result too large"


def outcome(command, path):
    """What a run prints, and its last words; a crash shows as its exit status."""
    try:
        done = subprocess.run([*command, str(path)], capture_output=True, timeout=20,
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None
    status = done.returncode if done.returncode < 0 or done.returncode > 1 else 0
    errors = done.stderr.decode(errors="replace").strip().split("\n")
    last = errors[-1] if done.returncode else ""
    return done.stdout.decode(errors="replace"), status, last


def difference(text, path, is_whole=False):
    """The first line that differs, or None; also None when CPython must run it to its end."""
    path.write_text(text, encoding="utf-8")
    theirs = outcome([sys.executable, "-W", "ignore"], path)
    if theirs and theirs[2] and is_whole:
        return None
    ours = outcome([os.environ["GRADUS"], "run"], path)
    if theirs is None:
        return None
    if ours is None:
        return "no end within 20 seconds"
    if DECLARED in ours[0] + ours[2]:
        return None
    if ours[1]:
        return f"exit status {ours[1]}"
    mine, other = ours[0].split("\n"), theirs[0].split("\n")
    for line in range(max(len(mine), len(other))):
        left = other[line] if line < len(other) else "(end)"
        right = mine[line] if line < len(mine) else "(end)"
        if left != right:
            return f"CPython: {left[:200]}\nGradus:  {right[:200]}"
    return None


def attempt(kind, seed, folder):
    text = KINDS[kind](random.Random(f"{kind} {seed}"))
    return seed, text, difference(text, folder / f"{kind}-{seed}.py")


def kept(kind, seed, text, folder, keep):
    path = folder / "shrunk.py"
    small = shrink.shrink(text, lambda smaller: difference(smaller, path, is_whole=True))
    found = difference(small, path)
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"{kind}-{seed}.py").write_text(small, encoding="utf-8")
    return f"{kind}, seed {seed}\n{small}{found}\n"


def main():
    if sys.version_info[:2] != (3, 11):
        print("skipped: python3 is not CPython 3.11")
        return 0
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--finds", type=int, default=5, help="stop after this many")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    kinds = [options.kind] if options.kind else list(KINDS)
    deadline = time.monotonic() + options.seconds
    counts = collections.Counter()
    finds = []
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory() as name, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        folder = pathlib.Path(name)
        seed = options.seed
        while time.monotonic() < deadline and len(finds) < options.finds:
            waiting = []
            for _ in range(8):
                for kind in kinds:
                    waiting.append((kind, pool.submit(attempt, kind, seed, folder)))
                seed += 1
            for kind, result in waiting:
                number, text, found = result.result()
                counts[kind] += 1
                if found and len(finds) < options.finds:
                    finds.append(kept(kind, number, text, folder, options.keep))
                    print(finds[-1], flush=True)
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()) + f", {len(finds)} finds")
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
