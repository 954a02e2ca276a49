import Catalog
import Plots
import Testing

/// Whatever the numbers, a figure is a figure.
@Suite struct HostileTests {
  static let forms: [Series.Form] = [.line, .steps, .points, .bars, .band]
  static let scales: [Axis.Scale] = [.linear, .log, .whole, .categories(["a", "b"])]

  static let data: [(name: String, x: [Double], y: [Double])] = [
    ("nothing", [], []),
    ("one point", [3], [4]),
    ("one point at zero", [0], [0]),
    ("not a number", [1, 2, 3], [.nan, .nan, .nan]),
    ("infinities", [1, 2, 3], [.infinity, -.infinity, 1]),
    ("infinite x", [.infinity, .nan, 1], [1, 2, 3]),
    ("the largest doubles", [-1.7e308, 1.7e308], [-1.7e308, 1.7e308]),
    (
      "the smallest doubles", [0, Double.leastNonzeroMagnitude], [0, Double.leastNonzeroMagnitude]
    ),
    ("a constant", [1, 2, 3], [7, 7, 7]),
    ("a constant far out", [1, 2, 3], [1e300, 1e300, 1e300]),
    ("almost a constant", [1, 2, 3], [1, 1.0000000000000002, 1]),
    ("negative", [-3, -2, -1], [-1, -2, -3]),
    ("lengths that differ", [1, 2, 3, 4], [1, 2]),
    ("a step back", [3, 1, 2, 1], [1, 2, 3, 4]),
    ("huge x", [1e18, 2e18, 9.3e18], [1, 2, 3]),
  ]

  private func check(_ svg: String?) {
    guard let svg else {
      Issue.record("no picture")
      return
    }
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>"))
    #expect(!svg.contains("nan") && !svg.contains("NaN") && !svg.contains("inf\""))
    #expect(!svg.contains("\u{1}"))
    #expect(pieces(svg, "<g") == pieces(svg, "</g>") + pieces(svg, "<g/>"))
    #expect(pieces(svg, "<text") == pieces(svg, "</text>"))
  }

  /// How often the text occurs, as a whole word where it opens a tag.
  private func pieces(_ text: String, _ part: String) -> Int {
    let (all, wanted) = (Array(text.utf8), Array(part.utf8))
    var count = 0
    var index = 0
    while index + wanted.count <= all.count {
      if all[index..<(index + wanted.count)].elementsEqual(wanted) {
        let next = index + wanted.count < all.count ? all[index + wanted.count] : 0x20
        if part.hasSuffix(">") || next == 0x20 || next == 0x3E { count += 1 }
      }
      index += 1
    }
    return count
  }

  @Test(arguments: data.map(\.name))
  func everyFormOnEveryScaleIsDrawn(_ name: String) {
    for (other, x, y) in HostileTests.data where other == name {
      for form in HostileTests.forms {
        for scale in HostileTests.scales {
          let series = Series(
            "s", x: x, y: y, form: form, upper: y.map { $0 + 1 }, error: y.map { abs($0) },
            mark: (1, "best"), jumps: [1])
          let second = Series("t", x: x, y: y.map { -$0 }, form: form, emphasis: .derived)
          let panel = Panel(
            x: Axis("x", scale: scale), y: Axis("y", scale: scale), series: [series, second],
            rules: [Panel.Rule(.horizontal, at: .nan), Panel.Rule(.vertical, at: 0, label: "r")])
          let figure = Figure(.graph(Graph(panels: [panel])))
          check(figure.svg())
          #expect(!figure.alternative.isEmpty)
          let lines: [Substring] = figure.text.split(separator: "\n" as Character)
          #expect(lines.allSatisfy { $0.count <= 72 })
        }
      }
    }
  }

  @Test func requestedRangesMayMissTheData() {
    let panel = Panel(
      x: Axis(range: 100...200), y: Axis(range: -1...0),
      series: [Series(x: [1, 2, 3], y: [1e9, -1e9, 0], mark: (0, "best"))])
    check(Figure(.graph(Graph(panels: [panel]))).svg())
  }

  @Test func textFromOutsideCannotLeaveItsPlace() {
    let evil = "</text><script>alert(1)</script>&amp;\u{0}\u{1}\u{FFFE}\"'"
    let panel = Panel(
      title: evil, x: Axis(evil, scale: .categories([evil, "b"])), y: Axis(evil),
      series: [Series(evil, x: [0, 1], y: [1, 2], form: .bars)])
    let figure = Figure(.graph(Graph(title: evil, panels: [panel])))
    check(figure.svg())
    #expect(figure.svg()?.contains("<script") == false)
    let table = Figure(
      .table(Table(title: evil, columns: [Table.Column(evil)], rows: [[.text(evil)]])))
    #expect(table.html?.contains("<script") == false)
  }

