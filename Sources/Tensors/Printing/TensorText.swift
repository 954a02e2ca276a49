/// Writes tensors exactly as NumPy 2.4 writes arrays.
///
/// `repr` says `array(`, as NumPy does, since a script that prints one must print what it prints
/// under CPython. A tensor without axes stands for NumPy's scalar: `np.float32(0.5)`.
struct TensorText {
  private static let threshold = 1000
  private static let edge = 3
  private static let width = 75

  private let tensor: Tensor
  private let cells: (Int) -> String
  private let isSummary: Bool

  private init(_ tensor: Tensor) throws {
    self.tensor = tensor
    isSummary = tensor.count > TensorText.threshold
    let shown = isSummary ? try TensorText.corners(tensor) : tensor
    switch tensor.dtype {
    case .bool:
      cells = { tensor.integer($0) != 0 ? " True" : "False" }
    case .u8, .i32, .i64:
      let values = shown.ints
      let span = max(
        values.max().map { String($0).count } ?? 0, values.min().map { String($0).count } ?? 0)
      cells = { place in
        let text = String(tensor.integer(place))
        return String(repeating: " ", count: max(span - text.count, 0)) + text
      }
    case .f32, .f64:
      let column = FloatColumn(shown.doubles, tensor.dtype)
      cells = { column(tensor.element($0)) }
    }
  }

  /// The first and last three entries of every long axis.
  private static func corners(_ tensor: Tensor) throws -> Tensor {
    var result = tensor.detached()
    for axis in 0..<tensor.rank where tensor.shape[axis] > 2 * edge {
      let n = tensor.shape[axis]
      result = try Tensor.concat(
        [result.slice(axis, 0, edge), result.slice(axis, n - edge, n)], axis: axis)
    }
    return result
  }

  /// What `str` gives.
  static func plain(_ tensor: Tensor) throws -> String {
    if tensor.rank == 0 { return scalar(tensor) }
    if tensor.count == 0 { return "[]" }
    return try TensorText(tensor.detached()).body(separator: " ", prefix: "", width: width)
  }

  /// What `repr` gives.
  static func full(_ tensor: Tensor) throws -> String {
    if tensor.rank == 0 {
      switch tensor.dtype {
      case .bool: return "np.\(scalar(tensor))_"
      default: return "np.\(tensor.dtype.name)(\(scalar(tensor)))"
      }
    }
    let prefix = "array("
    let list =
      tensor.count == 0
      ? "[]"
      : try TensorText(tensor.detached()).body(separator: ", ", prefix: prefix, width: width - 1)
    var extras: [String] = []
    if tensor.count == 0 && tensor.shape != [0] || tensor.count > threshold {
      extras.append("shape=\(tensor.shape)")
    }
    let isImplied = [.bool, .i64, .f64].contains(tensor.dtype)
    if !isImplied || tensor.count == 0 { extras.append("dtype=\(tensor.dtype.name)") }
    guard !extras.isEmpty else { return prefix + list + ")" }
    let text = prefix + list + ","
    let end = extras.joined(separator: ", ") + ")"
    let lastLine = text.split(separator: "\n").last?.count ?? 0
    let isTooLong = lastLine + end.count + 1 > width
    return text + (isTooLong ? "\n" + String(repeating: " ", count: prefix.count) : " ") + end
  }

  static func scalar(_ tensor: Tensor) -> String {
    switch tensor.dtype {
    case .bool: tensor.integer(0) != 0 ? "True" : "False"
    case .u8, .i32, .i64: String(tensor.integer(0))
    case .f32, .f64: ScalarText.float(tensor.element(0), tensor.dtype)
    }
  }

  private func body(separator: String, prefix: String, width: Int) -> String {
    let indent = String(repeating: " ", count: prefix.count + 1)
    return part(axis: 0, place: 0, indent: indent, width: width, separator: separator)
  }

  private func part(
    axis: Int, place: Int, indent: String, width: Int, separator: String
  ) -> String {
    let left = tensor.rank - axis
    if left == 0 { return cells(place) }
    let size = tensor.shape[axis]
    let isCut = isSummary && 2 * TensorText.edge < size
    let edge = TensorText.edge
    let entries: [Int?] =
      isCut
      ? Array(0..<edge) + [nil] + Array((size - edge)..<size) : (0..<size).map { $0 }
    let bare = separator == " " ? "" : ","
    if left == 1 {
      let room = width - 1
      var (text, line) = ("", indent)
      for (number, entry) in entries.enumerated() {
        let word = entry.map { cells(place + $0 * tensor.strides[axis]) } ?? "..."
        if line.count + word.count > room, line.count > indent.count {
          text += trimmedEnd(line) + "\n"
          line = indent
        }
        line += word
        if number < entries.count - 1 { line += separator }
      }
      return "[" + (text + line).dropFirst(indent.count) + "]"
    }
    let breaks = bare + String(repeating: "\n", count: left - 1)
    let parts = entries.map { entry -> String in
      guard let entry else { return indent + "..." }
      return indent
        + part(
          axis: axis + 1, place: place + entry * tensor.strides[axis], indent: indent + " ",
          width: width - 1, separator: separator)
    }
    return "[" + parts.joined(separator: breaks).dropFirst(indent.count) + "]"
  }

  private func trimmedEnd(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line = line.dropLast() }
    return String(line)
  }
}

extension Tensor: CustomStringConvertible {
  /// What `repr` gives in a script.
  public var description: String {
    (try? TensorText.full(self)) ?? "array(<\(shape) \(dtype.name)>)"
  }

  /// What `str` and `print` give in a script.
  public var printed: String {
    (try? TensorText.plain(self)) ?? "<\(shape) \(dtype.name)>"
  }
}
