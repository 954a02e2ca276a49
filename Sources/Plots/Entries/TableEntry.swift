internal import Catalog

extension PlotsCatalog {
  static let table = Entry(
    "table", "Shows rows and columns, or the numbers behind a figure.",
    Parameter(
      "data", Value.self,
      "rows as lists or dicts; or a dict of columns; or a matrix; or a figure"),
    Parameter(
      "columns", [String]?.self, "the columns' names", default: { nil }),
    PlotOptions.title,
    returns: "Figure",
    example: "table([[\"relu\", 0.87], [\"elu\", 0.88]], [\"name\", \"accuracy\"])",
    "table({\"epoch\": [1, 2], \"loss\": [0.9, 0.7]})"
  ) { data, columns, title in
    var table = try TableReading.table(data)
    if let columns {
      guard columns.count == table.columns.count else {
        throw Failure(
          .value, "there are \(columns.count) names for \(table.columns.count) columns",
          code: "L301")
      }
      for (index, name) in columns.enumerated() { table.columns[index].name = name }
    }
    return try PlotOptions(title: title).figure(.table(table))
  }
}

/// Tables out of what scripts have.
enum TableReading {
  static func table(_ value: Value) throws -> Table {
    switch value {
    case .object(let object):
      if let facts = try object.facts() { return self.table(facts) }
      if let numbers = try object.numbers() { return matrix(numbers) }
    case .dict(let view): return try columns(view)
    case .list(let view): return try rows(view)
    default: break
    }
    throw Failure(
      .type, "table() cannot show \(value.typeName)", notes: ["it is \(value.brief())"],
      help: "it shows lists of rows, dicts of columns, matrices and figures")
  }

  private static func matrix(_ numbers: Numbers) -> Table {
    let width = numbers.shape.count == 2 ? numbers.shape[1] : 1
    let height = width > 0 ? numbers.values.count / width : 0
    return Table(
      columns: (0..<width).map { Table.Column("\($0)", isNumeric: true) },
      rows: (0..<height).map { row in
        (0..<width).map { .number(numbers.values[row * width + $0]) }
      })
  }

  private static func columns(_ view: any DictView) throws -> Table {
    var names: [String] = []
    var cells: [[Table.Cell]] = []
    for item in try view.items() {
      names.append(Reading.label(item.key))
      switch item.value {
      case .list(let list): cells.append(try list.elements().map { cell($0) })
      case .object(let object):
        if let numbers = try object.numbers() {
          cells.append(numbers.values.map { .number($0) })
        } else {
          cells.append([cell(item.value)])
        }
      default: cells.append([cell(item.value)])
      }
    }
    let height = cells.map(\.count).max() ?? 0
    return Table(
      columns: names.map { Table.Column($0) },
      rows: (0..<height).map { row in
        cells.map { row < $0.count ? $0[row] : .missing }
      })
  }

  private static func rows(_ view: any ListView) throws -> Table {
    var names: [String] = []
    var keyed: [[String: Table.Cell]] = []
    var plain: [[Table.Cell]] = []
    for element in try view.elements() {
      switch element {
      case .dict(let row):
        var cells: [String: Table.Cell] = [:]
        for item in try row.items() {
          let name = Reading.label(item.key)
          if !names.contains(name) { names.append(name) }
          cells[name] = cell(item.value)
        }
        keyed.append(cells)
      case .list(let row): plain.append(try row.elements().map { cell($0) })
      case .object(let object):
        if let numbers = try object.numbers(), numbers.shape.count == 1 {
          plain.append(numbers.values.map { .number($0) })
        } else {
          plain.append([cell(element)])
        }
      default: plain.append([cell(element)])
      }
    }
    if !keyed.isEmpty, plain.isEmpty {
      return Table(
        columns: names.map { Table.Column($0) },
        rows: keyed.map { row in names.map { row[$0] ?? .missing } })
    }
    let width = plain.map(\.count).max() ?? 0
    return Table(
      columns: (0..<width).map { Table.Column("\($0)") },
      rows: plain.map { $0 + Array(repeating: .missing, count: width - $0.count) })
  }

  static func cell(_ value: Value) -> Table.Cell {
    switch value {
    case .none: .missing
    case .int(let number): .whole(number)
    case .float(let number): .number(number)
    case .bool(let bool): .text(bool ? "True" : "False")
    case .object(let object):
      if let scalar = object.scalar() { cell(scalar) } else { .text(object.printed) }
    default: .text(Reading.label(value))
    }
  }

  /// The data behind facts.
  static func table(_ facts: Facts) -> Table {
    switch facts {
    case .table(let table): return table
    case .matrix(let matrix):
      let columns = max(0, matrix.columns)
      let count = columns > 0 ? min(max(0, matrix.rows), matrix.values.count / columns) : 0
      let names = (0..<columns).map { index in
        index < matrix.columnLabels.count ? matrix.columnLabels[index] : "\(index)"
      }
      return Table(
        title: matrix.title,
        columns: [Table.Column("")] + names.map { Table.Column($0, isNumeric: true) },
        rows: (0..<count).map { row in
          [.text(row < matrix.rowLabels.count ? matrix.rowLabels[row] : "\(row)")]
            + (0..<columns).map { .number(matrix.values[row * columns + $0]) }
        })
    case .images(let sheet):
      return Table(
        title: sheet.title,
        columns: [Table.Column("image", isNumeric: true), Table.Column("label")],
        rows: sheet.labels.enumerated().map { [.whole($0.offset), .text($0.element)] })
    case .graph(let graph): return self.table(graph)
    }
  }

  /// One column for each series; a row for each x.
  private static func table(_ graph: Graph) -> Table {
    var columns: [Table.Column] = []
    var values: [[Double: Double]] = []
    var places: Set<Double> = []
    var names: [String]?
    for panel in graph.panels {
      if case .categories(let known) = panel.x.scale { names = names ?? known }
      for series in panel.series {
        if columns.isEmpty {
          let title = panel.x.title.isEmpty ? "x" : panel.x.title
          columns.append(Table.Column(title, isNumeric: names == nil))
        }
        let isOnly = series.name.isEmpty || graph.panels.count == 1 && panel.series.count == 1
        let subject = panel.y.title.isEmpty ? panel.title : panel.y.title
        let parts = isOnly ? [subject] : [subject, series.name].filter { !$0.isEmpty }
        let name = parts.joined(separator: " ")
        columns.append(Table.Column(name.isEmpty ? "y" : name, isNumeric: true))
        var column: [Double: Double] = [:]
        for (x, y) in zip(series.x, series.y) where !x.isNaN {
          column[x] = y
          places.insert(x)
        }
        values.append(column)
      }
    }
    return Table(
      title: graph.title, columns: columns,
      rows: places.sorted().map { x in
        let first: Table.Cell
        if let names, let index = Int(exactly: x), names.indices.contains(index) {
          first = .text(names[index])
        } else {
          first = Int(exactly: x).map { .whole($0) } ?? .number(x)
        }
        return [first] + values.map { column in column[x].map { .number($0) } ?? .missing }
      })
  }
}
