import Catalog
import Tensors
import Testing

/// Gradients of everything in the catalogue, by central differences in f64.
@Suite("The gradients of the catalogue")
struct CatalogueGradientTests {
  /// Functions by name, methods with a dot, module functions with the module's name.
  static let entries: [String: Entry] = {
    var table: [String: Entry] = [:]
    for section in TensorCatalog.library.sections
    where section.title != "Tensors" && section.title != "Gradients" {
      for entry in section.entries { table[entry.name] = entry }
    }
    for member in TensorCatalog.members { table["." + member.name] = member }
    // What `numpy` names are doors to these, without a body of their own.
    for module in TensorCatalog.library.modules where module.shortName == "linalg" {
      for entry in module.entries() { table["\(module.shortName).\(entry.name)"] = entry }
    }
    return table
  }()

  @Test("every operation of the catalogue has a row here")
  func complete() {
    let rows = Set(CallSample.all.map(\.name)).union(CallSample.without)
    let names = Set(Self.entries.keys)
    // A method that is a function, too, shares its row.
    let missing = names.filter { name in
      let plain = name.hasPrefix(".") ? String(name.dropFirst()) : "." + name
      return !rows.contains(name) && !rows.contains(plain)
    }
    #expect(missing.sorted() == [])
    let stale = rows.subtracting(names)
    #expect(stale.sorted() == [], "rows without an entry")
  }

  /// The entry's result for these tensors, weighted so that every element matters differently.
  private static func value(_ sample: CallSample, _ tensors: [Tensor]) throws -> Tensor {
    let result = try call(sample, tensors)
    let weights = try Tensor(
      (0..<result.count).map { 0.5 + Double($0 % 7) * 0.25 }, shape: result.shape)
    return try (result * weights).sum()
  }

  private static func call(_ sample: CallSample, _ tensors: [Tensor]) throws -> Tensor {
    let entry = try #require(entries[sample.name])
    let context = Context(sink: Recording(), seed: 7)
    var given = try sample.arguments(tensors)
    var value: Value
    switch entry.body {
    case .attribute(let get, _): value = try get(given[0])
    default:
      let receiver = entry.kind == .method ? given.removeFirst() : nil
      value = try entry.call(
        Arguments(receiver: receiver, positional: given, context: context))
    }
    if let part = sample.part, case .list(let list) = value { value = try list.element(part) }
    return try #require(try Tensor.read(value))
  }

  private static func arguments(_ sample: CallSample) throws -> [Tensor] {
    var stream = RandomStream(seed: 11, name: sample.testDescription)
    return try sample.shapes.map {
      try stream.uniform($0, sample.low, sample.high, dtype: .f64)
    }
  }

  /// Compares gradients with central differences of `body`.
  private static func compare(
    _ arguments: [Tensor], step: Double, tolerance: Double, _ body: ([Tensor]) throws -> Tensor
  ) throws {
    let gradients = try gradient(at: arguments) { try body($0) }
    for (place, argument) in arguments.enumerated() {
      #expect(gradients[place].shape == argument.shape)
      #expect(gradients[place].dtype == .f64)
      for (index, found) in gradients[place].doubles.enumerated() {
        var ends: [Double] = []
        for sign in [step, -step] {
          var values = argument.doubles
          values[index] += sign
          var moved = arguments
          moved[place] = try Tensor(values, shape: argument.shape)
          ends.append(try body(moved).item())
        }
        let expected = (ends[0] - ends[1]) / (2 * step)
        #expect(
          abs(found - expected) <= tolerance * max(1, abs(expected)),
          "argument \(place), element \(index): \(found), by differences \(expected)")
      }
    }
  }

  @Test("first derivatives agree with central differences", arguments: CallSample.all)
  func first(_ sample: CallSample) throws {
    try Self.compare(Self.arguments(sample), step: 1e-6, tolerance: 1e-6) {
      try Self.value(sample, $0)
    }
  }

  @Test(
    "second derivatives agree with central differences of the first",
    arguments: CallSample.all.filter(\.isSmooth))
  func second(_ sample: CallSample) throws {
    try Self.compare(Self.arguments(sample), step: 1e-5, tolerance: 1e-5) { arguments in
      let slopes = try gradient(at: arguments) { try Self.value(sample, $0) }
      var sum = try Tensor.zeros([], dtype: .f64)
      for slope in slopes { sum = try sum + (slope * slope).sum() }
      return sum
    }
  }

  @Test("the gradient of a length at zero is zero, of a spread too")
  func atZero() throws {
    let zero = try Tensor.zeros([3], dtype: .f64)
    for order in [1.0, 2, 3, .infinity] {
      let slope = try gradient(at: zero) { try $0.norm(order) }
      #expect(slope.doubles == [0, 0, 0], "order \(order)")
    }
    let same = try Tensor([2.0, 2, 2])
    #expect(try gradient(at: same) { try $0.deviation() }.doubles == [0, 0, 0])
    let rows = try Tensor([0.0, 0, 3, 4], shape: [2, 2])
    let slopes = try gradient(at: rows) { try $0.norm(axes: [1]).sum() }.doubles
    for (slope, wanted) in zip(slopes, [0, 0, 0.6, 0.8]) { #expect(abs(slope - wanted) < 1e-15) }
  }

  @Test("running products have their gradient at zeros", arguments: [0, 1, 2])
  func zeros(_ count: Int) throws {
    var values = [0.7, -1.2, 0.4, 1.5, 0.9, -0.3]
    for place in 0..<count { values[place * 2 + 1] = 0 }
    let x = try Tensor(values, shape: [2, 3])
    for axis in [0, 1] {
      for isFold in [false, true] {
        try Self.compare([x], step: 1e-6, tolerance: 1e-7) {
          let y = isFold ? try $0[0].product(axes: [axis]) : try $0[0].cumulativeProduct(axis)
          return try (y * y + y).sum()
        }
      }
    }
    try Self.compare([x], step: 1e-5, tolerance: 1e-5) {
      let slope = try gradient(at: $0) { try $0[0].cumulativeProduct(1).sum() }[0]
      return try (slope * slope).sum()
    }
  }
}
