/// Comma-separated values: numbers, categories, missing cells.
public enum CSV {
  /// Whether the first record holds the names of the columns.
  public enum Header: Sendable {
    /// Yes when none of its cells is a number or NA.
    case detected
    case present
    case absent
  }

  /// Cells that stand for a missing value, beside the empty one.
  public static let missing: Set<String> = [
    "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None",
  ]

  /// Reads a plain or gzip-compressed file.
  ///
  /// - Throws: `FileProblem` naming the file, the line, what was found and what was expected.
  public static func read(
    _ path: String, header: Header = .detected, delimiter: Character = ",",
    missing: Set<String> = [], check: () throws -> Void = {}
  ) throws -> Frame {
    let bytes = try FileBytes.read(path, check: check)
    return try parse(
      bytes, name: path, header: header, delimiter: delimiter, missing: missing, check: check)
  }

  /// Reads the content of a file; `name` is for messages.
  public static func parse(
    _ bytes: [UInt8], name: String, header: Header = .detected, delimiter: Character = ",",
    missing: Set<String> = [], check: () throws -> Void = {}
  ) throws -> Frame {
    guard let separator = delimiter.asciiValue, separator != UInt8(ascii: "\"") else {
      throw FileProblem.malformed(
        name, found: "the delimiter '\(delimiter)'", expected: "one plain character, such as ','")
    }
    let missing = CSV.missing.union(missing)
    let records = try CSVRecords(bytes, name: name, delimiter: separator, check: check)
    guard records.count > 0 else {
      throw FileProblem.malformed(
        name, found: "no records", expected: "a line of names and lines of values")
    }
    let width = records.record(0).count
    for index in 1..<max(records.count, 1) where records.record(index).count != width {
      let cells = records.record(index).count
      throw FileProblem.malformed(
        name, found: "\(cells) cells on line \(records.lines[index])",
        expected: "\(width), as on line \(records.lines[0])")
    }
    let names = try titles(records, name: name, header: header, missing: missing)
    let first = names == nil ? 0 : 1
    var columns: [Frame.Column] = []
    for column in 0..<width {
      try check()
      let title = names?[column] ?? "column\(column + 1)"
      columns.append(
        try self.column(title, at: column, from: first, of: records, name: name, missing: missing))
    }
    // The file's own name: where it lies differs from user to user.
    let title = name.split(separator: "/").last.map(String.init) ?? name
    return Frame(columns, count: records.count - first, title: title)
  }

  private static func titles(
    _ records: CSVRecords, name: String, header: Header, missing: Set<String>
  ) throws(FileProblem) -> [String]? {
    if case .absent = header { return nil }
    var names: [String] = []
    var looksLikeHeader = true
    for cell in records.record(0) {
      guard let text = records.text(cell) else {
        throw .malformed(
          name, found: "bytes on line \(records.lines[0]) that are not UTF-8",
          expected: "text in UTF-8")
      }
      if !cell.isQuoted, number(records.bytes[cell.range]) != nil || missing.contains(text) {
        looksLikeHeader = false
      }
      names.append(text)
    }
    if case .detected = header, !looksLikeHeader { return nil }
    // A name that stands twice gets a number, so that every column can be reached.
    var seen: Set<String> = []
    return names.enumerated().map { index, text in
      let base = text.isEmpty ? "column\(index + 1)" : text
      var unique = base
      var suffix = 2
      while !seen.insert(unique).inserted {
        unique = "\(base)_\(suffix)"
        suffix += 1
      }
      return unique
    }
  }

  private static func column(
    _ title: String, at column: Int, from first: Int, of records: CSVRecords, name: String,
    missing: Set<String>
  ) throws(FileProblem) -> Frame.Column {
    var numbers: [Double] = []
    numbers.reserveCapacity(records.count - first)
    var isWhole = true
    for index in first..<records.count {
      let cell = records.cells[records.starts[index] + column]
      let bytes = records.bytes[cell.range]
      if missing.count > CSV.missing.count, let text = records.text(cell), missing.contains(text) {
        numbers.append(.nan)
      } else if let value = number(bytes) {
        if isWhole, value != value.rounded() || abs(value) > 1e15 { isWhole = false }
        numbers.append(value)
      } else if let text = records.text(cell), isMissing(text, missing) {
        numbers.append(.nan)
      } else {
        return try categories(
          title, at: column, from: first, of: records, name: name, missing: missing)
      }
    }
    return Frame.Column(title, .numbers(numbers, isWhole: isWhole))
  }

  private static func categories(
    _ title: String, at column: Int, from first: Int, of records: CSVRecords, name: String,
    missing: Set<String>
  ) throws(FileProblem) -> Frame.Column {
    var texts: [String?] = []
    for index in first..<records.count {
      let cell = records.cells[records.starts[index] + column]
      guard let text = records.text(cell) else {
        throw .malformed(
          name, found: "bytes on line \(records.lines[index]) that are not UTF-8",
          expected: "text in UTF-8")
      }
      texts.append(!cell.isQuoted && isMissing(text, missing) ? nil : text)
    }
    // Sorted by their bytes, so that the codes do not depend on the order of the rows.
    let names = Set(texts.compactMap { $0 }).sorted { left, right in
      left.utf8.lexicographicallyPrecedes(right.utf8)
    }
    let codes = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    return Frame.Column(
      title, .categories(codes: texts.map { $0.flatMap { codes[$0] } ?? -1 }, names: names))
  }

  static func isMissing(_ text: String, _ missing: Set<String>) -> Bool {
    text.isEmpty || missing.contains(text)
  }

  /// A number as programs write it, whatever the user's locale; spaces around it are allowed.
  static func number(_ bytes: ArraySlice<UInt8>) -> Double? {
    var rest = bytes
    while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest.removeFirst() }
    while let byte = rest.last, byte == 0x20 || byte == 0x09 { rest.removeLast() }
    guard !rest.isEmpty, rest.count <= 64 else { return nil }
    for byte in rest {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
        continue
      default: return nil
      }
    }
    return Double(String(decoding: rest, as: UTF8.self))
  }
}
