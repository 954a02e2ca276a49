public import Catalog
internal import Tensors

/// A table of named columns, each of numbers or of categories, with missing cells.
public final class Frame {
  /// A named column.
  public struct Column: Sendable {
    public var name: String
    public var content: Content

    public init(_ name: String, _ content: Content) {
      self.name = name
      self.content = content
    }

    /// Where a value is missing.
    public var missing: [Bool] {
      switch content {
      case .numbers(let values, _): values.map(\.isNaN)
      case .categories(let codes, _): codes.map { $0 < 0 }
      }
    }

    /// `number`, `whole` or `category`.
    public var kind: String {
      switch content {
      case .numbers(_, let isWhole): isWhole ? "whole" : "number"
      case .categories: "category"
      }
    }
  }

  public enum Content: Sendable {
    /// NaN where missing; `isWhole`: all others are integers.
    case numbers([Double], isWhole: Bool)
    /// Indices into the sorted names; -1 where missing.
    case categories(codes: [Int], names: [String])
  }

  public let columns: [Column]
  /// The number of rows.
  public let count: Int
  public let title: String

  init(_ columns: [Column], count: Int, title: String) {
    self.columns = columns
    self.count = count
    self.title = title
  }

  /// - Throws: a `Failure` that offers the nearest names.
  public func column(_ name: String) throws -> Column {
    guard let column = columns.first(where: { $0.name == name }) else {
      let names = columns.map(\.name)
      throw Failure(
        .key, "there is no column '\(name)'", notes: ["columns: " + names.joined(separator: ", ")],
        help: Nearest.question(name, among: names))
    }
    return column
  }

  /// The rows at these places, in that order; the places have been checked.
  func rows(_ places: [Int]) -> Frame {
    let columns = columns.map { column -> Column in
      switch column.content {
      case .numbers(let values, let isWhole):
        return Column(column.name, .numbers(places.map { values[$0] }, isWhole: isWhole))
      case .categories(let codes, let names):
        return Column(column.name, .categories(codes: places.map { codes[$0] }, names: names))
      }
    }
    return Frame(columns, count: places.count, title: title)
  }

  /// The frame without the rows in which anything is missing.
  public func droppingMissing() -> Frame {
    var isWhole = [Bool](repeating: true, count: count)
    for column in columns {
      for (row, isMissing) in column.missing.enumerated() where isMissing { isWhole[row] = false }
    }
    return rows((0..<count).filter { isWhole[$0] })
  }

  /// The columns of these names only, in that order.
  public func selecting(_ names: [String]) throws -> Frame {
    Frame(try names.map { try column($0) }, count: count, title: title)
  }

  /// Features and a target, ready to train on; rows with missing cells are left out.
  ///
  /// A target of categories becomes class numbers; categories among the features become one
  /// column of 0 and 1 each.
  ///
  /// - Parameter without: columns to leave out.
  public func dataset(target: String, without: [String] = []) throws -> Dataset {
    _ = try column(target)
    for name in without { _ = try column(name) }
    let kept = Frame(
      columns.filter { !without.contains($0.name) || $0.name == target }, count: count,
      title: title
    ).droppingMissing()
    let wanted = try kept.column(target)
    var names: [String] = []
    var features: [[Double]] = []
    for column in kept.columns where column.name != target {
      switch column.content {
      case .numbers(let values, _):
        names.append(column.name)
        features.append(values)
      case .categories(let codes, let categories):
        for (code, category) in categories.enumerated() {
          names.append("\(column.name)=\(category)")
          features.append(codes.map { $0 == code ? 1 : 0 })
        }
      }
    }
    guard !features.isEmpty else {
      throw Failure(.value, "'\(title)' has no column beside the target '\(target)'")
    }
    let width = features.count
    var flat = [Float](repeating: 0, count: kept.count * width)
    for (column, values) in features.enumerated() {
      for row in 0..<kept.count { flat[row * width + column] = Float(values[row]) }
    }
    let x = try Tensor(flat, shape: Shape([kept.count, width]))
    switch wanted.content {
    case .categories(let codes, let categories):
      return try Dataset(
        x: x, y: Tensor(codes), title: title, names: names, classes: categories)
    case .numbers(let values, _):
      return try Dataset(x: x, y: Tensor(values.map { Float($0) }), title: title, names: names)
    }
  }
}

