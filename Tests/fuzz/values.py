"""Random programs that print what the built-in types answer, thousands of values at a time."""

import math
import struct

WIDTHS = ["", "a", "Z", "0", " ", "é", "ß", "İ", "ǆ", "日本", "🙂", "\u0301", "\u00a0", "\t", "\n",
          "\x1c", "\u2028", "Σ", "ς", "ﬁ", "½", "٣", "ª", "_", "-", "'", '"', "\\", "{", "%", "x1"]
EDGES = [0, 1, -1, 2, 3, 7, 10, 63, 64, 255, 256, 2**31 - 1, 2**31, -2**31, 2**53, 2**53 + 1,
         -2**53 - 1, 2**62, 2**63 - 1, -2**63, -2**63 + 1, 10**18, 999999999999999999]


def text(random, size=6):
    return "".join(random.choice(WIDTHS) for _ in range(random.randint(0, size)))


def number(random):
    """A float, from all bit patterns, from decimals and from the edges."""
    kind = random.randrange(6)
    if kind == 0:
        return struct.unpack("<d", random.randbytes(8))[0]
    if kind == 1:
        return random.uniform(2.0**53, 1e16) * random.choice([1, -1])
    if kind == 2:
        return round(random.uniform(-1000, 1000), random.randint(0, 6))
    if kind == 3:
        return random.choice([0.0, -0.0, math.inf, -math.inf, 5e-324, 1.7976931348623157e308,
                              2.2250738585072014e-308, 0.5, 1.5, 2.5, 1e16, 1e22, 1e23, 9007199254740993.0])
    if kind == 4:
        return float(random.randint(-10**6, 10**6)) / random.choice([1, 2, 4, 10, 100])
    return 10.0 ** random.randint(-20, 22) * random.choice([1, 9.9999999, 1.5])


def literal(x):
    if isinstance(x, float) and (math.isinf(x) or math.isnan(x)):
        return f"float('{x}')"
    return repr(x) if isinstance(x, float) or x != -2**63 else "(-2**63 + 1 - 1)"


def lines(expressions):
    """Prints every expression's value, or what it raises."""
    text = ["def answer(f):", "    try:", "        print(repr(f()))",
            "    except Exception as error:", "        print(type(error).__name__, error)"]
    return "\n".join(text + [f"answer(lambda: {e})" for e in expressions]) + "\n"


def floats(random):
    found = []
    for _ in range(150):
        x = literal(number(random))
        y = literal(number(random))
        found += [x, f"str({x})", f"float({str(x)!r})" if "float" not in x else x,
                  f"round({x}, {random.randint(-5, 17)})", f"int({x})" if "e" not in x else x,
                  f"({x}).is_integer()", f"({x}).hex()", f"hash({x}) == hash(float({x}))",
                  f"{x} {random.choice(['+', '-', '*', '/', '//', '%', '<', '=='])} {y}",
                  f"divmod({x}, {y})", f"({x}).as_integer_ratio()" if abs(eval(x)) < 1e15 else y]
    return lines(e for e in found if "as_integer_ratio" not in e or "e-" not in e)


def specs(random):
    found = []
    for _ in range(500):
        fill = random.choice(["", "", "*", "é", "0", "<"])
        align = random.choice(["<", ">", "^", "="]) if fill else random.choice(["", "<", ">", "^", "="])
        spec = (fill + align + random.choice(["", "+", "-", " "]) + random.choice(["", "", "#"])
                + random.choice(["", "", "0"]) + random.choice(["", "", "1", "8", "21"])
                + random.choice(["", "", ",", "_"])
                + random.choice(["", "", ".0", ".1", ".3", ".17"])
                + random.choice("deEfFgGnxXobcs%") * random.randint(0, 1))
        kind = random.randrange(4)
        value = (literal(random.choice(EDGES + [random.randint(-10**6, 10**6)])) if kind == 0
                 else literal(number(random)) if kind < 3 else repr(text(random)))
        if "c" in spec and kind == 0:
            value = str(random.choice([65, 233, 0x1F642, 10]))
        found.append(f"format({value}, {spec!r})")
        if random.random() < 0.3:
            found.append(f"'{{:{spec}}}'.format({value})" if "'" not in spec else value)
    for _ in range(200):
        spec = ("%" + random.choice(["", "-", "+", " ", "#", "0", "-0", "+0"])
                + random.choice(["", "1", "7", "12"]) + random.choice(["", ".0", ".2", ".9"])
                + random.choice("diouxXeEfFgGcrsa%"))
        kind = random.randrange(3)
        value = (literal(random.randint(-10**6, 10**6)) if kind == 0 else literal(number(random))
                 if kind == 1 else repr(text(random)))
        if spec[-1] == "c":
            value = repr(random.choice("aé日"))
        found.append(f"{spec!r} % ({value},)" if spec[-1] != "%" else f"{spec!r} % ()")
    return lines(found)


