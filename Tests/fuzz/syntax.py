"""Programs with words deleted, doubled, swapped and taken from elsewhere; do both say yes or no?"""

import io
import os
import pathlib
import subprocess
import tokenize
import warnings

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What CPython accepts and Gradus refuses with a code of its own: characters, features, limits.
OURS = ("[L001]", "[L007]", "[L010]")


def sources():
    """The programs of the language's corpora, in pieces of a few statements."""
    found = []
    for path in sorted((ROOT / "LanguageTests" / "Corpus").glob("*.grad")):
        lines = path.read_text(encoding="utf-8").split("\n")
        start = 0
        for number, line in enumerate(lines + ["x"]):
            if number - start >= 4 and line and not line[0].isspace():
                found.append("\n".join(lines[start:number]) + "\n")
                start = number
    text = (ROOT / "Golden" / "syntax.txt").read_text(encoding="utf-8")
    for part in ("\n" + text).split("\n=== ")[1:]:
        found.append(part.partition("\n")[2] + "\n")
    return found


def words(text):
    """The text in tokens, with the spaces before each."""
    found, line_ends = [], [0]
    for line in text.splitlines(keepends=True):
        line_ends.append(line_ends[-1] + len(line))
    at = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            start = line_ends[token.start[0] - 1] + token.start[1]
            end = line_ends[token.end[0] - 1] + token.end[1]
            if end > at:
                found.append((text[at:start], text[start:end]))
                at = end
    except (tokenize.TokenError, IndentationError, IndexError):
        pass
    return found + [("", text[at:])]


def mutated(random, pieces):
    """A program of the pieces with one to three changes."""
    own = words(random.choice(pieces))
    foreign = words(random.choice(pieces))
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(own))
        change = random.randrange(6)
        if change == 0:
            del own[at]
        elif change == 1:
            own.insert(at, own[at])
        elif change == 2:
            other = random.randrange(len(own))
            own[at], own[other] = own[other], own[at]
        elif change == 3:
            own[at] = (own[at][0], random.choice(foreign)[1])
        elif change == 4:
            own.insert(at, random.choice(foreign))
        else:
            space, word = own[at]
            cut = random.randrange(len(word) + 1)
            own[at] = (random.choice([space, "", " ", "\n", "    "]), word[:cut] + word[cut + 1:])
        if not own:
            own = [("", "x")]
    return "".join(space + word for space, word in own)


def oracle(text):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "program", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
        return f"{type(error).__name__}: {getattr(error, 'msg', error)}"
    return "ok"


def answers(programs):
    """What Gradus says of many programs at once."""
    command = os.environ["GRADUS_SYNTAX"]
    done = subprocess.run([command], input="".join(text + "\0" for text in programs).encode(),
                          capture_output=True, timeout=120)
    found = done.stdout.decode().split("\n")[:-1]
    if done.returncode or len(found) != len(programs):
        raise RuntimeError(f"the parser ended with {done.returncode} at program {len(found)}:\n"
                           f"{programs[min(len(found), len(programs) - 1)]}")
    return found


def differences(random, pieces, count=400):
    """Triples of program, CPython's verdict and Gradus's, where one accepts and one refuses."""
    programs = [text for text in (mutated(random, pieces) for _ in range(count))
                if "\0" not in text and "\r" not in text]
    for text, ours in zip(programs, answers(programs)):
        theirs = oracle(text)
        if (theirs == "ok") != (ours == "ok") and not any(code in ours for code in OURS):
            yield text, theirs, ours
