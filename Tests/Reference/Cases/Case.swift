public import Catalog
public import Neural

/// One golden case: what goes in, what must come out, and how close.
public final class Case {
  public let area: String
  public let id: String
  public let operation: String
  public let json: JSON
  public let dtype: DType
  private(set) var relative: Double
  let absolute: Double
  /// What did not agree.
  public private(set) var deviations: [String] = []
  /// The expected tensors that were looked at, as `group.name`.
  private var compared: Set<String> = []
  /// The file, for what several cases share.
  let file: JSON

  init?(_ json: JSON, area: String, file: JSON, dtype: DType) {
    guard let id = json["id"]?.string, let operation = json["op"]?.string else { return nil }
    self.area = area
    self.id = id
    self.operation = operation
    self.json = json
    self.dtype = dtype
    self.file = file
    let key = dtype == .f64 ? "float64" : "float32"
    let own = json["tol"]?[key]
    let tolerance = own ?? file["tolerance"]?[key]
    var relative = tolerance?["rtol"]?.double ?? 1e-6
    var absolute = tolerance?["atol"]?.double ?? 1e-9
    if dtype == .f32, own == nil {
      relative = max(relative, 10 * (json["f32_err"]?["rel"]?.double ?? 0))
      absolute = max(absolute, 10 * (json["f32_err"]?["abs"]?.double ?? 0))
    }
    self.relative = relative
    self.absolute = absolute
  }

  public var parameters: JSON { json["params"] ?? .object([]) }
  func number(_ name: String) -> Double? { parameters[name]?.double }
  func flag(_ name: String) -> Bool { parameters[name]?.bool ?? false }

  /// Widens the tolerance where the peer itself computes in float32.
  func loosen(_ relative: Double) { self.relative = max(self.relative, relative) }

  func fail(_ text: String) { deviations.append(text) }

  // MARK: Tensors

  static func numbers(_ json: JSON) -> [Double]? {
    switch json {
    case .array(let all):
      var values: [Double] = []
      for element in all {
        guard let inner = numbers(element) else { return nil }
        values += inner
      }
      return values
    case .string("NaN"): return [.nan]
    case .string("Infinity"): return [.infinity]
    case .string("-Infinity"): return [-.infinity]
    case .object:
      return json["data"].flatMap(numbers)
    default: return json.double.map { [$0] }
    }
  }

  static func tensor(_ json: JSON?, dtype: DType) throws -> Tensor {
    guard let json, let shape = json["shape"]?.array, let values = numbers(json) else {
      throw Unsupported("a tensor is missing")
    }
    let kind: DType = json["dtype"]?.string == "int" ? .i64 : dtype
    return try Tensor(values, shape: Shape(shape.compactMap(\.int)), dtype: kind)
  }

  func input(_ name: String) throws -> Tensor {
    try Case.tensor(json["inputs"]?[name], dtype: dtype)
  }

  func has(_ name: String) -> Bool { json["inputs"]?[name] != nil }

  // MARK: Comparing

  func close(_ got: Double, _ want: Double) -> Bool {
    if want.isNaN { return got.isNaN }
    if want.isInfinite { return got == want }
    return abs(got - want) <= absolute + relative * abs(want)
  }

  /// - Parameter noise: an absolute deviation that is allowed besides.
  func compare(_ got: [Double], _ want: [Double], _ name: String, noise: Double = 0) {
    guard !want.isEmpty else { return fail("\(name): nothing is expected") }
    guard got.count == want.count else {
      return fail("\(name): \(got.count) numbers, expected \(want.count)")
    }
    var worst: (at: Int, by: Double)?
    for index in got.indices where !close(got[index], want[index]) {
      let by = abs(got[index] - want[index])
      if by <= noise { continue }
      if worst.map({ by > $0.by || by.isNaN }) ?? true { worst = (index, by) }
    }
    if let worst {
      fail(
        "\(name)[\(worst.at)]: got \(got[worst.at]), expected \(want[worst.at]), off by \(worst.by)"
      )
    }
  }

  /// Compares with `outputs`, `grads` or `expect`.
  func expect(_ got: Tensor, _ name: String, in group: String = "outputs") {
    guard let wanted = json[group]?[name], let want = Case.numbers(wanted) else {
      return fail("\(group).\(name) is missing")
    }
    compared.insert("\(group).\(name)")
    // Axes of one element may be kept or not.
    if let shape = wanted["shape"]?.array?.compactMap(\.int),
      shape.filter({ $0 != 1 }) != got.shape.filter({ $0 != 1 })
    {
      fail("\(name): shape \(got.shape), expected \(shape)")
    }
    compare(got.doubles, want, name)
  }

  /// Fails when an expected output or gradient was not compared.
  func finish() {
    for group in ["outputs", "grads"] {
      for (name, _) in json[group]?.members ?? []
      where !compared.contains("\(group).\(name)") {
        fail("\(group).\(name) was not compared")
      }
    }
  }

  /// Runs a function of the named inputs, and compares its result and its gradients.
  func differentiate(
    _ names: [String], result: String = "y", _ body: ([Tensor]) throws -> Tensor
  ) throws {
    let inputs = try names.map { try input($0) }
    guard json["grads"] != nil else { return expect(try body(inputs), result) }
    let upstream = try json["upstream"].map { try Case.tensor($0, dtype: dtype) }
    let (y, gradients) = try Tape.recording { tape in
      let leaves = try inputs.map { try tape.leaf($0) }
      let y = try body(leaves)
      let cotangent = try upstream?.reshape(y.shape)
      return (y.detached(), try tape.gradients(of: y, for: leaves, cotangent: cotangent))
    }
    expect(y, result)
    for (name, gradient) in zip(names, gradients) where json["grads"]?[name] != nil {
      expect(gradient, name, in: "grads")
    }
  }
}

extension JSON {
  /// The names of an object's members; none of anything else.
  var keys: [String] {
    if case .object(let members) = self { members.map(\.key) } else { [] }
  }
}

/// A case that asks for something the library does not have.
struct Unsupported: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
