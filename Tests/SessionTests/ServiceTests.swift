import Catalog
import Session
import Testing

/// Completion and inspection among the names of a session that has run cells.
@Suite struct ServiceTests {
  private static let cells = """
    import math
    def blend(left: float, right=1, *rest, mode="soft") -> str:
        "Mixes two.\\n\\nMore."
        return "x"
    class Point:
        "A place."
        kind = "point"
        def __init__(self, x, y=0):
            self.x, self.y = x, y
            self.tags = []
        @property
        def far(self):
            raise ValueError("a property was read")
        def move(self, dx, dy=0):
            self.x += dx
        def __getattr__(self, name):
            raise ValueError("__getattr__ was called")
        @staticmethod
        def origin(): return Point(0)
    class Deep(Point):
        def dive(self, depth): pass
    p = Point(1)
    deep = Deep(2)
    p.inner = {"left": [1.5, "text"], 7: None, (1, 2): 3, "a\\"b": p}
    names = ["ada", "bob"]
    table = {"loss": [0.5], "nested": {"deep key": "v"}}
    t = zeros((2, 3))
    net = Sequential(Dense(3, activation="relu"), Dense(1))
    error = ValueError("no")
    """

  private let session: Session

  init() throws {
    session = Session()
    let result = session.run(Cell(ServiceTests.cells, executionCount: 3), sink: Recording())
    if let failure = result.failure { throw failure }
  }

  private func complete(_ marked: String) -> Completion {
    let parts = marked.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    return session.complete(parts.joined(), at: parts[0].unicodeScalars.count)
  }

  private func names(_ marked: String) -> [String] { complete(marked).matches.map(\.text) }

  private func inspect(_ marked: String, detail: Int = 0) -> String? {
    let parts = marked.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    return session.inspect(
      parts.joined(), at: parts[0].unicodeScalars.count, detail: detail)?.media.text
  }

  @Test(arguments: [
    // attributes, through what is stored
    ("p.|", ["far", "inner", "kind", "move", "origin", "tags", "x", "y"]),
    ("deep.d|", ["dive"]), ("deep.mo|", ["move"]), ("Point.or|", ["origin"]),
    ("p.tags.app|", ["append"]), ("p.inner['left'].ext|", ["extend"]),
    ("p.inner['left'][1].up|", ["upper"]), ("p.inner['left'][0].is_|", ["is_integer"]),
    ("names[0].capit|", ["capitalize"]), ("names[-1].capit|", ["capitalize"]),
    ("table['nested']['deep key'].zf|", ["zfill"]), ("math.sq|", ["sqrt"]),
    ("t.sha|", ["shape"]), ("t[0].sha|", ["shape"]), ("net.su|", ["summary"]),
    ("net[0].uni|", ["units"]), ("error.arg|", ["args"]), ("p.far.|", []),
    // what calls give
    ("Dense(3).uni|", ["units"]), ("Point(3).mo|", ["move"]), ("Point(3).ta|", ["tags"]),
    ("blend(1).up|", ["upper"]), ("','.join(names).split().app|", ["append"]),
    ("open('a').|", []), ("zeros(3).sha|", ["shape"]), ("net.fit().fin|", ["final"]),
    ("'a'.spl|", ["split", "splitlines"]), ("[1].app|", ["append"]), ("{}.setd|", ["setdefault"]),
    ("(1, 2).co|", ["count"]), ("{1}.unio|", ["union"]),
    // arguments
    ("blend(mo|", ["mode="]), ("p.move(d|", ["dx=", "dy="]),
    ("Point(1, y|", ["y="]), ("Deep(x|", ["x="]), ("net.fit(epo|", ["epochs="]),
    ("Dense(3, act|", ["activation="]),
    // text
    ("Dense(3, activation=\"sel|", ["selu"]), ("Dense(3, \"sel|", ["selu"]),
    ("net.compile(loss=\"hub|", ["huber", "huber_loss"]),
    ("net.compile(optimizer='nad|", ["nadam"]),
    ("net.fit(t, t, optimizer='nad|", ["nadam"]),
    ("help(\"L30|", ["L301", "L302", "L303", "L304", "L305", "L306", "L307", "L308", "L309"]),
    ("help('pyth|", ["python"]),
    // keys
    ("table[\"|", ["loss", "nested"]), ("table['ne|", ["nested"]),
    ("table['nested']['|", ["deep key"]),
    ("p.inner[\"a|", ["a\\\"b"]), ("p.inner[7|", ["7"]),
    // names
    ("import ma|", ["math", "matplotlib"]), ("from math import hyp|", ["hypot"]),
    ("try: pass\nexcept Zero|", ["ZeroDivisionError"]), ("raise NotImp|", ["NotImplementedError"]),
    ("%hi|", ["%history"]),
    // what the cell itself says
    ("q = Dense(2)\nq.uni|", ["units"]), ("p = 'text'\np.upp|", ["upper"]),
    ("for name in names:\n    name.capit|", ["capitalize"]),
    ("[name.capit| for name in names]", ["capitalize"]),
    ("for i, n in enumerate(names):\n    n.capit|", ["capitalize"]),
    ("def f(a, text: str, rate=0.5):\n    text.upp|", ["upper"]),
    ("def f(a, text: str, rate=0.5):\n    rate.is_|", ["is_integer"]),
    ("def f(names):\n    names.|", []),
    ("with open('a') as file:\n    x = p\n    x.tag|", ["tags"]),
    (
      "class Own(Point):\n    def go(self):\n        self.size = 1\n    def stop(self):\n        self.|",
      ["far", "go", "kind", "move", "origin", "size", "stop", "tags", "x", "y"]
    ),
    ("class Own:\n    def __init__(self, n): self.items = []\nOwn(1).items.app|", ["append"]),
    ("class Own:\n    def __init__(self, depth): pass\nOwn(de|", ["depth="]),
    ("def own(width, *, height=2): pass\nown(he|", ["height="]),
    ("x = net\nx[0].uni|", ["units"]),
  ])
  func offersWhatFitsThePlace(marked: String, expected: [String]) {
    let found = names(marked)
    // Names follow the arguments of a call.
    let isCall = expected.first?.hasSuffix("=") == true
    #expect(Array(isCall ? found.prefix(expected.count) : found[...]) == expected, "\(marked)")
  }