  @Test func aMillionPointsStaySmall() {
    let count = 1_000_000
    let x = (0..<count).map { Double($0) }
    var state: UInt64 = 3
    let y = x.map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40)
    }
    for form in [Series.Form.line, .points] {
      let figure = Figure(.graph(Graph(panels: [Panel(series: [Series(x: x, y: y, form: form)])])))
      let svg = figure.svg() ?? ""
      check(svg)
      #expect(svg.utf8.count < 100_000)
    }
    let wild = Series(x: Array(y.prefix(100_000)), y: Array(x.prefix(100_000)), form: .line)
    #expect(
      (Figure(.graph(Graph(panels: [Panel(series: [wild])]))).svg() ?? "").utf8.count < 300_000)
  }

  @Test func aSpikeSurvivesThinning() {
    var y = [Double](repeating: 0, count: 100_000)
    y[54_321] = 1
    let x = y.indices.map { Double($0) }
    let text = Figure(.graph(Graph(panels: [Panel(series: [Series(x: x, y: y)])]))).text
    let rows: [Substring] = text.split(separator: "\n" as Character)
    #expect(
      rows.dropFirst(2).prefix(8).allSatisfy { row in
        row.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) }
      })
  }

  @Test func manyPanelsEndAtTwentyFour() {
    let panels = (0..<60).map { index in
      Panel(title: "\(index)", series: [Series(x: [0, 1], y: [0, Double(index)])])
    }
    let figure = Figure(.graph(Graph(panels: panels, columns: 6)))
    check(figure.svg())
    #expect(figure.svg()?.contains("36 more panels not shown") == true)
  }

  @Test(arguments: [
    Matrix(rows: 0, columns: 0, values: []),
    Matrix(rows: 2, columns: 2, values: [1]),
    Matrix(rows: -1, columns: 5, values: [1, 2]),
    Matrix(rows: .max, columns: .max, values: [1, 2]),
    Matrix(rows: 1, columns: 3, values: [.nan, .infinity, 1]),
    Matrix(rows: 1, columns: 2, values: [-1.7e308, 1.7e308], showsValues: true),
    Matrix(rows: 1, columns: 2, values: [3, 3], rowLabels: ["a", "b", "c"]),
    Matrix(rows: 1000, columns: 3, values: [Double](repeating: 1, count: 3000)),
    Matrix(rows: 2, columns: 2000, values: [Double](repeating: 1, count: 4000)),
  ])
  func anyMatrixIsDrawn(_ matrix: Matrix) {
    let figure = Figure(.matrix(matrix))
    check(figure.svg())
    let lines: [Substring] = figure.text.split(separator: "\n" as Character)
    #expect(lines.allSatisfy { $0.count <= 72 })
  }

  @Test(arguments: [
    ImageSheet(count: 0, height: 0, width: 0, pixels: []),
    ImageSheet(count: 3, height: 2, width: 2, pixels: [1, 2, 3, 4, 5]),
    ImageSheet(count: .max, height: .max, width: .max, pixels: [1]),
    ImageSheet(count: -1, height: 2, width: -2, pixels: [1, 2, 3, 4]),
    ImageSheet(count: 1, height: 1, width: 1, channels: 3, pixels: [1, 2, 3], columns: 0),
    ImageSheet(count: 1, height: 300, width: 1, pixels: [UInt8](repeating: 9, count: 300)),
    ImageSheet(count: 1, height: 2, width: 3000, pixels: [UInt8](repeating: 200, count: 6000)),
    ImageSheet(count: 500, height: 1, width: 1, pixels: [UInt8](repeating: 9, count: 500)),
  ])
  func anySheetIsDrawn(_ sheet: ImageSheet) {
    let figure = Figure(.images(sheet))
    check(figure.svg())
    #expect(!figure.media().text.isEmpty)
  }

  @Test func aTableMayBeEmptyRaggedOrLong() {
    let empty = Figure(.table(Table(columns: [], rows: [])))
    #expect(empty.text == "no data")
    let ragged = Figure(.table(Table(columns: [Table.Column("a"), Table.Column("b")], rows: [[]])))
    #expect(ragged.text.contains("│ a │ b │"))
    let rows = (0..<100).map { [Table.Cell.whole($0)] }
    let long = Figure(.table(Table(columns: [Table.Column("n")], rows: rows)))
    #expect(long.text.contains("… 75 rows not shown"))
    #expect(long.html?.contains("80 more rows") == true)
  }
}
