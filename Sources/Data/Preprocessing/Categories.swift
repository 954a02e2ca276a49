public import Catalog
public import Tensors

/// A value that stands for a kind and not for an amount: a text or a whole number.
public enum Category: Hashable, Sendable, Argument, Comparable {
  case number(Int)
  case text(String)

  public static var kind: String { "str or int" }

  public static func read(_ value: Value) -> Category? {
    switch value {
    case .string(let text): .text(text)
    case .none: .text("None")
    default: Int.read(value).map { .number($0) }
    }
  }

  public var shown: String {
    switch self {
    case .number(let number): number.shown
    case .text(let text): text.shown
    }
  }

  public var value: Value {
    switch self {
    case .number(let number): .int(number)
    case .text(let text): .string(text)
    }
  }

  /// Numbers by size, then texts by their bytes, so that no locale changes the order.
  public static func < (a: Category, b: Category) -> Bool {
    switch (a, b) {
    case (.number(let a), .number(let b)): a < b
    case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
    case (.number, .text): true
    case (.text, .number): false
    }
  }
}

/// Kinds numbered from 0 in their sorted order.
public struct Labels: Sendable {
  public let classes: [Category]
  private let codes: [Category: Int]

  /// - Parameter classes: in an order of their own; each once.
  public init(classes: [Category]) throws {
    self.classes = classes
    codes = Dictionary(classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    guard codes.count == classes.count else {
      throw Failure(.value, "a category stands twice among \(classes.shown)")
    }
  }

  /// Learns the classes of `values`, sorted.
  public init(of values: [Category]) throws {
    try self.init(classes: Set(values).sorted())
  }

  public subscript(_ value: Category) -> Int? { codes[value] }

  /// - Throws: a `Failure` for a value that is no class.
  public func encode(_ values: [Category]) throws -> [Int] {
    try values.map { value in
      guard let code = codes[value] else { throw unknown(value) }
      return code
    }
  }

  public func decode(_ codes: [Int]) throws -> [Category] {
    try codes.map { code in
      guard classes.indices.contains(code) else {
        throw Failure(
          .value, "there is no class \(code): there are \(classes.count), numbered from 0",
          code: "L304")
      }
      return classes[code]
    }
  }

  func unknown(_ value: Category, column: Int? = nil) -> Failure {
    let names = classes.compactMap { if case .text(let text) = $0 { text } else { nil } }
    var near: String?
    if case .text(let text) = value { near = Nearest.question(text, among: names) }
    return Failure(
      .value,
      "\(value.shown) is no category\(column.map { " of column \($0)" } ?? "")", code: "L304",
      notes: ["known: " + classes.prefix(20).map(\.shown).joined(separator: ", ")], help: near)
  }
}

/// Columns of kinds as columns of 0 and 1: one for each kind.
public struct OneHotColumns: Sendable {
  /// What becomes of a kind that was not there when the categories were learnt.
  public enum Unknown: String, Choice {
    case error
    /// A row of zeros in that column's group.
    case ignore
  }

  public let columns: [Labels]
  public var unknown: Unknown
  /// Whether the first kind of each column gets no column of its own: the others say it.
  ///
  /// Without a constant in the model it loses nothing and removes the linear dependence.
  public var dropsFirst: Bool

  public init(columns: [Labels], unknown: Unknown = .error, dropsFirst: Bool = false) {
    self.columns = columns
    self.unknown = unknown
    self.dropsFirst = dropsFirst
  }

  /// Learns the kinds of each column, sorted.
  public init(
    of rows: [[Category]], unknown: Unknown = .error, dropsFirst: Bool = false
  ) throws {
    let width = rows.first?.count ?? 0
    for (index, row) in rows.enumerated() where row.count != width {
      throw Failure(.value, "row \(index) has \(row.count) values, row 0 has \(width)")
    }
    self.init(
      columns: try (0..<width).map { column in try Labels(of: rows.map { $0[column] }) },
      unknown: unknown, dropsFirst: dropsFirst)
  }