extension Frame: Object {
  public static let type = ObjectType("Frame", "A table of named columns.") {
    [
      .attribute(
        of: Frame.self, "columns", "The names of the columns.", returns: "list of str",
        example: "load_csv(\"penguins.csv\").columns"
      ) { .array($0.columns.map { .string($0.name) }) },
      .method(
        of: Frame.self, "head", "The first rows.",
        Parameter("n", Int.self, "how many rows", where: .atLeast(0), default: { 5 }),
        returns: "Frame", example: "frame.head(3)"
      ) { frame, n in .object(frame.rows(Array(0..<min(n, frame.count)))) },
      .method(
        of: Frame.self, "drop_missing", "The rows in which nothing is missing.",
        returns: "Frame", example: "frame.drop_missing()"
      ) { .object($0.droppingMissing()) },
      .method(
        of: Frame.self, "select", "The columns of these names.",
        Parameter("names", [String].self, "columns to keep"),
        returns: "Frame", example: "frame.select([\"species\", \"sex\"])"
      ) { frame, names in .object(try frame.selecting(names)) },
      .method(
        of: Frame.self, "dataset",
        "Features and target to train on; rows with missing cells are left out.",
        Parameter("target", String.self, "the column to predict"),
        Parameter("without", [String].self, "columns to leave out", default: { [] }),
        returns: "Dataset", example: "frame.dataset(target=\"species\", without=[\"year\"])",
        details: """
          A target of categories becomes class numbers. Categories among the features become one \
          column of 0 and 1 for each of their values.
          """
      ) { frame, target, without in
        .object(try frame.dataset(target: target, without: without))
      },
    ]
  }

  public var type: ObjectType { Self.type }
  public func length() -> Int { count }
  public var contents: [String] { columns.map(\.name) }
  public var brief: String { "Frame \(count) x \(columns.count)" }
  public var text: String { "<Frame '\(title)': \(count) rows, \(columns.count) columns>" }

  public func attribute(_ name: String) throws -> Value? {
    guard let column = columns.first(where: { $0.name == name }) else { return nil }
    return try value(of: column)
  }

  public func index(_ key: Value, context: Context) throws -> Value {
    guard case .string(let name) = key else {
      throw Failure(
        .type, "a Frame is indexed with a column's name, not with \(key.typeName)",
        help: "frame[\"\(columns.first?.name ?? "name")\"], or frame.head(n) for rows")
    }
    return try value(of: try column(name))
  }

  private func value(of column: Column) throws -> Value {
    switch column.content {
    case .numbers(let values, _): .object(try Tensor(values))
    case .categories(let codes, let names):
      .array(codes.map { $0 < 0 ? .none : .string(names[$0]) })
    }
  }

  /// The first rows as a table.
  public func table(rows limit: Int) -> Table {
    let shown = min(limit, count)
    let cells = (0..<shown).map { row in
      columns.map { column -> Table.Cell in
        switch column.content {
        case .numbers(let values, let isWhole):
          if values[row].isNaN { return .missing }
          if isWhole, let whole = Int(exactly: values[row]) { return .whole(whole) }
          return .number(values[row])
        case .categories(let codes, let names):
          return codes[row] < 0 ? .missing : .text(names[codes[row]])
        }
      }
    }
    return Table(
      title: title,
      columns: columns.map { Table.Column($0.name, isNumeric: $0.kind != "category") },
      rows: cells, notes: ["\(count) rows, \(columns.count) columns"])
  }

  public func facts() -> Facts? { .table(table(rows: 10)) }

  /// All rows, for files.
  public func table() -> Table? { table(rows: count) }

  public func display(_ context: Context) -> Media {
    let size = "\(count) rows, \(columns.count) columns"
    let width = columns.map(\.name.count).max() ?? 0
    let lines = columns.map { column in
      let pad = String(repeating: " ", count: width - column.name.count)
      let missing = column.missingCount
      let range = column.range { "\($0)" }
      let holds = range.isEmpty ? "" : "  \(range)"
      return column.name + pad + "  \(column.kind)" + holds
        + (missing > 0 ? "  (\(missing) missing)" : "")
    }
    var markup = Markup()
    markup.heading(title, size)
    var first = table(rows: 5)
    first.title = ""
    first.notes = count > 5 ? ["the first 5 of \(count)"] : []
    markup.table(first)
    var details = Markup()
    details.table(
      Table(
        columns: [
          Table.Column("column"), Table.Column("kind"), Table.Column("values"),
          Table.Column("missing", isNumeric: true),
        ],
        rows: columns.map {
          [
            .text($0.name), .text($0.kind), .text($0.range(ShortNumber.text)),
            .whole($0.missingCount),
          ]
        }))
    markup.details("columns", details)
    return Media((["\(title): \(size)"] + lines).joined(separator: "\n"), markup)
  }
}

extension Frame.Column {
  fileprivate var missingCount: Int { missing.count { $0 } }

  /// What it holds: `1.5 to 7.0`, or `3: Adelie, Chinstrap, Gentoo`.
  fileprivate func range(_ shown: (Double) -> String) -> String {
    switch content {
    case .numbers(let values, _):
      let present = values.filter { !$0.isNaN }
      guard let low = present.min(), let high = present.max() else { return "" }
      return "\(shown(low)) to \(shown(high))"
    case .categories(_, let names):
      let more = names.count > 6 ? ", …" : ""
      return "\(names.count): " + names.prefix(6).joined(separator: ", ") + more
    }
  }
}