def integers(random):
    found = []
    for _ in range(700):
        a, b = (random.choice(EDGES) + random.randint(-2, 2) for _ in range(2))
        mark = random.choice(["+", "-", "*", "//", "%", "/", "&", "|", "^", "<", "==", "**", "<<", ">>"])
        if mark in ("**", "<<") and not -70 < b < 70:
            b = random.randint(-3, 64)
        if mark == "**" and b < 0:
            a = random.choice([1, 2, -3, 10])
        exact = {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b,
                 "**": lambda: a ** b, "<<": lambda: a << b if b >= 0 else 0}
        edge = lambda n: isinstance(n, float) or -2**63 <= n < 2**63
        if not edge(a) or not edge(b):
            continue
        try:
            if mark in exact and not edge(exact[mark]()):
                continue
            if mark == "//" and a == -2**63 and b == -1:
                continue
        except (ZeroDivisionError, ValueError, OverflowError):
            pass
        found.append(f"{literal(a)} {mark} {literal(b)}" if a >= 0 and b >= 0 else
                     f"({literal(a)}) {mark} ({literal(b)})")
        if a != -2**63:
            found.append(f"({literal(a)}).bit_length(), hex({a}), bin({a}), oct({a}), -({a}), "
                         f"~({a}), abs({a}), float({a}), hash({a}), int(str({a})), round({a}, -2)"
                         if abs(a) < 2**63 - 200 else f"str({literal(a)})")
    return lines(found)


def slices(random):
    found = []
    for _ in range(400):
        size = random.randint(0, 6)
        part = lambda: random.choice(["", *map(str, range(-7, 8))])
        step = random.choice(["", ":", ":1", ":2", ":-1", ":-2", ":3", ":-5", ":0"])
        cut = f"{part()}:{part()}{step}"
        source = random.choice([list(range(size)), tuple(range(size)), "a日🙂défg"[:size]])
        found.append(f"{source!r}[{cut}]")
        found.append(f"range({size})[{cut}], range(9, 1, -2)[{cut}]")
        new = list(range(90, 90 + random.randint(0, 4)))
        found.append(f"(lambda x: (x.__setitem__(slice({slice_parts(cut)}), {new}), x))(list(range({size})))[1]")
        found.append(f"(lambda x: (x.__delitem__(slice({slice_parts(cut)})), x))(list(range({size})))[1]")
    return lines(found)


def slice_parts(cut):
    parts = cut.split(":")
    return ", ".join(part or "None" for part in parts + ["None"] * (3 - len(parts)))[:60]


def strings(random):
    found = []
    none = ["upper", "lower", "title", "capitalize", "swapcase", "casefold", "strip", "lstrip",
            "rstrip", "split", "splitlines", "isalpha", "isdigit", "isdecimal", "isnumeric",
            "isalnum", "isspace", "isupper", "islower", "istitle", "isidentifier", "isprintable",
            "isascii", "expandtabs"]
    one = ["count", "find", "rfind", "index", "rindex", "startswith", "endswith", "split", "rsplit",
           "partition", "rpartition", "strip", "lstrip", "rstrip", "removeprefix", "removesuffix",
           "join"]
    for _ in range(350):
        a, b, c = text(random), text(random, 2), text(random, 2)
        found += [repr(a), f"len({a!r})", f"ascii({a!r})", f"{a!r}.{random.choice(none)}()",
                  f"{a!r}.{random.choice(one)}({b!r})", f"{a!r}.replace({b!r}, {c!r})",
                  f"{a!r}.replace({b!r}, {c!r}, {random.randint(-1, 2)})",
                  f"{a!r}.{random.choice(['ljust', 'rjust', 'center', 'zfill'])}({random.randint(0, 9)})",
                  f"{a!r} {random.choice(['<', '==', '>=', 'in', '+'])} {b!r}",
                  f"{a!r}.find({b!r}, {random.randint(-5, 5)}, {random.randint(-5, 9)})",
                  f"{a!r}[{random.randint(-7, 7)}]", f"[ord(k) for k in {a!r}]",
                  f"{a!r}.split({b!r}, {random.randint(-1, 2)})", f"{a!r}.translate({{97: {b!r}, 233: None}})"]
    return lines(found)


def dicts(random):
    """A long history of changes to one dict and one set, shown now and then."""
    key = lambda: random.choice([random.randint(-3, 12), float(random.randint(0, 6)),
                                 random.choice([True, False]), (random.randint(0, 2), 1), 2.5])
    out = ["d, s = {}, set()"]
    for step in range(400):
        k = repr(key())
        out.append(random.choice([
            f"d[{k}] = {step}", f"d.pop({k}, None)", f"d.setdefault({k}, {step})",
            f"d.update({{{k}: {step}}})", f"s.add({k})", f"s.discard({k})",
            f"s |= {{{k}, {repr(key())}}}", f"s -= {{{k}}}", f"s ^= {{{k}}}",
            "d and d.popitem()", f"print({k} in d, {k} in s, d.get({k}))"]))
        if step % 20 == 0:
            out.append("print(d, s, len(d), len(s), list(d.items())[:3], s | {1, 2.5}, s & {1, 0})")
    return "\n".join(out) + "\n"


KINDS = [floats, specs, integers, slices, strings, dicts]


def program(random):
    """One program of a kind chosen at random."""
    return random.choice(KINDS)(random)
