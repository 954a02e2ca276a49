"""Compares random programs with CPython 3.11: what they print, how they end, whether they parse.

    GRADUS=PATH GRADUS_SYNTAX=PATH python3 fuzz.py [--seconds N] [--rounds N] [--seed N] [--kind KIND]

Status 1 when something differs; every find is made small and kept in the folder of --keep. The seed
is printed, and the same seed makes the same programs.
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
import syntax
import values

RUN = {"programs": programs.program, "values": values.program}
# The one difference that random programs cannot avoid: integers end at 64 bits here.
DECLARED = ("integer result too large", "integer does not fit in 64 bits")


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
    if any(words in ours[0] + ours[2] for words in DECLARED):
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


def run_attempt(kind, seed, folder):
    """Runs a program in both: how many there were, and what was found."""
    text = RUN[kind](random.Random(f"{kind} {seed}"))
    path = folder / f"{kind}-{seed}.py"
    if not difference(text, path):
        path.unlink()
        return 1, []
    small = shrink.shrink(text, lambda smaller: difference(smaller, path, is_whole=True))
    return 1, [(small, difference(small, path))]


def syntax_attempt(seed, pieces):
    """Asks both whether many programs parse."""
    found = list(syntax.differences(random.Random(f"syntax {seed}"), pieces))
    return 400, [(text, f"CPython: {theirs}\nGradus:  {ours}") for text, theirs, ours in found]


def main():
    if sys.version_info[:2] != (3, 11):
        print("skipped: python3 is not CPython 3.11")
        return 0
    kinds = [*RUN, "syntax"]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--rounds", type=int, default=10**9, help="stop after this many times eight")
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    parser.add_argument("--kind", choices=kinds, action="append")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the finds")
    parser.add_argument("--finds", type=int, default=5, help="stop after this many")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    pieces = syntax.sources()
    deadline = time.monotonic() + options.seconds
    counts = collections.Counter()
    finds = 0
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory() as name, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        folder = pathlib.Path(name)
        seed = options.seed
        for _ in range(options.rounds):
            if time.monotonic() > deadline or finds >= options.finds:
                break
            waiting = []
            for seed in range(seed, seed + 8):
                for kind in options.kind or kinds:
                    task = (pool.submit(syntax_attempt, seed, pieces) if kind == "syntax"
                            else pool.submit(run_attempt, kind, seed, folder))
                    waiting.append((kind, seed, task))
            seed += 1
            for kind, number, task in waiting:
                count, found = task.result()
                counts[kind] += count
                for text, words in found:
                    finds += 1
                    print(f"--- {kind}, seed {number}\n{text}\n{words}", flush=True)
                    if options.keep:
                        options.keep.mkdir(parents=True, exist_ok=True)
                        (options.keep / f"{kind}-{number}.py").write_text(text, encoding="utf-8")
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()) + f": {finds} differ")
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
