"""Random programs of the common subset, with typed names, so that most of them run to the end.

They stay clear of the declared differences by construction: integers stay small, sets that are
printed hold numbers, nothing prints an address.
"""

INT, FLOAT, STR, BOOL, LIST, WORDS, DICT, SET, TUPLE = (
    "int", "float", "str", "bool", "list", "words", "dict", "set", "tuple")
TYPES = [INT, FLOAT, STR, BOOL, LIST, WORDS, DICT, SET, TUPLE]
ERRORS = ["ValueError", "KeyError", "IndexError", "TypeError", "ZeroDivisionError",
          "LookupError", "ArithmeticError", "RuntimeError", "Exception", "AttributeError"]
TEXTS = ["", "a", "b", "abc", "Hello World", "x,y,,z", "  pad ", "ÄÖ ß", "naïve", "日本", "🙂 ok",
         "tab\\tend", "line\\nbreak", "it's", "0", "12", "-7", "3.5", "aAbB", "the cat sat"]
FLOATS = ["0.0", "-0.0", "1.5", "2.25", "-3.75", "1e3", "1e-5", "0.1", "123456.789", "1e16",
          "1e15", "5e-324", "float('inf')", "float('nan')", "7.0", "-2.5", "0.5"]
INT_SPECS = ["d", "5d", "<6", ">6", "^7", "05d", "+d", " d", "x", "#x", "b", "#010b", "o", "X",
             ",", "_", "e", ".2f", "8.3f", "%", "", "3", "=+7", "*^9,", "_b", "n"]
FLOAT_SPECS = [".2f", "8.3f", "+.1e", "g", ".3g", "%", ".1%", ",.2f", "010.2f", "<9.2f", "^12.4g",
               "e", ".0f", "#.3g", "", "n"]
STR_SPECS = ["", "10", "<10", ">10", "^10", "*^12", ".2", "-<8.3", "s"]


class Scope:
    """Names that can be read here, by type, and those that may be assigned."""

    def __init__(self, outer=None, prefix="v"):
        self.names = {kind: list(outer.names[kind]) if outer else [] for kind in TYPES}
        self.functions = list(outer.functions) if outer else []
        self.classes = list(outer.classes) if outer else []
        self.generators = list(outer.generators) if outer else []
        self.own = []
        self.prefix = prefix


