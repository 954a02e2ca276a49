import Catalog
import Tensors
import Testing

@Suite("Hostile arguments")
struct HostileTests {
  private static func values() throws -> [Value] {
    var deep: Value = .array([.int(1)])
    for _ in 0..<50 { deep = .array([deep]) }
    let odd = try Tensor([.nan, .infinity, -.infinity, 1e300] as [Double])
    return [
      .none, .bool(true), .int(0), .int(-1), .int(3), .int(Int.max), .int(Int.min), .int(1 << 62),
      .int(1_000_000_000), .float(.nan), .float(.infinity), .float(-1e300), .float(0.5),
      .string("float32"), .string(""), .array([]), .tuple([.int(2), .int(3)]),
      .tuple([.int(1 << 40), .int(1 << 40)]), .tuple([.int(-1), .int(Int.max)]), deep,
      .array([.array([.int(1)]), .array([])]), .array([.string("a")]), .dictionary([]),
      .object(odd), .object(try Tensor.zeros([0, 3])), .object(try Tensor.zeros([])),
      .object(try Tensor([3, -1, Int.max, Int.min] as [Int])), .object(try Tensor([true, false])),
      .object(try Tensor.ones([2, 3])), .object(try Tensor.ones([1, 1, 1, 1, 1, 1, 1, 1])),
      .object(try Tensor.zeros([1]).broadcast(to: [1 << 20, 1 << 20])),
      .object(Slice(lower: Int.min, upper: Int.max, step: Int.min)),
      .object(Slice(lower: nil, upper: nil, step: 0)),
      .function(SwiftFunction("f") { $0.first ?? .none }),
    ]
  }

  /// What makes sense as a tensor to start from.
  private static func tensors() throws -> [Tensor] {
    [
      try Tensor([.nan, .infinity, -.infinity, 1e300] as [Double]), try Tensor.zeros([0, 3]),
      try Tensor.zeros([]), try Tensor([3, -1, Int.max, Int.min] as [Int]),
      try Tensor([true, false]), try Tensor.ones([2, 3]),
      try Tensor.ones([1, 1, 1, 1, 1, 1, 1, 1]),
    ]
  }

  /// Random picks rather than all combinations, which would take minutes.
  @Test("no entry traps, whatever it is called with")
  func entries() throws {
    let values = try Self.values()
    let tensors = try Self.tensors()
    let before = StoragePool.shared.limit
    defer { StoragePool.shared.limit = before }
    StoragePool.shared.limit = 2 << 30
    let script = Script()
    var stream = RandomStream(seed: 1, name: "hostile")
    // The stretched view has 2^40 elements: reading it all would never end.
    let small = values.filter {
      if case .object(let tensor as Tensor) = $0 { tensor.count < 1000 } else { true }
    }
    var calls = 0
    for entry in TensorCatalog.library.entries {
      guard case .library = entry.body else { continue }
      for _ in 0..<60 {
        let count = stream.integer(below: min(entry.parameters.count, 4) + 2)
        let arguments = (0..<count).map { _ in small[stream.integer(below: small.count)] }
        _ = try? entry.call(Arguments(positional: arguments, context: script.context))
        calls += 1
      }
    }
    for entry in TensorCatalog.members {
      guard case .library = entry.body else { continue }
      for tensor in tensors {
        for _ in 0..<20 {
          let count = stream.integer(below: min(entry.parameters.count, 4) + 2)
          let arguments = (0..<count).map { _ in small[stream.integer(below: small.count)] }
          // Other tests may hold all the memory that tensors may have.
          let receiver = (try? tensor.copy()) ?? tensor
          _ = try? entry.call(
            Arguments(receiver: .object(receiver), positional: arguments, context: script.context))
          calls += 1
        }
      }
    }
    #expect(calls > 5000)
  }

  @Test("no operator and no index traps")
  func operators() throws {
    let values = try Self.values()
    let context = Script().context
    for tensor in try Self.tensors() {
      for value in values {
        if case .object(let other as Tensor) = value, other.count > 1000 { continue }
        for operation in BinaryOperator.allCases {
          _ = try? tensor.binary(operation, value, reflected: false)
          _ = try? tensor.binary(operation, value, reflected: true)
          _ = try? tensor.copy().inPlace(operation, value)
        }
        for comparison in Comparison.allCases {
          _ = try? tensor.compare(comparison, with: value)
        }
        _ = try? tensor.index(value, context: context)
        _ = try? tensor.copy().assign(value, at: value, context: context)
        for second in values {
          _ = try? tensor.index(.tuple([value, second]), context: context)
          _ = try? tensor.copy().assign(.int(1), at: .tuple([value, second]), context: context)
        }
      }
      for operation in UnaryOperator.allCases { _ = try? tensor.unary(operation) }
      _ = (try? tensor.truth(), try? tensor.hash(), try? tensor.length(), tensor.text)
    }
  }
}
