#!/usr/bin/env python3
"""Times the programs beside this file in Gradus and in CPython, one after the other.

usage: compare.py [GRADUS] [ROUNDS] [NAME…]

Prints the best processor time of each, the start of the process included, their ratio, and the
geometric mean; first that of a script with nothing in it, which does not count. For the programs
in `lua`, idiomatic ports, also how many times faster than Lua 5.4 Gradus is, where that is
installed. All must print the same. No test asserts a time.

`python3` is run by its own path: a wrapper that stands for it in the search path would be timed
with it. Builds of CPython differ by a factor of two: say with any figure which one it was beside.
"""
import math
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).parent
gradus = sys.argv[1] if len(sys.argv) > 1 else str(here / "../../../.build/release/gradus")
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
names = sys.argv[3:] or sorted(path.stem for path in here.glob("*.grad"))


def run(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return text, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def python():
    """The program behind `python3`, and its version."""
    question = "import sys; print(sys.executable); print(sys.version.split()[0])"
    return subprocess.run(
        ["python3", "-c", question], capture_output=True, text=True, check=True
    ).stdout.splitlines()


peer, version = python()
print(f"CPython {version}, {peer}")
lua = shutil.which("lua5.4")
with tempfile.NamedTemporaryFile(suffix=".grad") as empty:
    starts = [[run([*c, empty.name])[1] for c in ([peer], [gradus, "run"])] for _ in range(10)]
    of_peer, of_gradus = (min(times) * 1000 for times in zip(*starts))
    print(f"(start)        CPython {of_peer:6.1f} ms  Gradus {of_gradus:6.1f} ms  {of_peer / of_gradus:5.2f}x")
products = {"python3": [], "lua": []}
for name in names:
    path = str(here / (name + ".grad"))
    port = here / "lua" / (name + ".lua")
    commands = {"python3": [peer, path], "gradus": [gradus, "run", path]}
    if lua and port.exists():
        commands["lua"] = [lua, str(port)]
    times = {key: [] for key in commands}
    texts = {}
    for _ in range(rounds):
        for key, command in commands.items():
            texts[key], seconds = run(command)
            times[key].append(seconds)
    best = {key: min(all_times) for key, all_times in times.items()}
    spread = sorted(p / g for p, g in zip(times["python3"], times["gradus"]))
    ratio = {key: seconds / best["gradus"] for key, seconds in best.items() if key != "gradus"}
    for key, value in ratio.items():
        products[key].append(math.log(value))
    same = "" if len(set(texts.values())) == 1 else "  DIFFERENT OUTPUT"
    beside = f"  Lua {best['lua'] * 1000:5.0f} ms {ratio['lua']:5.2f}x" if "lua" in ratio else ""
    print(
        f"{name:14} CPython {best['python3'] * 1000:6.0f} ms  Gradus {best['gradus'] * 1000:6.0f} ms"
        f"  {ratio['python3']:5.2f}x  ({spread[0]:.2f} to {spread[-1]:.2f}){beside}{same}"
    )
for key, title in (("python3", "CPython"), ("lua", "Lua 5.4")):
    if products[key]:
        mean = math.exp(sum(products[key]) / len(products[key]))
        print(f"geometric mean over {title} {mean:.2f}x of {len(products[key])}")
