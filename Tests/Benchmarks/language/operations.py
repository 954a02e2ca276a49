#!/usr/bin/env python3
"""Times single operations of the language in Gradus and in CPython, one run after the other.

usage: operations.py [GRADUS] [ROUNDS] [PART OF A NAME…]

Prints the best time of each in nanoseconds and their ratio, the slowest of ours first. No test
asserts a time.
"""
import math
import pathlib
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).parent
gradus = sys.argv[1] if len(sys.argv) > 1 else str(here / "../../../.build/release/gradus")
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
wanted = sys.argv[3:]

# A name, what stands before the loop, the operation, how often it is done.
OPERATIONS = """
empty loop | | pass | 200000
str.strip | s = '  some words here  ' | s.strip() | 50000
str.strip nothing | s = 'some words here' | s.strip() | 50000
str.strip chars | s = '..some words here,,' | s.strip('.,') | 50000
str.rstrip newline | s = 'a line of text' + chr(10) | s.rstrip() | 50000
str.split | s = 'the quick brown fox jumps over it' | s.split() | 20000
str.split comma | s = '1,2,3,4,5,6,7,8' | s.split(',') | 20000
str.splitlines | s = chr(10).join(['line'] * 20) | s.splitlines() | 5000
str.join list | l = ['some', 'words', 'to', 'join'] * 5 | ' '.join(l) | 20000
str.join generator | l = ['some', 'words'] * 10 | ' '.join(w for w in l) | 5000
str.replace | s = 'the quick brown fox jumps over it' | s.replace('o', '0') | 30000
str.replace long | s = 'one two three ' * 1000 | s.replace('two', '2') | 100
str.replace nothing | s = 'the quick brown fox jumps' | s.replace('xyz', '0') | 50000
str.find | s = 'the quick brown fox jumps over it' | s.find('jumps') | 50000
str.find long | s = 'abcdefgh ' * 2000 + 'needle' | s.find('needle') | 500
str.count | s = 'banana' * 20 | s.count('an') | 20000
str.startswith | s = 'the quick brown fox' | s.startswith('the') | 50000
str.upper | s = 'the quick brown fox' | s.upper() | 50000
str.title | s = 'the quick brown fox' | s.title() | 20000
str.isdigit | s = '1234567890' | s.isdigit() | 50000
str.isalpha | s = 'abcdefghij' | s.isalpha() | 50000
str.zfill | s = '42' | s.zfill(8) | 50000
str.ljust | s = 'word' | s.ljust(20) | 50000
str.center | s = 'word' | s.center(20) | 50000
str.format | a = 3; b = 'x' | '{} and {}'.format(a, b) | 20000
f-string | a = 3; b = 'x' | f'{a} and {b}' | 50000
f-string spec | a = 3.14159 | f'{a:.2f}' | 50000
f-string width | a = 42 | f'{a:>8d}' | 50000
percent | a = 3; b = 2.5 | '%d %.2f' % (a, b) | 20000
str index | s = 'the quick brown fox' | s[5] | 100000
str slice | s = 'the quick brown fox' | s[4:9] | 100000
str reverse | s = 'the quick brown fox' | s[::-1] | 50000
str in | s = 'the quick brown fox' | 'fox' in s | 100000
str concat | s = 'some'; t = 'words' | s + t | 100000
str repeat | s = 'ab' | s * 20 | 50000
str compare | s = 'some words'; t = 'some other' | s < t | 100000
str(int) | n = 123456 | str(n) | 50000
str(float) | x = 3.14159 | str(x) | 50000
int(str) | s = '123456' | int(s) | 50000
float(str) | s = '3.14159' | float(s) | 50000
repr list | l = list(range(20)) | repr(l) | 5000
list(range) | | list(range(1000)) | 500
list comprehension | r = range(1000) | [x * 2 for x in r] | 200
list(str) | s = 'abcdefghij' * 10 | list(s) | 3000
list copy | l = list(range(1000)) | l[:] | 2000
list slice step | l = list(range(1000)) | l[::2] | 2000
list concat | l = list(range(100)) | l + l | 10000
list.append pop | l = [1, 2, 3] | l.append(4); l.pop() | 50000
list.insert 0 | l = list(range(100)) | l.insert(0, 1); l.pop(0) | 20000
list.index | l = list(range(100)) | l.index(90) | 5000
list.count | l = list(range(100)) | l.count(5) | 5000
list.reverse | l = list(range(1000)) | l.reverse() | 2000
list in | l = list(range(100)) | 90 in l | 10000
list equal | l = list(range(1000)); m = list(range(1000)) | l == m | 500
list.extend | l = list(range(100)); m = [] | m = []; m.extend(l) | 20000
sorted ints | l = [(i * 7919) % 1009 for i in range(1000)] | sorted(l) | 100
sorted sorted | l = list(range(1000)) | sorted(l) | 500
sorted strings | l = [str((i * 7919) % 1009) for i in range(1000)] | sorted(l) | 50
sorted key=len | l = ['x' * (i * 7 % 13) for i in range(1000)] | sorted(l, key=len) | 50
sorted key=lambda | l = [(i * 7919) % 1009 for i in range(1000)] | sorted(l, key=lambda x: -x) | 50
sorted tuples | l = [((i * 7919) % 101, i) for i in range(1000)] | sorted(l) | 30
sorted reverse | l = [(i * 7919) % 1009 for i in range(1000)] | sorted(l, reverse=True) | 100
sum ints | l = list(range(1000)) | sum(l) | 1000
sum floats | l = [i * 0.5 for i in range(1000)] | sum(l) | 1000
sum generator | l = list(range(1000)) | sum(x for x in l) | 200
sum range | | sum(range(1000)) | 500
min list | l = list(range(1000)) | min(l) | 500
max key | l = ['ab', 'c', 'def'] * 20 | max(l, key=len) | 1000
any generator | l = list(range(100)) | any(x > 98 for x in l) | 2000
all list | l = [True] * 1000 | all(l) | 1000
zip loop | l = list(range(1000)); m = list(range(1000)) | [a + b for a, b in zip(l, m)] | 100
list(zip) | l = list(range(1000)); m = list(range(1000)) | list(zip(l, m)) | 200
dict(zip) | l = [str(i) for i in range(100)]; m = list(range(100)) | dict(zip(l, m)) | 1000
enumerate loop | l = list(range(1000)) | [i for i, x in enumerate(l)] | 100
map str | l = list(range(1000)) | list(map(str, l)) | 100
map abs | l = list(range(1000)) | list(map(abs, l)) | 200
map lambda | l = list(range(1000)) | list(map(lambda x: x + 1, l)) | 100
filter lambda | l = list(range(1000)) | list(filter(lambda x: x > 500, l)) | 100
filter None | l = [0, 1] * 500 | list(filter(None, l)) | 200
reversed | l = list(range(1000)) | list(reversed(l)) | 500
set(list) | l = list(range(1000)) | set(l) | 200
set(strings) | l = [str(i) for i in range(1000)] | set(l) | 200
set.add | s = set() | s = set(); s.add(1); s.add(2); s.add(3) | 20000
set literal | | {1, 2, 3, 4} | 50000
set in | s = set(range(1000)) | 500 in s | 100000
set and | s = set(range(1000)); t = set(range(500, 1500)) | s & t | 200
set or | s = set(range(1000)); t = set(range(500, 1500)) | s | t | 100
set minus | s = set(range(1000)); t = set(range(500, 1500)) | s - t | 200
set comprehension | r = range(1000) | {x % 100 for x in r} | 100
dict get item | d = {'a': 1, 'b': 2} | d['b'] | 100000
dict set item | d = {} | d['b'] = 1 | 100000
dict.get | d = {'a': 1} | d.get('b', 0) | 100000
dict.items loop | d = {i: i for i in range(1000)} | [k + v for k, v in d.items()] | 100
dict comprehension | r = range(1000) | {x: x * x for x in r} | 100
dict literal | | {'a': 1, 'b': 2, 'c': 3} | 50000
dict.setdefault | d = {} | d.setdefault('a', 1) | 50000
dict.update | d = {i: i for i in range(100)} | e = {}; e.update(d) | 3000
dict copy | d = {i: i for i in range(100)} | d.copy() | 5000
dict in | d = {i: i for i in range(100)} | 50 in d | 100000
dict float keys | d = {i * 0.5: i for i in range(100)} | d[20.5] | 50000
dict tuple keys | d = {(i, i + 1): i for i in range(100)} | d[(20, 21)] | 50000
dict equal | d = {i: i for i in range(100)}; e = dict(d) | d == e | 2000
tuple make | a = 1; b = 2 | (a, b) | 100000
tuple unpack | t = (1, 2, 3) | a, b, c = t | 100000
tuple compare | t = (1, 2, 3); u = (1, 2, 4) | t < u | 100000
len | l = [1, 2, 3] | len(l) | 100000
abs | x = -3 | abs(x) | 100000
round | x = 3.14159 | round(x, 2) | 50000
divmod | a = 17 | divmod(a, 5) | 50000
pow | a = 3 | a ** 7 | 50000
int division | a = 17; b = 5 | a // b + a % b | 100000
shifts | a = 17 | (a << 3) >> 2 | 100000
isinstance | x = 3 | isinstance(x, int) | 100000
type | x = 3 | type(x) is int | 100000
ord chr | c = 'a' | chr(ord(c) + 1) | 50000
bin | n = 1234 | bin(n) | 50000
hash tuple | t = (1, 2, 3) | hash(t) | 50000
math.sqrt | import math; x = 2.0 | math.sqrt(x) | 50000
call function | f = lambda x: x | f(1) | 100000
call keyword | f = lambda x, y=2: x | f(1, y=3) | 50000
call star | f = lambda *a: a; l = [1, 2, 3] | f(*l) | 50000
class instance | class C: pass | C() | 20000
attribute | P = Point | p.x | 100000
set attribute | P = Point | p.x = 3 | 100000
method call | P = Point | p.norm() | 50000
make instance | P = Point | Point(1, 2) | 20000
try no error | | g(1) | 50000
try except | | h(1) | 20000
generator next | | list(gen(100)) | 1000
isinstance class | P = Point | isinstance(p, Point) | 100000
string building | | build() | 500
"""