  @Test func matchesSayWhatTheyAre() throws {
    let move = try #require(complete("p.mov|").matches.first)
    #expect(move.kind == .function && move.signature == "move(dx, dy=0)")
    let blend = try #require(complete("blen|").matches.first)
    #expect(blend.signature == "blend(left, right=1, *rest, mode=\"soft\")")
    #expect(complete("p.fa|").matches.first?.kind == .property)
    #expect(complete("Poin|").matches.first?.signature == "Point(x, y=0)")
    #expect(complete("blend(lef|").matches.first == .init("left=", .parameter, signature: "any"))
  }

  @Test func theNearestComesFirst() {
    let found = names("def f(narrow):\n    near = 1\n    n|")
    #expect(found.prefix(4) == ["near", "narrow", "net", "names"])
    #expect(found.last == "nonlocal" || found.last == "not")
    _ = session.run(Cell("names = 3", executionCount: 4), sink: Recording())
    #expect(names("n|").first == "names")
  }

  @Test func filesOfTheWorkingDirectoryAreOffered() throws {
    let folder = FileFolder()
    let session = Session(Session.Options(directory: folder.path))
    _ = session.run(Cell("export([1], 'alpha.csv')\nexport([1], 'beta.csv')"), sink: Recording())
    for text in ["load_csv(\"al", "open('al", "load(path=\"al"] {
      let found = session.complete(text, at: text.count)
      #expect(found.matches.map(\.text) == ["alpha.csv"], "\(text)")
      #expect(found.matches.first?.kind == .path)
    }
    #expect(session.complete("print(\"al", at: 9).matches.isEmpty)
  }

