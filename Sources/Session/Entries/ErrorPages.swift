extension ErrorPage {
  /// Every code of the manual, in order; the tests run the programs.
  public static let all: [ErrorPage] = [
    ErrorPage(
      "L001", "a character the language does not know",
      """
      Texts copied from pages often bring curly quotes, dashes, no-break spaces or \
      full-width signs, which look like the plain ones and are others. Replace them by the \
      plain ones; the message names both.
      """,
      program: """
        print(“hello”)
        """,
      shown: """
        Cell [1], line 1, column 7
          1 | print(“hello”)
            |       ^
        SyntaxError [L001]: invalid character '“' (U+201C)
          help: type a straight " instead
        """,
      mended: """
        print("hello")
        """),
    ErrorPage(
      "L002", "a string or bracket that is never closed",
      """
      The caret stands where it was opened: everything after it was read as being inside. \
      A string in single or double quotes ends on its line; three quotes open one of \
      several lines.
      """,
      program: """
        total = sum([1, 2, 3
        print(total)
        """,
      shown: """
        Cell [1], line 1, column 13
          1 | total = sum([1, 2, 3
            |             ^
        SyntaxError [L002]: '[' was never closed
          help: write the closing ']'
        """,
      mended: """
        total = sum([1, 2, 3])
        print(total)
        """),
    ErrorPage(
      "L003", "a colon is missing",
      """
      Lines with if, elif, else, for, while, def, class, try, except, finally and with end \
      with a colon; the lines below are indented.
      """,
      program: """
        age = 20
        if age > 18
            print("adult")
        """,
      shown: """
        Cell [1], line 2, column 12
          2 | if age > 18
            |            ^
        SyntaxError [L003]: expected ':'
          help: write ':' at the end of the line
        """,
      mended: """
        age = 20
        if age > 18:
            print("adult")
        """),
    ErrorPage(
      "L004", "= where == was meant",
      """
      One = gives a name a value; == asks whether two values are equal. On the left of = \
      stands a name, an element or an attribute.
      """,
      program: """
        x = 3
        if x = 3:
            print("three")
        """,
      shown: """
        Cell [1], line 2, column 4
          2 | if x = 3:
            |    ^^^^^
        SyntaxError [L004]: invalid syntax. Maybe you meant '==' or ':=' instead of '='?
          help: use == to compare
        """,
      mended: """
        x = 3
        if x == 3:
            print("three")
        """),
    ErrorPage(
      "L005", "indentation",
      """
      The lines of a block stand equally far to the right of the line that opens it. Other \
      lines line up with the line above. Tabs and spaces do not mix.
      """,
      program: """
        for i in range(3):
        print(i)
        """,
      shown: """
        Cell [1], line 2, column 1
          2 | print(i)
            | ^^^^^
        IndentationError [L005]: expected an indented block after 'for' statement on line 1
          note: line 1, column 1: for i in range(3):
          help: indent the lines that belong to it, or write pass
        """,
      mended: """
        for i in range(3):
            print(i)
        """),
    ErrorPage(
      "L006", "a mistyped word of the language",
      """
      A statement begins with something that is nearly one of the language's words. The \
      message offers the nearest.
      """,
      program: """
        whlie True:
            break
        """,
      shown: """
        Cell [1], line 1, column 1
          1 | whlie True:
            | ^^^^^
        SyntaxError [L006]: invalid syntax
          help: did you mean 'while'?
        """,
      mended: """
        while True:
            break
        """),
    ErrorPage(
      "L007", "a part of Python that Gradus does not have",
      """
      Gradus is a subset of Python: what it accepts means the same. Not part of it are \
      async, match, bytes, complex numbers and classes with several bases. The message \
      says what to write instead.
      """,
      program: """
        data = b"abc"
        """,
      shown: """
        Cell [1], line 1, column 8
          1 | data = b"abc"
            |        ^^^^^^
        SyntaxError [L007]: bytes literals are not part of Gradus
          help: write a string without b
        """,
      mended: """
        data = "abc"
        """),
    ErrorPage(
      "L008", "another language's spelling",
      """
      and, or, not, None, True, False and i += 1 are Python's words for &&, ||, !, null, \
      true, false and i++. Blocks are indented and have no braces; comments begin with #.
      """,
      program: """
        a, b = True, False
        if a && b:
            print("both")
        """,
      shown: """
        Cell [1], line 2, column 7
          2 | if a && b:
            |       ^
        SyntaxError [L008]: invalid syntax
          help: write 'and'
        """,
      mended: """
        a, b = True, False
        if a and b:
            print("both")
        """),
    ErrorPage(
      "L009", "a call without parentheses",
      """
      Functions are called with parentheses around what they get, print included.
      """,
      program: """
        x = 3
        print "x is", x
        """,
      shown: """
        Cell [1], line 2, column 1
          2 | print "x is", x
            | ^^^^^^^^^^^^^^^
        SyntaxError [L009]: Missing parentheses in call to 'print'. Did you mean print(...)?
          help: call it: print("x is", x)
        """,
      mended: """
        x = 3
        print("x is", x)
        """),
    ErrorPage(
      "L010", "a limit of the language",
      """
      Brackets nest 200 deep, blocks 100 deep, functions take 255 parameters. Programs \
      that people write stay far below; the message says which limit it was. Take the \
      piece apart: give inner parts names of their own.
      """),
    ErrorPage(
      "L101", "a name that is not defined",
      """
      Nothing has given the name a value in this session. Is it spelt the same, capitals \
      included? Was the cell that defines it run since the last restart, and did it run to \
      its end? Does the line stand below the one that gives the value? Text needs quotes.
      """,
      program: """
        count = 3
        print(coutn)
        """,
      shown: """
        Cell [1], line 2, column 7
          2 | print(coutn)
            |       ^^^^^
        NameError [L101]: name 'coutn' is not defined
          help: did you mean 'count'?
        """,
      mended: """
        count = 3
        print(count)
        """),
    ErrorPage(
      "L102", "a local variable without a value",
      """
      An assignment anywhere in a function makes the name local in all of it, even above \
      the assignment. To change the outer variable, say global or nonlocal first; better \
      still, take it as a parameter and return the new value.
      """,
      program: """
        count = 0
        def click():
            count += 1
        click()
        """,
      shown: """
        Cell [1], line 4, column 1
          4 | click()
            | ^^^^^^^
        Cell [1], line 3, column 5, in click
          3 |     count += 1
            |     ^^^^^
        UnboundLocalError [L102]: cannot access local variable 'count' where it is not associated with a value
          note: line 3 assigns count, which makes it a local name in all of click()
          help: for the outer one write 'global count' as the first line of click(); better still, take it as a parameter and return the new value
        """,
      mended: """
        count = 0
        def click():
            global count
            count += 1
        click()
        """),
    ErrorPage(
      "L103", "an attribute or method that is not there",
      """
      The value is of a kind that has no such member: another language may have it under \
      this name, the name may be misspelt, or the value may be None. Type a dot after the \
      value and press Tab to see what it has.
      """,
      program: """
        xs = []
        xs.apend(5)
        """,
      shown: """
        Cell [1], line 2, column 4
          2 | xs.apend(5)
            |    ^^^^^
        AttributeError [L103]: 'list' object has no attribute 'apend'
          help: did you mean 'append'?
        """,
      mended: """
        xs = []
        xs.append(5)
        """),
    ErrorPage(
      "L104", "an operator that does not fit its operands",
      """
      Text and numbers do not add up, None does not calculate, and lists are no vectors. \
      Convert with str(), int() or float(), or make a tensor of a list. The note says what \
      both sides are.
      """,
      program: """
        age = 5
        print("I am " + age)
        """,
      shown: """
        Cell [1], line 2, column 7
          2 | print("I am " + age)
            |       ^^^^^^^^^^^^^
        TypeError [L104]: can only concatenate str (not "int") to str
          note: "I am " is a str; age is 5, an int
          help: text and numbers do not add up: wrap the number in str(): str(age)
        """,
      mended: """
        age = 5
        print("I am " + str(age))
        """),
    ErrorPage(
      "L105", "arguments that do not fit a function",
      """
      The message says what is missing, extra, misspelt or of the wrong kind, and how the \
      function is called. help(name) shows all its arguments.
      """,
      program: """
        def area(width, height):
            return width * height
        print(area(3))
        """,
      shown: """
        Cell [1], line 3, column 7
          3 | print(area(3))
            |       ^^^^
        TypeError [L105]: area() missing 1 required positional argument: 'height'
          help: it is defined as area(width, height)
        """,
      mended: """
        def area(width, height):
            return width * height
        print(area(3, 4))
        """),
    ErrorPage(
      "L106", "a value used as what it is not",
      """
      Only functions are called, only sequences are walked over, only containers are \
      indexed. A name like list or max may have been given another value; %reset list \
      brings it back, and so does del list.
      """,
      program: """
        list = [1, 2, 3]
        print(list((4, 5)))
        """,
      shown: """
        Cell [1], line 2, column 7
          2 | print(list((4, 5)))
            |       ^^^^
        TypeError [L106]: 'list' object is not callable
          note: list() is shadowed: list was assigned in Cell [1], line 1
          help: use another name for the variable; %reset list brings list() back
        """,
      mended: """
        numbers = [1, 2, 3]
        print(list((4, 5)))
        """),
    ErrorPage(
      "L107", "an index beyond the end",
      """
      Indices run from 0 to the length minus 1, or from minus the length to -1. The note \
      gives the index and the length.
      """,
      program: """
        xs = [10, 20, 30]
        print(xs[3])
        """,
      shown: """
        Cell [1], line 2, column 10
          2 | print(xs[3])
            |          ^
        IndexError [L107]: list index out of range
          note: the index is 3, the length is 3
          help: the last element has index 2: indices start at 0
        """,
      mended: """
        xs = [10, 20, 30]
        print(xs[2])
        """),
    ErrorPage(
      "L108", "a key that is not in the dict",
      """
      Keys are compared with their type: 1 and "1" differ, and so do "Ann" and "ann". \
      d.get(key) gives None instead of an error, d.get(key, 0) gives 0; key in d asks \
      first.
      """,
      program: """
        prices = {"apple": 3, "banana": 2}
        print(prices["aple"])
        """,
      shown: """
        Cell [1], line 2, column 14
          2 | print(prices["aple"])
            |              ^^^^^^
        KeyError [L108]: 'aple'
          note: the keys are: 'apple', 'banana'
          help: did you mean 'apple'?
        """,
      mended: """
        prices = {"apple": 3, "banana": 2}
        print(prices["apple"])
        """),
    ErrorPage(
      "L109", "arithmetic without a result",
      """
      Nothing is divided by zero: ask first. Whole numbers have 64 bits, up to about 9.2 \
      times 10 to the 18; floats go further.
      """,
      program: """
        marks = []
        print(sum(marks) / len(marks))
        """,
      shown: """
        Cell [1], line 2, column 20
          2 | print(sum(marks) / len(marks))
            |                    ^^^^^^^^^^
        ZeroDivisionError [L109]: division by zero
          note: marks is empty
          help: ask first: if marks: …
        """,
      mended: """
        marks = []
        if marks:
            print(sum(marks) / len(marks))
        """),
    ErrorPage(
      "L110", "a value that does not fit",
      """
      The type is right, the value is not: as many names as values are needed when \
      unpacking, int() reads whole numbers only, and a function such as sqrt has no value \
      for some numbers.
      """,
      program: """
        x = int("3.5")
        """,
      shown: """
        Cell [1], line 1, column 9
          1 | x = int("3.5")
            |         ^^^^^
        ValueError [L110]: invalid literal for int() with base 10: '3.5'
          help: int() takes whole numbers: int(float("3.5")) cuts the fraction off
        """,
      mended: """
        x = int(float("3.5"))
        """),
    ErrorPage(
      "L111", "too many calls inside each other",
      """
      A function that calls itself needs a case that ends it, and must come closer to that \
      case with each call. The notes say how the arguments went. The limit is 10,000 \
      calls.
      """,
      program: """
        def countdown(n):
            if n == 0:
                return
            countdown(n + 1)
        countdown(3)
        """,
      shown: """
        Cell [1], line 5, column 1
          5 | countdown(3)
            | ^^^^^^^^^^^^
        Cell [1], line 4, column 5, in countdown
          4 |     countdown(n + 1)
            |     ^^^^^^^^^^^^^^^^
          … 9999 more of countdown, Cell [1], line 4
        RecursionError [L111]: maximum recursion depth exceeded
          note: the limit is 10000 calls inside one another
          note: n was 3 in the first call of countdown and 10002 in the last
          help: was no base case reached? Each call must come closer to it
        """,
      mended: """
        def countdown(n):
            if n == 0:
                return
            countdown(n - 1)
        countdown(3)
        """),
    ErrorPage(
      "L112", "a container that changed while it was walked over",
      """
      A loop over a dict or set loses its place when keys come or go. Walk over a copy, as \
      in for key in list(d), or collect the changes and make them after the loop.
      """,
      program: """
        ages = {"ann": 5, "bob": 70}
        for name in ages:
            if ages[name] > 50:
                del ages[name]
        """,
      shown: """
        Cell [1], line 2, column 13
          2 | for name in ages:
            |             ^^^^
        RuntimeError [L112]: dictionary changed size during iteration
          note: the loop over ages is in line 2; line 4 changes ages
          help: walk over a copy: in list(ages)
        """,
      mended: """
        ages = {"ann": 5, "bob": 70}
        for name in list(ages):
            if ages[name] > 50:
                del ages[name]
        """),
    ErrorPage(
      "L113", "an interrupt",
      """
      You stopped the cell. What it had done until then holds; training stops between two \
      batches, so the model can be used and trained on.
      """),
    ErrorPage(
      "L114", "no memory left",
      """
      The note says how much was wanted and how much is in use, and which variables hold \
      most of it. Delete what is no longer needed with del, or work on smaller pieces.
      """,
      program: """
        x = [0] * 10**12
        """,
      shown: """
        Cell [1], line 1, column 5
          1 | x = [0] * 10**12
            |     ^^^^^^^^^^^^
        MemoryError [L114]
          note: 14.6 TiB more were wanted; less than 1 MiB of 4.0 GiB are in use
          help: delete what is no longer needed with del, or work on smaller pieces
        """,
      mended: """
        x = [0] * 10**3
        """),
    ErrorPage(
      "L201", "a module or member that is not there",
      """
      Gradus has parts of Python's own modules, and doors under the names numpy, keras and \
      matplotlib to what it has itself. Most names of the library need no import at all.
      """,
      program: """
        import maths
        """,
      shown: """
        Cell [1], line 1, column 8
          1 | import maths
            |        ^^^^^
        ModuleNotFoundError [L201]: No module named 'maths'
          help: did you mean 'math'?
        """,
      mended: """
        import math
        """),
    ErrorPage(
      "L301", "shapes that do not fit in a layer",
      """
      A layer is built for the shape of its first input and keeps it. The message says \
      which layer it is, the notes where both shapes came from.
      """,
      program: """
        net = Sequential([Dense(1)])
        net.fit(zeros((10, 2)), zeros((9, 1)), epochs=1)
        """,
      shown: """
        Cell [1], line 2, column 1
          2 | net.fit(zeros((10, 2)), zeros((9, 1)), epochs=1)
            | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        ShapeError [L301]: fit got 10 inputs and 9 targets
          note: inputs (10, 2), targets (9, 1)
          help: each input needs one target: cut both in the same way
        """,
      mended: """
        net = Sequential([Dense(1)])
        net.fit(zeros((10, 2)), zeros((10, 1)), epochs=1, verbose=0)
        """),
    ErrorPage(
      "L302", "shapes that do not fit in an operator",
      """
      Shapes are compared from the right; the sizes of each axis must be equal, or one of \
      them 1. reshape and expand_dims add axes of size 1. In a product the inner sizes \
      must be equal.
      """,
      program: """
        a = ones((3, 4))
        b = ones(3)
        print(a + b)
        """,
      shown: """
        Cell [1], line 3, column 7
          3 | print(a + b)
            |       ^^^^^
        ShapeError [L302]: operands of add could not be broadcast together with shapes (3, 4) and (3,)
          note: left   3  4
          note: right     3
          note:           ^ axis -1: 4 and 3
          help: sizes are compared from the right; each pair must be equal, or one of them 1
        """,
      mended: """
        a = ones((3, 4))
        b = ones(3)
        print(a + b.reshape(3, 1))
        """),
    ErrorPage(
      "L303", "a shape that does not work out",
      """
      A reshape keeps the number of elements. One size may be -1: it is worked out from \
      the others. Rows of a new tensor are equally long.
      """,
      program: """
        x = arange(12).reshape(5, 3)
        """,
      shown: """
        Cell [1], line 1, column 5
          1 | x = arange(12).reshape(5, 3)
            |     ^^^^^^^^^^^^^^^^^^^^^^^^
        ShapeError [L303]: cannot reshape array of size 12 into shape (5, 3)
          note: (12,) has 12 elements, (5, 3) 15
          help: one size may be -1; it then follows from the others
        """,
      mended: """
        x = arange(12).reshape(4, 3)
        """),
    ErrorPage(
      "L304", "a loss that does not fit the labels",
      """
      Class numbers or rows with a single 1 go with softmax and the crossentropy of \
      categories, one output with sigmoid with the binary one, numbers with mse. Classes \
      are numbered from 0, and the last layer has one unit for each.
      """,
      program: """
        net = Sequential([Dense(2, activation="softmax")])
        net.fit(zeros((3, 4)), tensor([0, 1, 2]), epochs=1)
        """,
      shown: """
        Cell [1], line 2, column 1
          2 | net.fit(zeros((3, 4)), tensor([0, 1, 2]), epochs=1)
            | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        ValueError [L304]: label 2 is no class of the model: it has 2 outputs, for the classes 0 to 1
          help: give the last layer 3 units, or number the classes from 0 with LabelEncoder()
        """,
      mended: """
        net = Sequential([Dense(3, activation="softmax")])
        net.fit(zeros((3, 4)), tensor([0, 1, 2]), epochs=1, verbose=0)
        """),
    ErrorPage(
      "L305", "element types that do not fit",
      """
      A model has one type of numbers, float32 by default. Convert with \
      .astype("float32").
      """,
      program: """
        a = tensor([1.0]) & tensor([2.0])
        """,
      shown: """
        Cell [1], line 1, column 5
          1 | a = tensor([1.0]) & tensor([2.0])
            |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        DTypeError [L305]: 'bitwise_and' works on integers and truth values, got float32 and float32
          help: convert first: x.astype("int64")
        """,
      mended: """
        a = tensor([1]) & tensor([2])
        """),
    ErrorPage(
      "L306", "a gradient that does not exist",
      """
      Gradients are taken of one number, with respect to floats, through functions of \
      tensors; float(t) and t.item() leave that path. Training needs weights, \
      such as those of Dense.
      """,
      program: """
        f = lambda x: x * x
        grad(f)(tensor([1.0, 2.0]))
        """,
      shown: """
        Cell [1], line 2, column 1
          2 | grad(f)(tensor([1.0, 2.0]))
            | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
        GradientError [L306]: a gradient needs a result with one element, this one has shape (2,)
          help: reduce it first, for example with .sum() or .mean()
        """,
      mended: """
        f = lambda x: (x * x).sum()
        grad(f)(tensor([1.0, 2.0]))
        """),
    ErrorPage(
      "L307", "a number became infinite or not a number",
      """
      Most often the learning rate is too high: try a tenth of it. Inputs far from the \
      range of -1 to 1 have the same effect: scale them. The note names what was the first \
      to go wrong.
      """),
    ErrorPage(
      "L308", "an unknown option",
      """
      The value is one of a few words. The message names the known ones, and the nearest.
      """,
      program: """
        net = Sequential([Dense(3, activation="rleu")])
        """,
      shown: """
        Cell [1], line 1, column 39
          1 | net = Sequential([Dense(3, activation="rleu")])
            |                                       ^^^^^^
        ValueError [L308]: Dense() argument 'activation': unknown option 'rleu'
          note: known: linear, sigmoid, tanh, relu, leaky_relu, elu, selu, softmax, log_softmax, softplus, softsign, gelu, swish, mish, hard_sigmoid, exponential, log_sigmoid, hard_tanh, relu6, rrelu, celu, hard_silu, hard_shrink, soft_shrink, tanh_shrink, threshold, glu, squareplus, sparse_plus, sparse_sigmoid, sparsemax
          help: did you mean 'relu'?
        """,
      mended: """
        net = Sequential([Dense(3, activation="relu")])
        """),
    ErrorPage(
      "L309", "a model or layer that is not ready",
      """
      A model is built by its first input and has no weights before; then it keeps the \
      shape it was built for. A layer stands only once in a model.
      """,
      program: """
        net = Sequential([Dense(3)])
        net[0].kernel
        """,
      shown: """
        Cell [1], line 2, column 1
          2 | net[0].kernel
            | ^^^^^^^^^^^^^
        ValueError [L309]: layer 'dense' has no weights yet: it has seen no data
          help: fit the model, call it on data, or give input_shape= to its first layer
        """,
      mended: """
        net = Sequential([Dense(3)])
        net.build((4,))
        net[0].kernel
        """),
    ErrorPage(
      "L310", "a file that cannot be read",
      """
      Relative paths start where the notebook is. The message says which file it was and \
      what was found in it.
      """,
      program: """
        data = load("minst")
        """,
      shown: """
        Cell [1], line 1, column 8
          1 | data = load("minst")
            |        ^^^^^^^^^^^^^
        FileNotFoundError [L310]: there is no file and no data set 'minst'
          note: data sets: california-housing, cifar-10, cifar-100, fashion-mnist, mnist, penguins
          help: did you mean 'mnist'?
        """),
    ErrorPage(
      "L401", "a device that is not there",
      """
      Gradus computes on the processor only, with all its cores: there is no device to ask \
      for, and this error does not occur.
      """),
  ]
}
