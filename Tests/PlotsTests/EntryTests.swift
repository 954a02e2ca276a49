import Catalog
import FoundationEssentials
import Plots
import Testing

/// What scripts can call, called the way the machine does.
@Suite struct EntryTests {
  let sink = Recording()
  let context: Context

  init() {
    context = Context(sink: sink)
  }

  private func call(
    _ name: String, _ positional: Value..., named: [(name: String, value: Value)] = []
  ) throws -> Value {
    let entry = try #require(PlotsCatalog.library.entries.first { $0.name == name })
    return try entry.call(Arguments(positional: positional, named: named, context: context))
  }

  private func figure(_ value: Value) throws -> Figure {
    guard case .object(let object) = value, let figure = object as? FigureObject else {
      throw Failure(.type, "no figure")
    }
    return figure.figure
  }

  private func list(_ values: [Double]) -> Value { .array(values.map { .float($0) }) }

  @Test func everyEntryIsDocumented() {
    let names = PlotsCatalog.library.entries.map(\.name)
    #expect(
      names == [
        "plot", "show", "grid", "hist", "scatter", "bar", "heatmap", "images", "table", "spark",
        "describe",
      ])
    for entry in PlotsCatalog.library.entries {
      #expect(entry.sentence.hasSuffix(".") && !entry.examples.isEmpty)
      #expect(entry.parameters.allSatisfy { $0.passing == .accompanying || !$0.sentence.isEmpty })
    }
  }

  @Test func plotDrawsNumbersAgainstTheirPlaces() throws {
    let one = try figure(try call("plot", list([1, 4, 9])))
    #expect(one.alternative == "Y rises from 1 to 9 over x 0 to 2.")
    let two = try figure(
      try call(
        "plot", list([1, 2, 3]), list([1, 4, 9]),
        named: [("label", .string("square")), ("xlabel", .string("n")), ("log", .string("y"))]))
    #expect(two.alternative == "Square rises from 1 to 9 over n 1 to 3.")
  }

  @Test func plotDrawsDictsMatricesAndFormats() throws {
    let dict = Value.dictionary([
      (.string("a"), list([1, 2])), (.string("b"), list([2, 1])),
    ])
    let both = try figure(try call("plot", dict, named: [("ylabel", .string("loss"))]))
    #expect(both.alternative == "Loss: a rises from 1 to 2, b falls from 2 to 1 over x 0 to 1.")
    let matrix = Value.array([list([1, 5]), list([2, 6]), list([3, 7])])
    #expect(try figure(try call("plot", matrix)).alternative.contains("1 rises from 5 to 7"))
    let dots = try figure(try call("plot", list([1, 2, 3]), list([2, 4, 6]), .string("o")))
    #expect(dots.alternative.hasPrefix("3 points of y from 2 to 6, correlation 1"))
  }

  @Test func objectsWithPicturesOfTheirOwnShareAPanel() throws {
    final class Curve: Object {
      static let type = ObjectType("Curve", "A curve for the tests.")
      var type: ObjectType { Curve.type }
      let name: String
      init(_ name: String) { self.name = name }
      func facts() -> Facts? {
        let series = [
          Series("f", x: [0, 1], y: [0, 1], hue: 0),
          Series("f'", x: [0, 1], y: [1, 1], emphasis: .derived, hue: 0),
        ]
        return .graph(Graph(title: name, panels: [Panel(x: Axis("x"), series: series)]))
      }
    }
    let (a, b) = (Value.object(Curve("relu")), Value.object(Curve("elu")))
    let together = Value.dictionary([(.string("one"), a), (.string("two"), b)])
    for (value, names) in [(Value.array([a, b]), ["relu", "elu"]), (together, ["one", "two"])] {
      guard case .facts(.graph(let graph)) = try figure(try call("plot", value)).content else {
        Issue.record("no graph")
        return
      }
      #expect(graph.panels[0].series.map(\.name) == names)
      #expect(graph.panels[0].series.map(\.hue) == [0, 1])
      #expect(graph.panels[0].x.title == "x")
    }
    guard case .facts(.graph(let alone)) = try figure(try call("plot", a)).content else { return }
    #expect(alone.panels[0].series.count == 2)
  }

  @Test func plotDrawsAFunctionWithItsJumps() throws {
    final class Step: Callable {
      let name = "step"
      func call(_ positional: [Value], named: [(name: String, value: Value)]) throws -> Value {
        guard case .float(let x) = positional[0] else { return .none }
        return .int(x > 1.237 ? 1 : 0)
      }
    }
    let step = try figure(
      try call("plot", .function(Step()), named: [("range", list([0, 2]))]))
    guard case .facts(.graph(let graph)) = step.content else {
      Issue.record("no graph")
      return
    }
    let series = graph.panels[0].series[0]
    #expect(series.jumps.count == 1)
    #expect(abs(series.x[series.jumps[0]] - 1.237) < 1e-4)
    #expect(graph.title == "step")
    final class Text: Callable {
      let name = "f"
      func call(_ positional: [Value], named: [(name: String, value: Value)]) -> Value {
        .string("x")
      }
    }
    #expect(throws: Failure.self) { try call("plot", .function(Text())) }
  }

  @Test func wrongArgumentsSayWhatIsWrong() throws {
    func message(_ body: () throws -> Value) -> String {
      do {
        _ = try body()
        return ""
      } catch let failure as Failure {
        return failure.message
      } catch {
        return "\(error)"
      }
    }
    #expect(message { try call("plot", list([1, 2]), list([1])) } == "x has 2 numbers and y has 1")
    #expect(
      message { try call("plot", .string("loss")) } == "plot() cannot draw str")
    #expect(
      message { try call("plot", list([1]), named: [("log", .string("z"))]) }
        == "plot() argument 'log': unknown option 'z'")
    #expect(
      message { try call("plot", list([1]), named: [("xlim", list([3, 1]))]) }
        == "xlim must be two numbers, the lower first")
    #expect(
      message { try call("bar", .array([.string("a")]), list([1, 2])) }
        == "there are 1 names and 2 values")
    #expect(
      message { try call("heatmap", .array([list([1, 2]), list([1])])) }
        == "the rows of the list differ in shape: [2] and [1]")
    #expect(
      message { try call("images", list([1, 2, 3])) }
        == "images need shape [count, height, width], not [3]")
    #expect(message { try call("scatter", list([1]), .none) }.hasPrefix("scatter() needs x and y"))
  }

  @Test func histogramsKeepTheExtremesAndCountWhatIsLost() throws {
    let values = Examples.noise(500, seed: 9) + [.nan, 0, 0]
    let figure = try figure(try call("hist", list(values)))
    #expect(figure.alternative.hasPrefix("Histogram of 503 values from "))
    #expect(figure.alternative.hasSuffix("; 1 not finite."))
    guard case .facts(.graph(let graph)) = figure.content else { return }
    #expect(graph.panels[0].series[0].y.reduce(0, +) == 502)
    #expect(try self.figure(try call("hist", list([]))).text.contains("no data"))
    #expect(try self.figure(try call("hist", list([2, 2, 2]))).svg() != nil)
  }

  @Test func groupsOfPointsAreOrderedByNumber() throws {
    let figure = try figure(
      try call(
        "scatter", list([1, 2, 3, 4]), list([1, 2, 3, 4]),
        named: [
          ("group", .array([.int(2), .int(0), .int(2), .int(10)])),
          ("names", .array([.string("zero"), .string("one"), .string("two")])),
        ]))
    guard case .facts(.graph(let graph)) = figure.content else { return }
    #expect(graph.panels[0].series.map(\.name) == ["zero", "two", "10"])
  }

  @Test func barsCanBeSorted() throws {
    let dict = Value.dictionary([
      (.string("a"), .float(1)), (.string("b"), .float(3)), (.string("c"), .int(2)),
    ])
    let figure = try figure(try call("bar", dict, named: [("sort", .bool(true))]))
    #expect(figure.alternative == "Bars: b 3, c 2, a 1.")
  }

  @Test func imagesComeInRowsWithLabels() throws {
    let picture = Value.array([list([0, 1]), list([1, 0])])
    let figure = try figure(
      try call("images", .array([picture, picture]), .array([.int(7), .string("x")])))
    #expect(figure.alternative == "2 grey images of 2 by 2 pixels: 7 x.")
    let flat = try self.figure(
      try call(
        "images", .array([list([0, 1, 1, 0, 0.5, 0.5])]),
        named: [("size", .array([.int(2), .int(3)]))]))
    #expect(flat.alternative == "1 grey image of 3 by 2 pixels.")
  }

  @Test func tablesAreMadeOfRowsColumnsAndFigures() throws {
    let rows = Value.array([
      .array([.string("relu"), .float(0.87)]), .array([.string("elu"), .float(0.9)]),
    ])
    let names = Value.array([.string("name"), .string("accuracy")])
    let table = try figure(try call("table", rows, names))
    #expect(table.text.contains("│ relu │     0.87 │"))
    #expect(table.text.contains("│ elu  │     0.90 │"))
    let plot = try call("plot", list([1, 2]), list([3, 4]), named: [("label", .string("y"))])
    let back = try figure(try call("table", plot))
    #expect(back.text.contains("│ 1 │ 3 │") && back.text.contains("│ 2 │ 4 │"))
    let dict = Value.dictionary([(.string("epoch"), .array([.int(1), .int(2)]))])
    #expect(try figure(try call("table", dict)).text.contains("│ epoch │"))
  }

  @Test func showEmitsAndDescribePrints() throws {
    let plot = try call("plot", list([3, 2, 1]))
    _ = try call("show", plot, .string("hello"), .int(3))
    var texts: [String] = []
    for case .display(let media, _) in sink.outputs { texts.append(media.text) }
    #expect(texts.count == 3 && texts[1] == "hello" && texts[2] == "3")
    _ = try call("describe", plot)
    #expect(
      sink.text() == "Y falls from 3 to 1 over x 0 to 2. y: 3 points, x 0 to 2, y 1 to 3, last 1.\n"
    )
  }

  @Test func aGridMixesFiguresAndShowsThemTogether() throws {
    let plot = try call("plot", list([3, 2, 1]), named: [("title", .string("falling"))])
    let map = try call("heatmap", .array([list([1, 2]), list([3, 4])]))
    let same = try figure(try call("grid", .array([plot, plot]), .int(2)))
    #expect(same.alternative.hasPrefix("2 panels: falling falls"))
    let mixed = try figure(try call("grid", .array([plot, map]), .int(2)))
    #expect(mixed.alternative.hasPrefix("2 pictures: "))
    #expect(mixed.svg()?.contains("transform=\"translate(") == true)
    let table = try call("table", .array([list([1, 2])]))
    #expect(throws: Failure.self) { try call("grid", .array([table])) }
  }

  @Test func figuresAreSavedBesideAndRenamed() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "gradus-plots-\(ProcessInfo.processInfo.processIdentifier)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    context.directory = folder
    let object = FigureObject(Examples.history)
    func save(_ path: String) throws {
      let entry = try #require(FigureObject.type.member("save"))
      _ = try entry.call(
        Arguments(receiver: .object(object), positional: [.string(path)], context: context))
    }
    try save("x.svg")
    let bytes = try #require(FileManager.default.contents(atPath: folder + "/x.svg"))
    #expect(
      String(decoding: bytes, as: UTF8.self) == (Examples.history.svg(theme: .light) ?? "") + "\n")
    try save("x.txt")
    do {
      try save("x.png")
      let png = try #require(FileManager.default.contents(atPath: folder + "/x.png"))
      #expect(Array(png.prefix(4)) == [0x89, 0x50, 0x4E, 0x47])
    } catch let failure as Failure {
      #expect(failure.message.contains("rsvg-convert is not installed"))
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(left == ["x.png", "x.svg", "x.txt"] || left == ["x.svg", "x.txt"])
    #expect(throws: Failure.self) { try save("x.gif") }
    #expect(throws: Failure.self) { try save("no/such/folder/x.svg") }
  }
}