  /// The number of columns of 0 and 1.
  public var width: Int {
    columns.reduce(0) { $0 + max($1.classes.count - (dropsFirst ? 1 : 0), 0) }
  }

  /// `0=male`, …, in the order of the columns.
  public var names: [String] {
    columns.enumerated().flatMap { index, labels in
      labels.classes.dropFirst(dropsFirst ? 1 : 0).map { category in
        let text = if case .text(let text) = category { text } else { category.shown }
        return "\(index)=\(text)"
      }
    }
  }

  /// The number of each value among its column's kinds; -1 for an unknown one that is ignored.
  ///
  /// - Throws: a `Failure` for rows of another width, and for unknown values unless ignored.
  public func ordinal(_ rows: [[Category]]) throws -> [[Int]] {
    try rows.enumerated().map { index, row in
      guard row.count == columns.count else {
        throw Failure(
          .value, "row \(index) has \(row.count) values, \(columns.count) columns were learnt")
      }
      return try row.enumerated().map { column, value in
        if let code = columns[column][value] { return code }
        guard unknown == .ignore else { throw columns[column].unknown(value, column: column) }
        return -1
      }
    }
  }

  /// - Returns: a tensor with one row for each of `rows`.
  public func encode(_ rows: [[Category]], dtype: DType = .f32) throws -> Tensor {
    let shape = try Shape([rows.count, width])
    try StoragePool.shared.reserve(shape.elements * 8)
    var values = [Float](repeating: 0, count: shape.elements)
    let shift = dropsFirst ? 1 : 0
    for (row, codes) in try ordinal(rows).enumerated() {
      var start = row * shape[1]
      for (column, code) in codes.enumerated() {
        if code >= shift { values[start + code - shift] = 1 }
        start += max(columns[column].classes.count - shift, 0)
      }
    }
    return try Tensor(values, shape: shape, dtype: dtype)
  }

  /// The kinds that rows of 0 and 1, or of scores, stand for: the largest of each group.
  public func decode(_ x: Tensor) throws -> [[Category]] {
    guard x.rank == 2, x.shape[1] == width else {
      throw Failure(
        .shape, "\(width) columns stand for these categories, x has shape \(x.shape)",
        code: "L301")
    }
    let values = x.doubles
    let shift = dropsFirst ? 1 : 0
    return (0..<x.shape[0]).map { row in
      var start = row * width
      return columns.map { labels in
        let count = max(labels.classes.count - shift, 0)
        defer { start += count }
        let group = values[start..<start + count]
        // Without a column of its own, the first kind is where no other is.
        guard let best = group.indices.max(by: { group[$0] < group[$1] }),
          shift == 0 || group[best] > 0.5
        else { return labels.classes[0] }
        return labels.classes[best - start + shift]
      }
    }
  }
}

/// Class numbers as rows with a single 1.
public enum OneHot {
  /// - Parameter classes: the number of columns; nil: the largest label + 1.
  /// - Returns: f32, one axis more than `labels`.
  /// - Throws: a `Failure` for labels that are no integers, negative or too large.
  public static func encode(
    _ labels: Tensor, classes: Int? = nil, dtype: DType = .f32
  ) throws -> Tensor {
    var codes: [Int] = []
    for value in labels.doubles {
      guard let code = Int(exactly: value), code >= 0 else {
        throw Failure(.value, "a label must be an integer from 0, got \(value)", code: "L304")
      }
      codes.append(code)
    }
    let (largest, _) = (codes.max() ?? -1).addingReportingOverflow(1)
    let width = classes ?? largest
    guard width >= largest else {
      throw Failure(
        .value, "label \(largest - 1) does not fit \(width) classes, numbered from 0", code: "L304")
    }
    guard width >= 0 else { throw Failure(.value, "classes must be at least 0, got \(width)") }
    let shape = try Shape(Array(labels.shape) + [width])
    try StoragePool.shared.reserve(shape.elements &* dtype.size)
    var rows = [Float](repeating: 0, count: shape.elements)
    for (row, code) in codes.enumerated() { rows[row * width + code] = 1 }
    return try Tensor(rows, shape: shape, dtype: dtype)
  }
}