PRELUDE = """
from time import perf_counter

class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def norm(self):
        return self.x * self.x + self.y * self.y

p = Point(1, 2)

def g(x):
    try:
        return x
    except ValueError:
        return 0

def h(x):
    try:
        raise ValueError(x)
    except ValueError:
        return 0

def gen(n):
    for i in range(n):
        yield i

def build():
    s = ''
    for i in range(100):
        s += 'x'
    return s
"""


def program():
    parts = [PRELUDE]
    names = []
    for line in OPERATIONS.strip().splitlines():
        name, setup, rest = (field.strip() for field in line.split("|", 2))
        operation, count = (field.strip() for field in rest.rsplit("|", 1))
        if wanted and not any(part in name for part in wanted):
            continue
        names.append(name)
        parts.append(
            f"def run():\n    {setup or 'pass'}\n    best = 1e9\n    for _ in range(3):\n"
            f"        start = perf_counter()\n        for _ in range({count}):\n"
            f"            {operation}\n"
            f"        best = min(best, perf_counter() - start)\n    return best / {count} * 1e9\n"
            f"print(run())\n"
        )
    return names, "\n".join(parts)


names, text = program()
with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
    file.write(text)
    file.flush()
    best = {"python3": [math.inf] * len(names), "gradus": [math.inf] * len(names)}
    for _ in range(rounds):
        for key, command in (("python3", ["python3"]), ("gradus", [gradus, "run"])):
            result = subprocess.run(command + [file.name], capture_output=True, text=True)
            if result.returncode != 0:
                sys.exit(result.stderr)
            times = [float(line) for line in result.stdout.split()]
            best[key] = [min(pair) for pair in zip(best[key], times)]
rows = sorted(
    (theirs / ours, name, theirs, ours)
    for name, theirs, ours in zip(names, best["python3"], best["gradus"])
)
for ratio, name, theirs, ours in rows:
    print(f"{name:20} CPython {theirs:10.0f} ns  Gradus {ours:10.0f} ns  {ratio:6.2f}x")
mean = math.exp(sum(math.log(row[0]) for row in rows) / len(rows))
slow = sum(row[0] < 0.9 for row in rows)
print(f"geometric mean {mean:.2f}x of {len(rows)}, {slow} below 0.9x")
