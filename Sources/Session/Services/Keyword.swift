internal import Catalog

/// A word of the language, with what help and hover say of it.
struct Keyword: Sendable {
  let word: String
  let sentence: String
  let example: String

  private init(_ word: String, _ sentence: String, _ example: String) {
    self.word = word
    self.sentence = sentence
    self.example = example
  }

  static func named(_ word: String) -> Keyword? { all.first { $0.word == word } }

  func media(isWhole: Bool) -> Media {
    Media(
      "\(word): \(sentence)\n\nexample:\n"
        + example.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"),
      markdown: "**`\(word)`**: \(sentence)\n\nexample:\n\n```python\n\(example)\n```")
  }

  static let all = [
    Keyword("False", "The truth value of what does not hold.", "done = False"),
    Keyword(
      "None", "The value of what has none; a function without return gives it.", "best = None"),
    Keyword("True", "The truth value of what holds.", "while True: break"),
    Keyword(
      "and", "Both hold; gives the first operand that is false, else the last.",
      "if x > 0 and y > 0: print(x * y)"),
    Keyword("as", "Gives what is imported, opened or caught a name.", "import math as m"),
    Keyword(
      "assert", "Fails with an AssertionError when the condition does not hold.",
      "assert len(x) == len(y), \"lengths differ\""),
    Keyword(
      "break", "Leaves the innermost loop.",
      "for n in range(9):\n    if n * n > 30: break"),
    Keyword(
      "class", "Makes a new type; its methods take the object as first parameter.",
      "class Point:\n    def __init__(self, x):\n        self.x = x"),
    Keyword(
      "continue", "Goes on with the next turn of the innermost loop.",
      "for n in range(9):\n    if n % 2: continue\n    print(n)"),
    Keyword("def", "Makes a function.", "def area(width, height=1):\n    return width * height"),
    Keyword("del", "Takes away a name, an element or an attribute.", "del table[\"old\"]"),
    Keyword(
      "elif", "Another condition, when none before held.",
      "if x > 0:\n    print(\"plus\")\nelif x < 0:\n    print(\"minus\")"),
    Keyword(
      "else", "What happens when no condition held, or a loop was not left by break.",
      "if x:\n    print(x)\nelse:\n    print(\"nothing\")"),
    Keyword(
      "except", "What happens when the block behind try raised such an exception.",
      "try:\n    n = int(text)\nexcept ValueError as error:\n    print(error)"),
    Keyword(
      "finally", "What happens at the end of try in any case.",
      "try:\n    work()\nfinally:\n    print(\"done\")"),
    Keyword(
      "for", "Does a block for each element, or makes an element of a comprehension.",
      "for layer in model.layers:\n    print(layer)"),
    Keyword(
      "from", "Takes names out of a module; also the cause of an exception.",
      "from math import sqrt"),
    Keyword(
      "global", "Says that a function assigns to a name outside of all functions.",
      "def count():\n    global total\n    total += 1"),
    Keyword(
      "if", "Does a block when the condition holds; also a choice inside an expression.",
      "sign = 1 if x > 0 else -1"),
    Keyword("import", "Opens a built-in module under its name.", "import math"),
    Keyword(
      "in", "Whether an element is in a container; also the container of a loop.",
      "if \"loss\" in table: print(table[\"loss\"])"),
    Keyword(
      "is", "Whether both are the same object; use == to compare values.",
      "if best is None: best = x"),
    Keyword(
      "lambda", "A function of one expression, without a name.",
      "words.sort(key=lambda word: len(word))"),
    Keyword(
      "nonlocal", "Says that a function assigns to a variable of the function around it.",
      "def counter():\n    n = 0\n    def step():\n        nonlocal n\n        n += 1\n"
        + "        return n\n    return step"),
    Keyword("not", "The opposite truth value.", "if not words: print(\"empty\")"),
    Keyword(
      "or", "One of them holds; gives the first operand that is true, else the last.",
      "name = name or \"unknown\""),
    Keyword("pass", "Does nothing, where a statement must stand.", "def later(): pass"),
    Keyword(
      "raise", "Raises an exception; alone, the one being handled once more.",
      "raise ValueError(\"rate must be positive\")"),
    Keyword("return", "Ends a function and gives its value.", "def double(x): return 2 * x"),
    Keyword(
      "try", "Does a block whose exceptions are caught.",
      "try:\n    x = 1 / n\nexcept ZeroDivisionError:\n    x = 0"),
    Keyword("while", "Does a block as long as the condition holds.", "while n > 1: n //= 2"),
    Keyword(
      "with", "Does a block with something that is closed at its end.",
      "with open(\"notes.txt\") as file:\n    print(file.read())"),
    Keyword(
      "yield", "Gives one value of a generator and waits until the next is wanted.",
      "def countdown(n):\n    while n:\n        yield n\n        n -= 1"),
  ]
}