class Writer:
    def __init__(self, random, size=30):
        self.random = random
        self.lines = []
        self.indent = 0
        self.count = 0
        self.budget = size
        self.loops = 0
        self.function_depth = 0

    # Writing

    def put(self, line):
        self.lines.append("    " * self.indent + line)

    def fresh(self, stem):
        self.count += 1
        return f"{stem}{self.count}"

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, share):
        return self.random.random() < share

    def one_of(self, *forms):
        """The text of one of several forms; only that one is made."""
        return self.random.choice(forms)()

    def mostly(self, safe, wild):
        """The form that cannot fail, or now and then the one that may."""
        return wild if self.chance(0.12) else safe

    def either(self, safe, wild, *parts):
        """`mostly` with the same parts in both forms."""
        return self.mostly(safe, wild).format(*parts)

    # Expressions

    def name(self, scope, kind):
        names = scope.names[kind]
        return self.random.choice(names) if names else None

    def expression(self, scope, kind, depth=2):
        if depth <= 0 or self.chance(0.25):
            return self.leaf(scope, kind)
        return getattr(self, "make_" + kind)(scope, depth - 1)

    def leaf(self, scope, kind):
        name = self.name(scope, kind)
        if name and self.chance(0.75):
            return name
        random = self.random
        if kind == INT:
            return str(random.choice([0, 1, 2, 3, 5, 7, 10, 63, 255, -1, -2, -9, 1000]))
        if kind == FLOAT:
            return random.choice(FLOATS)
        if kind == STR:
            return '"' + random.choice(TEXTS) + '"'
        if kind == BOOL:
            return random.choice(["True", "False"])
        if kind == LIST:
            items = ", ".join(str(random.randint(-9, 20)) for _ in range(random.randint(0, 5)))
            return f"[{items}]"
        if kind == WORDS:
            items = ", ".join(f'"{random.choice(TEXTS)}"' for _ in range(random.randint(0, 4)))
            return f"[{items}]"
        if kind == DICT:
            items = ", ".join(
                f'"{k}": {random.randint(-5, 9)}'
                for k in random.sample("abcdef", random.randint(0, 4)))
            return "{" + items + "}"
        if kind == SET:
            items = ", ".join(str(random.randint(-9, 40)) for _ in range(random.randint(1, 5)))
            return "{" + items + "}"
        return f"({random.randint(0, 9)}, {random.randint(-9, 9)})"

    def small(self, scope, depth):
        return f"({self.expression(scope, INT, depth)}) % {self.pick(3, 5, 7, 9)}"

    def make_int(self, scope, depth):
        e = lambda kind: self.expression(scope, kind, depth)
        bits = lambda: f"({e(INT)}).bit_length()"
        fact = lambda: f"{self.instance(scope, depth)}.{self.pick('value', 'total()', 'next')}"
        return self.one_of(
            *[lambda: f"({e(INT)} {self.pick('+', '-')} {e(INT)})"] * 4,
            lambda: f"({e(INT)} * {e(INT)} % 10007)",
            lambda: self.either("({0} {2} ({1} or 3))", "({0} {2} {1})",
                                e(INT), e(INT), self.pick("//", "%")),
            lambda: f"({e(INT)} {self.pick('&', '|', '^')} {e(INT)})",
            lambda: f"(({e(INT)}) % 100 << {self.small(scope, depth)})",
            lambda: f"({e(INT)} >> {self.small(scope, depth)})",
            lambda: f"(({e(INT)}) % 10) ** ({self.small(scope, depth)})",
            lambda: f"{self.pick('-', '~', '+')}({e(INT)})",
            lambda: f"len({e(self.pick(STR, LIST, WORDS, DICT, SET, TUPLE))})",
            lambda: f"sum({e(self.pick(LIST, SET, TUPLE))})",
            lambda: f"{self.pick('min', 'max')}({e(INT)}, {e(INT)})",
            lambda: f"{self.pick('min', 'max')}({e(LIST)}, default={e(INT)})",
            lambda: f"abs({e(INT)})",
            lambda: f"({e(INT)} if {e(BOOL)} else {e(INT)})",
            lambda: self.either("({0} or [4])[{1} % 2 - 1]", "{0}[{1}]", e(LIST), e(INT)),
            lambda: f"{e(DICT)}.get({e(STR)}, {e(INT)})",
            lambda: self.either("({0} or {{'z': 5}}).popitem()[1]", "{0}[{1}]", e(DICT), e(STR)),
            lambda: "{1}.{0}({2})".format(
                self.mostly(self.pick("count", "find", "rfind"), self.pick("index", "rindex")),
                e(STR), e(STR)),
            lambda: f"{e(LIST)}.{self.mostly('count', 'index')}({e(INT)})",
            lambda: self.mostly(f"int({e(BOOL)})", f"int({e(self.pick(FLOAT, STR))})"),
            lambda: self.either("divmod({0}, {1} or 7)", "divmod({0}, {1})", e(INT), e(INT))
            + f"[{self.pick(0, 1)}]",
            lambda: f"sum({self.comprehension(scope, depth, 'gen')})",
            lambda: self.mostly(f"round({e(INT)}, -1)", f"round({e(FLOAT)})"),
            lambda: self.call(scope, depth) if scope.functions else bits(),
            lambda: fact() if scope.classes else bits(),
            lambda: f"ord(({e(STR)} or 'x')[{self.pick(0, -1)}])",
            bits)

    def make_float(self, scope, depth):
        e = lambda kind: self.expression(scope, kind, depth)
        calculation = lambda: "({0} {2} {1})".format(
            e(self.pick(INT, FLOAT)), e(FLOAT),
            self.mostly(self.pick("+", "-", "*"), self.pick("/", "//", "%")))
        return self.one_of(
            *[calculation] * 3,
            lambda: self.either("({0} / ({1} or 1))", "({0} / {1})", e(INT), e(INT)),
            lambda: f"round({e(FLOAT)}, {self.pick(0, 1, 2, 3, -1)})",
            lambda: f"float({e(self.mostly(self.pick(INT, BOOL), STR))})",
            lambda: f"abs({e(FLOAT)})",
            lambda: f"-({e(FLOAT)})",
            lambda: f"({e(FLOAT)} if {e(BOOL)} else {e(FLOAT)})")

    def make_str(self, scope, depth):
        e = lambda kind: self.expression(scope, kind, depth)
        return self.one_of(
            lambda: f"({e(STR)} + {e(STR)})",
            lambda: f"({e(STR)} * ({self.small(scope, depth)}))",
            lambda: f"str({e(self.pick(*TYPES))})",
            lambda: f"repr({e(self.pick(*TYPES))})",
            lambda: "{1}.{0}()".format(
                self.pick("upper", "lower", "title", "capitalize", "swapcase", "strip", "lstrip",
                          "rstrip", "casefold", "expandtabs"), e(STR)),
            lambda: f"{e(STR)}[{self.slice(scope, depth)}]",
            lambda: self.either("({0} or 'k')[{1} % 3:][:1]", "{0}[{1}]", e(STR), e(INT)),
            lambda: f"{e(STR)}.join({e(WORDS)})",
            lambda: f"{e(STR)}.replace({e(STR)}, {e(STR)})",
            lambda: f"f\"{{{self.plain(scope, INT)}:{self.pick(*INT_SPECS)}}}|\"",
            lambda: f"f\"<{{{self.plain(scope, FLOAT)}:{self.pick(*FLOAT_SPECS)}}}>\"",
            lambda: f"f\"{{{self.plain(scope, STR)}{self.pick('', '!r', '!s', '!a')}:{self.pick(*STR_SPECS)}}}\"",
            lambda: f"format({e(INT)}, '{self.pick(*INT_SPECS)}')",
            lambda: self.mostly("'{}-{:>5}'", "'{} {0} {:>5}'") + f".format({e(INT)}, {e(STR)})",
            lambda: f"'%d %5.2f %s %r' % ({e(INT)}, {e(FLOAT)}, {e(STR)}, {e(self.pick(*TYPES))})",
            lambda: f"{e(STR)}.{self.pick('ljust', 'rjust', 'center', 'zfill')}({self.small(scope, depth)})",
            lambda: f"({e(STR)} if {e(BOOL)} else {e(STR)})",
            lambda: self.either("({0} or ['w'])[{1} % 2 - 1]", "{0}[{1}]", e(WORDS), e(INT)),
            lambda: f"chr(({e(INT)}) % 500 + 32)",
            lambda: f"({e(STR)} {self.pick('or', 'and')} {e(STR)})",
            lambda: f"''.join(reversed({e(STR)}))",
            lambda: f"{self.pick('hex', 'bin', 'oct')}({e(INT)})")

    def make_bool(self, scope, depth):
        e = lambda kind: self.expression(scope, kind, depth)
        compared = lambda kind: (
            f"({e(kind)} {self.pick('<', '<=', '>', '>=', '==', '!=')} {e(kind)})")
        within = lambda kinds: f"({e(INT)} {self.pick('in', 'not in')} {e(kinds)})"
        return self.one_of(
            *[lambda: compared(self.pick(INT, FLOAT, STR, LIST, TUPLE))] * 3,
            lambda: f"({e(INT)} < {e(INT)} <= {e(INT)})",
            lambda: f"(not {e(BOOL)})",
            lambda: f"({e(BOOL)} {self.pick('and', 'or')} {e(BOOL)})",
            lambda: within(self.pick(LIST, SET, TUPLE)),
            lambda: f"({e(STR)} {self.pick('in', 'not in')} {e(self.pick(STR, WORDS, DICT))})",
            lambda: f"{self.pick('all', 'any')}({e(LIST)})",
            lambda: f"isinstance({e(self.pick(*TYPES))}, {self.pick('int', 'str', '(int, float)', 'list')})",
            lambda: "{1}.{0}()".format(
                self.pick("isdigit", "isalpha", "isupper", "islower", "isspace", "isalnum",
                          "istitle", "isidentifier", "isnumeric", "isprintable"), e(STR)),
            lambda: f"{e(STR)}.{self.pick('startswith', 'endswith')}({e(STR)})",
            lambda: f"({e(SET)} {self.pick('<=', '<', '>', '==')} {e(SET)})",
            lambda: f"bool({e(self.pick(*TYPES))})")

    def make_list(self, scope, depth):
        e = lambda kind: self.expression(scope, kind, depth)
        generated = lambda: (
            f"list({self.random.choice(scope.generators)}({self.small(scope, depth)}))")
        comprehension = lambda: self.comprehension(scope, depth, "list")
        return self.one_of(
            lambda: f"({e(LIST)} + {e(LIST)})",
            lambda: f"({e(LIST)} * ({self.small(scope, depth)}))",
            lambda: f"{e(LIST)}[{self.slice(scope, depth)}]",
            lambda: f"sorted({e(self.pick(LIST, SET, TUPLE))}, reverse={e(BOOL)})",
            lambda: f"sorted({e(LIST)}, key=lambda k: {self.pick('-k', 'k % 3', 'abs(k)', '(k % 2, k)')})",
            lambda: f"list({e(self.pick(SET, TUPLE, LIST))})",
            lambda: f"list(range({e(INT)} % 8, {e(INT)} % 20, {self.pick(1, 2, 3, -1)}))",
            lambda: f"[*{e(LIST)}, {e(INT)}, *{e(TUPLE)}]",
            lambda: f"list(map(lambda k: {self.pick('k + 1', 'k * k % 97', '-k')}, {e(LIST)}))",
            lambda: f"list(filter({self.pick('None', 'lambda k: k > 2')}, {e(LIST)}))",
            lambda: f"list({e(DICT)}.values())",
            lambda: generated() if scope.generators else comprehension(),
            lambda: f"[len(w) for w in {e(WORDS)}]",
            comprehension)

    def make_words(self, scope, depth):
        e = lambda kind: self.expression(scope, kind, depth)
        return self.one_of(
            lambda: f"{e(STR)}.split({self.pick('', repr(','), repr(' '), 'None, 1')})",
            lambda: f"sorted({e(WORDS)}{self.pick('', ', key=len', ', key=str.lower')})",
            lambda: f"list({e(STR)})",
            lambda: f"[str(k) for k in {e(LIST)}]",
            lambda: f"list({e(DICT)})",
            lambda: f"({e(WORDS)} + {e(WORDS)})",
            lambda: f"{e(STR)}.splitlines()",
            lambda: f"[w{self.pick('.upper()', '[::-1]', '.strip()', ' + w')} for w in {e(WORDS)} if {self.pick('w', 'len(w) > 1')}]")

    def make_dict(self, scope, depth):
        e = lambda kind: self.expression(scope, kind, depth)
        return self.one_of(
            lambda: f"{{**{e(DICT)}, {e(STR)}: {e(INT)}}}",
            lambda: f"({e(DICT)} | {e(DICT)})",
            lambda: f"{{w: len(w) for w in {e(WORDS)}}}",
            lambda: f"dict(zip({e(WORDS)}, {e(LIST)}))",
            lambda: f"dict.fromkeys({e(WORDS)}, {e(INT)})",
            lambda: f"dict(sorted({e(DICT)}.items(), key=lambda kv: (kv[1], kv[0])))")

    def make_set(self, scope, depth):
        e = lambda kind: self.expression(scope, kind, depth)
        return self.one_of(
            lambda: f"({e(SET)} {self.pick('|', '&', '-', '^')} {e(SET)})",
            lambda: f"set({e(self.pick(LIST, TUPLE))})",
            lambda: f"{{k % {self.pick(3, 7, 16)} for k in {e(LIST)}}}",
            lambda: f"{e(SET)}.{self.pick('union', 'difference', 'intersection')}({e(LIST)})")

    def make_tuple(self, scope, depth):
        e = lambda kind: self.expression(scope, kind, depth)
        return self.one_of(
            lambda: f"({e(INT)}, {e(INT)})",
            lambda: f"divmod({e(INT)}, {e(INT)} or 4)",
            lambda: f"tuple({e(LIST)})",
            lambda: f"{e(TUPLE)}[::-1]")

    def plain(self, scope, kind):
        """An expression without quotes or braces, for a replacement field."""
        name = self.name(scope, kind)
        if name:
            return name
        return {INT: "42", FLOAT: "2.5", STR: "'q'"}[kind]

    def slice(self, scope, depth):
        part = lambda: self.pick("", str(self.random.randint(-6, 6)),
                                 self.expression(scope, INT, 0))
        return part() + ":" + part() + (":" + self.pick("", "1", "2", "-1", "-2", "3"))

    def comprehension(self, scope, depth, form):
        inner = Scope(scope)
        k = self.fresh("k")
        source = self.pick(self.expression(scope, LIST, depth),
                           f"range({self.small(scope, depth)})")
        inner.names[INT] = inner.names[INT] + [k] * 3
        body = self.expression(inner, INT, depth)
        test = f" if {self.expression(inner, BOOL, 1)}" if self.chance(0.4) else ""
        more = ""
        if self.chance(0.2):
            j = self.fresh("k")
            more = f" for {j} in range({k} % 4)"
            body = f"{body} + {j}"
        text = f"{body} for {k} in {source}{more}{test}"
        return f"[{text}]" if form == "list" else f"({text})"

    def call(self, scope, depth):
        name, required, optional, is_open = self.random.choice(scope.functions)
        e = lambda: self.expression(scope, INT, depth)
        arguments = [e() for _ in range(required)]
        if self.chance(0.08) and arguments:
            arguments.pop()
        if is_open and self.chance(0.5):
            arguments.append(f"*{self.expression(scope, LIST, 0)}")
        for word in optional:
            if self.chance(0.4):
                arguments.append(f"{word}={e()}")
        if self.chance(0.04):
            arguments.append("wrong=1")
        return f"{name}({', '.join(arguments)})"

    def instance(self, scope, depth):
        return f"{self.random.choice(scope.classes)}({self.expression(scope, INT, depth)})"

    # Statements

    def block(self, scope, size):
        self.indent += 1
        before = len(self.lines)
        for _ in range(size):
            self.statement(scope)
        if len(self.lines) == before:
            self.put("pass")
        self.indent -= 1

    def target(self, scope, kind):
        own = [name for name in scope.own if name in scope.names[kind]]
        if own and self.chance(0.5):
            return self.random.choice(own)
        name = self.fresh(scope.prefix)
        return name

    def learn(self, scope, name, kind):
        for names in scope.names.values():
            if name in names:
                names.remove(name)
        scope.names[kind].append(name)
        if name not in scope.own:
            scope.own.append(name)

    def statement(self, scope):
        self.budget -= 1
        if self.budget < 0:
            return
        forms = ["assign"] * 6 + ["print"] * 4 + ["augment", "change", "change", "unpack", "walrus",
                 "delete", "check"]
        if self.indent < 5:
            forms += ["branch", "branch", "loop", "loop", "repeat", "attempt", "attempt", "manage"]
        if self.indent < 4 and self.function_depth < 3:
            forms += ["function", "function", "generator", "klass"]
        if self.loops and self.chance(0.15):
            forms += ["leave"] * 3
        getattr(self, "put_" + self.random.choice(forms))(scope)

    def put_assign(self, scope):
        kind = self.random.choice(TYPES)
        value = self.expression(scope, kind, 3)
        name = self.target(scope, kind)
        hint = f": {kind}" if self.chance(0.05) and kind in ("int", "float") and \
            name not in scope.own else ""
        self.put(f"{name}{hint} = {value}")
        self.learn(scope, name, kind)

    def put_augment(self, scope):
        kind = self.pick(INT, FLOAT, STR, LIST, SET)
        own = [name for name in scope.own if name in scope.names[kind]]
        if not own:
            return self.put_assign(scope)
        name = self.random.choice(own)
        mark = {INT: ["+=", "-=", "|=", "^=", "//="], FLOAT: ["+=", "*=", "-="], STR: ["+="],
                LIST: ["+="], SET: ["|=", "&=", "-="]}[kind]
        self.put(f"{name} {self.pick(*mark)} {self.expression(scope, kind, 1)}")
        if kind == INT:
            self.put(f"{name} %= 100003")
        if kind in (STR, LIST):
            self.put(f"{name} = {name}[:40]")

    def put_change(self, scope):
        kind = self.pick(LIST, DICT, SET, WORDS)
        own = [name for name in scope.names[kind]]
        if not own:
            return self.put_assign(scope)
        name = self.random.choice(own)
        e = lambda kind: self.expression(scope, kind, 1)
        if kind == LIST:
            self.put(name + self.pick(
                f".append({e(INT)})", f".insert({e(INT)}, {e(INT)})", f".extend({e(LIST)}[:9])",
                ".reverse()", ".sort()", f"[:{e(INT)}] = {e(LIST)}[:9]", ".clear()",
                f"[{self.random.randint(-3, 3)}:] = {e(TUPLE)}",
                self.mostly(f".insert(0, {e(INT)})", self.pick(
                    f".remove({e(INT)})", ".pop()", f".pop({e(INT)})", f"[{e(INT)}] = {e(INT)}",
                    f"[{self.slice(scope, 1)}] = {e(LIST)}[:9]", f"[::2] = {e(LIST)}"))))
        elif kind == DICT:
            self.put(name + self.pick(
                f"[{e(STR)}] = {e(INT)}", f".setdefault({e(STR)}, {e(INT)})",
                f".pop({e(STR)}, None)", f".update({e(DICT)})",
                self.mostly(".copy()", self.pick(".popitem()", f".pop({e(STR)})"))))
        elif kind == SET:
            self.put(name + self.pick(
                f".add({e(INT)})", f".discard({e(INT)})", f".update({e(LIST)})",
                self.mostly(f".difference_update({e(LIST)})", f".remove({e(INT)})")))
        else:
            self.put(name + self.pick(f".append({e(STR)})", ".sort()", ".reverse()", self.mostly(".sort(key=len)", ".pop()")))

    def put_unpack(self, scope):
        a, b, c = self.fresh(scope.prefix), self.fresh(scope.prefix), self.fresh(scope.prefix)
        form = self.random.randrange(4)
        if form == 0:
            self.put(f"{a}, {b} = {self.mostly(self.leaf(Scope(), TUPLE), self.expression(scope, TUPLE, 2))}")
        elif form == 1:
            items = self.expression(scope, LIST, 2)
            self.put(f"{a}, *{c} = {self.mostly(f'[3, *{items}]', items)}")
            self.learn(scope, c, LIST)
            self.learn(scope, a, INT)
            return
        elif form == 2:
            self.put(f"({a}, {b}), {c} = {self.leaf(Scope(), TUPLE)}, "
                     f"{self.expression(scope, INT, 1)}")
            self.learn(scope, c, INT)
        else:
            self.put(f"{a} = {b} = {self.expression(scope, INT, 2)}")
        self.learn(scope, a, INT)
        self.learn(scope, b, INT)

    def put_walrus(self, scope):
        name = self.fresh(scope.prefix)
        self.put(f"if ({name} := {self.expression(scope, INT, 2)}) {self.pick('>', '==', '!=')} "
                 f"{self.expression(scope, INT, 1)}:")
        self.learn(scope, name, INT)
        self.block(scope, 1)

    def put_delete(self, scope):
        if self.indent > 1 or len(scope.own) < 4 or self.chance(0.6):
            return self.put_print(scope)
        name = self.random.choice(scope.own)
        self.put(f"del {name}")
        scope.own.remove(name)
        for names in scope.names.values():
            if name in names and self.chance(0.7):
                names.remove(name)

    def put_check(self, scope):
        self.put(f"assert {self.expression(scope, BOOL, 1)} or True, 'never'")

    def put_print(self, scope):
        values = ", ".join(self.expression(scope, self.random.choice(TYPES), 2)
                           for _ in range(self.random.randint(1, 3)))
        ending = self.pick("", "", "", ", sep='|'", ", end=';\\n'")
        self.put(f"print({values}{ending})")

    def put_branch(self, scope):
        self.put(f"if {self.expression(scope, self.pick(BOOL, BOOL, INT, LIST), 2)}:")
        inner = self.copied(scope)
        self.block(inner, self.random.randint(1, 3))
        if self.chance(0.3):
            self.put(f"elif {self.expression(scope, BOOL, 2)}:")
            self.block(self.copied(scope), 2)
        if self.chance(0.5):
            self.put("else:")
            self.block(self.copied(scope), 2)

    def copied(self, scope):
        """Names learned inside a branch may be unbound after it; sometimes that is the test."""
        if self.chance(0.01):
            return scope
        inner = Scope(scope, scope.prefix)
        inner.own = list(scope.own)
        return inner

    def put_loop(self, scope):
        inner = self.copied(scope)
        e = lambda kind: self.expression(scope, kind, 2)
        k, j = self.fresh("i"), self.fresh("i")
        form = self.random.randrange(7)
        if form < 2:
            self.put(f"for {k} in range({self.small(scope, 1)}):")
        elif form == 2:
            self.put(f"for {k} in {e(LIST)}[:12]:")
        elif form == 3:
            self.put(f"for {k}, {j} in enumerate({e(LIST)}[:9]):")
            self.learn(inner, j, INT)
        elif form == 4:
            self.put(f"for {j}, {k} in {e(DICT)}.items():")
            self.learn(inner, j, STR)
        elif form == 5:
            self.put(f"for {k}, {j} in zip({e(LIST)}[:9], {e(STR)}):")
            self.learn(inner, j, STR)
        else:
            self.put(f"for {k} in {e(SET)}:")
        self.learn(inner, k, INT)
        self.loops += 1
        self.block(inner, self.random.randint(1, 4))
        self.loops -= 1
        if self.chance(0.2):
            self.put("else:")
            self.block(self.copied(scope), 1)

    def put_repeat(self, scope):
        name = self.fresh("n")
        self.put(f"{name} = 0")
        self.put(f"while {name} < {self.pick(2, 3, 5)}" +
                 (f" and {self.expression(scope, BOOL, 1)}" if self.chance(0.4) else "") + ":")
        inner = self.copied(scope)
        inner.names[INT].append(name)
        self.put(f"    {name} += 1")
        self.loops += 1
        self.block(inner, self.random.randint(1, 3))
        self.loops -= 1
        if self.chance(0.2):
            self.put("else:")
            self.block(self.copied(scope), 1)

    def put_leave(self, scope):
        self.put(f"if {self.expression(scope, BOOL, 1)}:")
        self.put("    " + self.pick("break", "continue"))

    def put_attempt(self, scope):
        self.put("try:")
        inner = self.copied(scope)
        self.block(inner, self.random.randint(1, 3))
        if self.chance(0.4):
            cause = self.pick("", "", " from None", " from KeyError('why')")
            self.indent += 1
            self.put(f"if {self.expression(inner, BOOL, 1)}:")
            self.put(f"    raise {self.random.choice(ERRORS)}({self.expression(inner, self.pick(INT, STR), 1)}){cause}")
            self.indent -= 1
        handled = False
        if self.chance(0.85):
            kinds = self.random.sample(ERRORS, self.random.randint(1, 2))
            what = kinds[0] if len(kinds) == 1 else f"({', '.join(kinds)})"
            name = self.fresh("e")
            self.put(f"except {what} as {name}:")
            self.put(f"    print(type({name}).__name__, {name}, {name}.args)")
            self.block(self.copied(scope), 1)
            handled = True
            if self.chance(0.6):
                self.put("except Exception as error:")
                self.put("    print('other', type(error).__name__, error)")
                if self.chance(0.1):
                    self.put("    raise")
            if self.chance(0.3):
                self.put("else:")
                self.block(self.copied(inner), 1)
        if not handled or self.chance(0.4):
            self.put("finally:")
            loops, self.loops = self.loops, 0
            self.block(self.copied(scope), 1)
            self.loops = loops

    def put_manage(self, scope):
        self.put(f"with Manager({self.expression(scope, INT, 1)}, {self.pick('True', 'False')})"
                 f" as {self.fresh('m')}:")
        self.block(self.copied(scope), self.random.randint(1, 2))

    def put_function(self, scope):
        name = self.fresh("f")
        required = self.random.randint(0, 3)
        words = [self.fresh("p") for _ in range(required)]
        optional = [self.fresh("q") for _ in range(self.random.randint(0, 2))]
        is_open = self.chance(0.25)
        parameters = list(words)
        if is_open:
            rest = self.fresh("rest")
            parameters.append("*" + rest)
        parameters += [f"{word}={self.expression(scope, INT, 1)}" for word in optional]
        if self.chance(0.15) and words and not is_open:
            parameters.insert(self.random.randint(1, len(words)), "/")
        if self.chance(0.2):
            self.put("@traced")
        self.put(f"def {name}({', '.join(parameters)}):")
        inner = Scope(scope, self.fresh("w") + "_")
        inner.names[INT] += words + optional
        if is_open:
            inner.names[TUPLE].append(rest)
        loops, self.loops = self.loops, 0
        self.function_depth += 1
        self.indent += 1
        counters = [n for n in scope.own if n in scope.names[INT]]
        if counters and self.chance(0.4):
            counter = self.random.choice(counters)
            word = "nonlocal" if self.function_depth > 1 or self.inside else "global"
            self.put(f"{word} {counter}")
            self.put(f"{counter} = ({counter} + 1) % 1009")
        self.indent -= 1
        self.block(inner, self.random.randint(1, 4))
        self.put(f"    return {self.expression(inner, INT, 2)}")
        self.function_depth -= 1
        self.loops = loops
        scope.functions.append((name, required, optional, is_open))

    def put_generator(self, scope):
        name = self.fresh("g")
        self.put(f"def {name}(n):")
        inner = Scope(scope, self.fresh("w") + "_")
        inner.names[INT] += ["n", "i"]
        loops, self.loops = self.loops, 0
        self.function_depth += 1
        self.put("    i = 0")
        self.put("    while i < n and i < 9:")
        self.put("        i += 1")
        self.indent += 1
        self.loops = 1
        self.block(inner, self.random.randint(0, 2))
        self.put(f"    {self.pick('yield', 'got = yield', 'yield')} {self.expression(inner, INT, 1)}")
        self.indent -= 1
        if scope.generators and self.chance(0.4):
            self.put(f"    yield from {self.random.choice(scope.generators)}(n % 3)")
        self.function_depth -= 1
        self.loops = loops
        scope.generators.append(name)

    def put_klass(self, scope):
        name = self.fresh("C")
        base = self.random.choice(scope.classes) if scope.classes and self.chance(0.4) else None
        self.put(f"class {name}{f'({base})' if base else ''}:")
        self.put(f"    count = {self.expression(scope, INT, 0)}")
        inner = Scope(scope, self.fresh("w") + "_")
        inner.names[INT] += ["self.value", "x"]
        self.put("    def __init__(self, x):")
        if base:
            self.put("        super().__init__(x + 1)")
        else:
            self.put(f"        self.value = {self.expression(inner, INT, 0).replace('self.value', 'x')}")
        inner.names[INT].remove("x")
        self.put("    def total(self):")
        if base and self.chance(0.5):
            self.put("        return super().total() + 1")
        else:
            self.put(f"        return {self.expression(inner, INT, 2)}")
        self.put("    @property")
        self.put("    def next(self):")
        self.put(f"        return self.value + {self.pick(1, 2, 'self.count', 'type(self).count')}")
        for method in self.random.sample(
                ["__repr__", "__eq__", "__lt__", "__add__", "__len__", "__getitem__", "__bool__",
                 "__iter__", "__call__", "__contains__"], 3):
            body = {
                "__repr__": ("self", "f'<{type(self).__name__} {self.value}>'"),
                "__eq__": ("self, other", "isinstance(other, type(self)) and self.value == other.value"),
                "__lt__": ("self, other", "self.value < other.value"),
                "__add__": ("self, other", "type(self)(self.value + getattr(other, 'value', 0) if self.value < 1000 else 0)"),
                "__len__": ("self", "self.value % 7"),
                "__getitem__": ("self, k", "[self.value, self.count, 3][k]"),
                "__bool__": ("self", "self.value > 2"),
                "__iter__": ("self", "iter([self.value, 1])"),
                "__call__": ("self, y=1", "self.value * y % 1009"),
                "__contains__": ("self, y", "y == self.value"),
            }[method]
            self.put(f"    def {method}({body[0]}):")
            self.put(f"        return {body[1]}")
        scope.classes.append(name)
        one = self.fresh("o")
        self.put(f"{one} = {name}({self.expression(scope, INT, 1)})")
        use = self.pick(f"{one}.total(), {one}.next", f"{one}.count, {name}.count",
                        f"bool({one})", f"{one} == {one}, {one} == 3",
                        f"isinstance({one}, {name}), hasattr({one}, 'nope')",
                        self.mostly("1", self.pick(
                            f"len({one})", f"list({one})", f"{one}[{self.pick(0, 2, 5)}]",
                            f"({one} + {one}).value", f"{one}(3)", f"{one} < {one}",
                            f"3 in {one}", f"sorted([{one}, {one}]) == [{one}, {one}]",
                            f"{one}.nope")))
        if self.chance(0.5):
            self.put("try:")
            self.put(f"    print({use}, len({one}), [*{one}], {one} + {one} == {one})")
            self.put("except (TypeError, IndexError, AttributeError) as error:")
            self.put("    print(type(error).__name__, error)")
        else:
            self.put(f"print({use})")

    # A whole program

    def unit(self, number):
        """A part of a program that stands on its own and ends with what it raised."""
        self.inside = self.chance(0.5)
        self.put("try:")
        if self.inside:
            self.put(f"    def unit{number}():")
            self.indent = 2
            self.body(f"u{number}_")
            self.indent = 0
            self.put(f"    unit{number}()")
        else:
            self.indent = 1
            self.body(f"u{number}_")
            self.indent = 0
        self.put("except Exception as error:")
        self.put(f"    print('unit {number}:', type(error).__name__, error)")

    def body(self, prefix):
        scope = Scope(None, prefix)
        for kind in (INT, STR, LIST):
            name = self.fresh(prefix)
            self.put(f"{name} = {self.leaf(scope, kind)}")
            self.learn(scope, name, kind)
        while self.budget > 0:
            self.statement(scope)
        shown = [name for name in scope.own if name in sum(scope.names.values(), [])]
        self.put(f"print({', '.join(shown[:12])})")


HEAD = '''\
class Manager:
    def __init__(self, value, quiet):
        self.value, self.quiet = value, quiet
    def __enter__(self):
        return self
    def __exit__(self, kind, error, trace):
        print("exit", self.value, kind.__name__ if kind else None)
        return self.quiet
def traced(f):
    def inner(*args, **kwargs):
        result = f(*args, **kwargs)
        print(f.__name__, args, sorted(kwargs), "->", result)
        return result
    return inner
'''


def program(random, units=6, size=26):
    """The text of a program of several independent units."""
    lines = [HEAD]
    for number in range(units):
        writer = Writer(random, random.randint(6, size))
        writer.unit(number)
        lines.append("\n".join(writer.lines))
    return "\n".join(lines) + "\n"
