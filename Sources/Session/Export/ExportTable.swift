internal import Catalog

extension Table {
  /// What a picture or an array shows, as rows of a table.
  init(exporting facts: Facts) throws {
    switch facts {
    case .table(let table): self = table
    case .graph(let graph): self = Table(exporting: graph)
    case .matrix(let matrix): self = Table(exporting: matrix)
    case .images:
      throw Failure(
        .value, "pictures cannot be written as a table", help: "export them as .svg or .png")
    }
  }

  /// One column per series when all share their x, else one row per point.
  private init(exporting graph: Graph) {
    let series = graph.panels.flatMap { panel in panel.series.map { (panel, $0) } }
    if let (panel, first) = series.first, series.allSatisfy({ $0.1.x == first.x }) {
      let x = panel.x.title.isEmpty ? "x" : panel.x.title
      let names = series.enumerated().map { index, pair in
        let (panel, series) = pair
        return [series.name, panel.y.title].first { !$0.isEmpty } ?? "y\(index + 1)"
      }
      self.init(
        title: graph.title,
        columns: ([x] + names).map { Column($0, isNumeric: true) },
        rows: first.x.indices.map { index in
          [.number(first.x[index])]
            + series.map { $0.1.y.indices.contains(index) ? .number($0.1.y[index]) : .missing }
        })
      return
    }
    self.init(
      title: graph.title,
      columns: [
        Column("panel"), Column("series"), Column("x", isNumeric: true),
        Column("y", isNumeric: true),
      ],
      rows: series.flatMap { panel, series in
        zip(series.x, series.y).map { x, y in
          [.text(panel.title), .text(series.name), .number(x), .number(y)]
        }
      })
  }

  private init(exporting matrix: Matrix) {
    let names = (0..<max(0, matrix.columns)).map { column in
      matrix.columnLabels.indices.contains(column) ? matrix.columnLabels[column] : "\(column)"
    }
    let hasLabels = !matrix.rowLabels.isEmpty
    self.init(
      title: matrix.title,
      columns: (hasLabels ? [Column("")] : []) + names.map { Column($0, isNumeric: true) },
      rows: (0..<max(0, matrix.rows)).map { row in
        let cells: [Cell] = names.indices.map { column in
          let index = row * matrix.columns + column
          return matrix.values.indices.contains(index) ? .number(matrix.values[index]) : .missing
        }
        guard hasLabels else { return cells }
        let label = matrix.rowLabels.indices.contains(row) ? matrix.rowLabels[row] : ""
        return [.text(label)] + cells
      })
  }

  /// The rows of an array; a vector is one column.
  init(exporting numbers: Numbers) throws {
    guard numbers.shape.count <= 2 else {
      throw Failure(
        .value, "an array of \(numbers.shape.count) axes cannot be written as a table",
        help: "reshape it to two axes, or export it as .npy")
    }
    let columns = numbers.shape.count == 2 ? numbers.shape[1] : 1
    let rows = numbers.shape.first ?? 1
    self.init(
      columns: (0..<columns).map { Column("\($0)", isNumeric: true) },
      rows: (0..<rows).map { row in
        (0..<columns).map { .number(numbers.values[row * columns + $0]) }
      })
  }
}
