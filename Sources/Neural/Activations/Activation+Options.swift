internal import Catalog
internal import Tensors

/// A setting or a shape that an activation does not take.
func OptionProblem(_ text: String) -> Failure { Failure(.value, text) }

extension Activation {
  /// The same function with another setting.
  ///
  /// - Throws: `Failure` for a name it does not have, or a value that makes no sense.
  func with(_ name: String, _ value: Value) throws -> Activation {
    guard
      let place = options.firstIndex(where: { $0.name == name || $0.also.contains(name) }),
      let remake
    else {
      throw Failure(
        .type, "\(self.name)() got an unexpected keyword argument '\(name)'", code: "L105",
        help: Nearest.question(name, among: options.map(\.name)))
    }
    let option = options[place]
    var values = options.map(\.value)
    values[place] = try option.read(value, of: self.name)
    return try remake(values)
  }

  /// What a string says: a name, or a name with settings as in `elu(alpha=0.5)`.
  ///
  /// - Returns: nil when the name is not known.
  static func reading(_ text: String) throws -> Activation? {
    guard let open = text.firstIndex(of: "("), text.last == ")" else { return named(text) }
    guard var activation = named(String(text[..<open])) else { return nil }
    let inside = text[text.index(after: open)...].dropLast()
    for (place, part) in inside.split(separator: ",").enumerated() {
      let words = part.split(separator: "=", maxSplits: 1).map(trimmed)
      let name =
        words.count == 2
        ? words[0] : place < activation.options.count ? activation.options[place].name : "option"
      activation = try activation.with(name, literal(words.last ?? ""))
    }
    return activation
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  private static func literal(_ text: String) -> Value {
    switch text {
    case "True": .bool(true)
    case "False": .bool(false)
    case "None": .none
    default: Double(text).map { .float($0) } ?? .string(text)
    }
  }

  /// The slopes of every output by every input of one row.
  ///
  /// - Throws: `Failure` unless x is one row, of a length that can be squared.
  public func jacobian(_ x: Tensor) throws -> Tensor {
    guard x.rank == 1, x.count <= 4096 else {
      throw Failure(
        .shape, "a Jacobian is taken at one row of at most 4096 numbers, got \(x.shape)",
        code: "L301", help: "take the rows one by one")
    }
    let row = try x.dtype.isFloating ? x.detached() : x.astype(.f32)
    if let curve {
      return try Tensor(row.doubles.map(curve.derivative)).astype(row.dtype).diagonal()
    }
    let size = try self(row).count
    var rows: [Tensor] = []
    for place in 0..<size {
      rows.append(
        try Tape.recording { tape in
          let leaf = try tape.leaf(row)
          return try tape.gradients(of: self(leaf).at([.at(place)]), for: [leaf])[0]
        })
    }
    return size == 0 ? try Tensor.zeros([0, 0], dtype: row.dtype) : try Tensor.stack(rows)
  }
}

extension Activation.Option {
  /// A value that a script gives it.
  fileprivate func read(_ value: Value, of function: String) throws -> Double {
    switch value {
    // What must not be given stands for the widest value.
    case .none where self.value.isInfinite: return self.value
    case .string("tanh") where isSwitch: return 1
    case .string("none") where isSwitch: return 0
    default: break
    }
    guard let number = Double.read(value), !number.isNaN else {
      throw Failure(
        .type, "\(function)() argument '\(name)' must be a number, not \(value.typeName)",
        code: "L105")
    }
    if let range, !range.holds(number) {
      throw OptionProblem(
        "\(function)() argument '\(name)' must be \(range.sentence), not \(number)")
    }
    return number
  }
}
