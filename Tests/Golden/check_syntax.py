"""Compares syntax.txt with what CPython 3.11 says of its programs; --write writes that into it.

A program follows a line `=== RESULT`, where RESULT is `ok` or CPython's exception and message. A
line `=== here: RESULT` below it says what Gradus answers where the two differ.
"""

import sys
import warnings
from pathlib import Path

PATH = Path(__file__).with_name("syntax.txt")


def programs(text):
    """Triples of CPython's result, Gradus's or None, and the program."""
    for part in ("\n" + text).split("\n=== ")[1:]:
        head, _, body = part.partition("\n")
        if head.startswith("here: "):
            expected, _, program = previous
            yield expected, head[len("here: "):], body
            previous = None
        else:
            if "previous" in locals() and previous:
                yield previous
            previous = (head, None, body)
    if previous:
        yield previous


def oracle(program):
    try:
        compile(program, "program", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return f"{type(error).__name__}: {getattr(error, 'msg', error)}"
    return "ok"


def main():
    assert sys.version_info[:2] == (3, 11), "the oracle is CPython 3.11"
    warnings.simplefilter("ignore")
    text = PATH.read_text(encoding="utf-8").removesuffix("\n")
    found = [(oracle(program), expected, here, program)
             for expected, here, program in programs(text)]
    if "--write" in sys.argv:
        lines = []
        for result, _, here, program in found:
            lines += [f"=== {result}"] + ([f"=== here: {here}"] if here else []) + [program]
        PATH.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wrong = [entry for entry in found if entry[0] != entry[1]]
    for result, expected, _, program in wrong:
        print(f"{program!r}\n  file:    {expected}\n  CPython: {result}")
    print(f"{len(found)} programs, {len(wrong)} differ")
    return bool(wrong) and "--write" not in sys.argv


if __name__ == "__main__":
    sys.exit(main())