  @Test func inspectionTellsWhatStandsThere() {
    #expect(
      inspect("blend|") == """
        blend(left: float, right=1, *rest, mode="soft") -> str

        Mixes two.

        defined in Cell [3], line 2
        """)
    #expect(inspect("blend|", detail: 1)?.hasSuffix("    return \"x\"") == true)
    #expect(inspect("p.move|")?.hasPrefix("move(dx, dy=0)") == true)
    #expect(inspect("Point|")?.hasPrefix("class Point(x, y=0)\n\nA place.") == true)
    #expect(inspect("Deep|")?.contains("a kind of Point") == true)
    #expect(inspect("p|")?.hasPrefix("p: Point") == true)
    #expect(inspect("p.far|") == "far: property\n\ndefined in Cell [3], line 12")
    #expect(inspect("names|")?.contains("length 2; defined in Cell [3], line ") == true)
    #expect(inspect("names|")?.contains("['ada', 'bob']") == true)
    #expect(inspect("t|")?.contains("min 0, max 0, mean 0") == true)
    #expect(inspect("t|")?.contains("shape (2, 3)") == true)
    #expect(inspect("net|")?.contains("Dense") == true)
    #expect(inspect("math.sqrt|")?.contains("sqrt(x)") == true)
    #expect(inspect("\"\".join|")?.hasPrefix("str.join(iterable)") == true)
    #expect(inspect("names.append|")?.hasPrefix("list.append(object)") == true)
    #expect(inspect("fo|r")?.hasPrefix("for: ") == true)
    #expect(inspect("ValueErr|or")?.contains("does not fit") == true)
    #expect(inspect("x = 12|")?.hasPrefix("int") == true)
    #expect(inspect("Dense(12|")?.hasPrefix("Dense(units") == true)
    #expect(inspect("from math import sq|rt")?.contains("square root") == true)
    #expect(
      inspect("def own(a: int) -> str:\n  'Doc.'\nown|")
        == "own(a: int)\n\nDoc.\n\ndefined in this cell, line 1")
  }

  @Test func theFormsOfAPageSayTheSame() throws {
    for name in ["blend", "Point", "p", "Dense", "net.fit", "math", "for", "str"] {
      let media = try #require(session.inspect(name, at: name.count, detail: 1)?.media)
      let html = try #require(media.html)
      let markdown = try #require(media.markdown)
      for word in media.text.split(whereSeparator: { !$0.isLetter }) where word.count > 3 {
        #expect(markdown.contains(word), "\(name): \(word)")
        #expect(html.contains(word), "\(name): \(word)")
      }
    }
  }

  @Test func helpExplainsWhatIsAskedFor() {
    func help(_ argument: String) -> String {
      let recording = Recording()
      _ = session.run(Cell("help(\(argument))"), sink: recording)
      return recording.outputs.compactMap { output in
        switch output {
        case .display(let media, _): media.text
        case .failure(let failure): "\(failure.message); \(failure.help ?? "")"
        default: nil
        }
      }.joined()
    }
    #expect(help("").contains("help(\"python\")"))
    #expect(help("blend").hasPrefix("blend(left: float"))
    #expect(help("Point").hasPrefix("class Point(x, y=0)"))
    #expect(help("p").contains("move(dx, dy=0)"))
    #expect(help("names.append").hasPrefix("list.append(object)"))
    #expect(help("\"str.join\"").hasPrefix("str.join(iterable)"))
    #expect(help("str").contains("splitlines"))
    #expect(help("math").contains("sqrt"))
    #expect(help("\"while\"").hasPrefix("while: "))
    #expect(help("\"L301\"").hasPrefix("L301: "))
    #expect(help("\"python\"").hasPrefix("Gradus for people who know Python"))
    #expect(help("\"pyton\"") == "there is no help on 'pyton'; did you mean 'python'?")
    #expect(help("ValueError").hasPrefix("ValueError("))
  }

  @Test func askingRunsNoScriptCodeAndIsQuick() throws {
    let result = session.run(
      Cell(
        """
        for i in range(3000):
            globals_text = f"n{i} = {i}"
        big = {i: str(i) for i in range(20000)}
        queue = {i: i for i in range(20000)}
        for i in range(19999): del queue[i]
        long = "x" * 1000000
        ring = []
        ring.append(ring)
        nest = []
        for i in range(2000): nest = [nest]
        """), sink: Recording())
    #expect(result.failure == nil)
    for name in ["big", "queue", "long", "ring", "nest"] {
      #expect((inspect(name + "|")?.count ?? 0) < 800)
      _ = complete(name + "[|")
    }
    #expect(names("ring[0][0][0].app|") == ["append"])
  }

  @Test func onlyNamesThatChangedAreDescribedAgain() {
    let pending = Pending()
    let board = DirectoryBoard(pending: pending)
    let session = Session(pending: pending, board: board)
    func run(_ text: String) {
      _ = session.run(Cell(text), sink: Recording())
      // Each answer takes a short time only; slow machines need several.
      for _ in 0..<100 {
        pending.set(.directory)
        session.attend()
      }
    }
    run("kept = [1]\ndef f(a): pass\n" + (0..<500).map { "n\($0) = \($0)\n" }.joined())
    let (kept, function) = (board.newest["kept"], board.newest["f"])
    #expect(kept?.typeName == "list" && function?.signature == "f(a)")
    run("other = 1\nkept.append(2)")
    #expect(board.newest["kept"] === kept && board.newest["f"] === function)
    #expect(board.newest.items.first?.name == "other")
    run("kept = 2\ndel f")
    #expect(board.newest["kept"]?.typeName == "int" && board.newest["f"] == nil)
    #expect(board.newest.items.first?.name == "kept")
    #expect(board.newest.items.count == 502)
  }
}
