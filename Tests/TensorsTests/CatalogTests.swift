import Catalog
import FoundationEssentials
import Tensors
import Testing

/// Calls entries and operators as a script would.
struct Script {
  let context = Context(sink: Recording(), seed: 7)

  func call(_ name: String, _ arguments: Value..., named: [(name: String, value: Value)] = [])
    throws -> Value
  {
    let entry = try #require(TensorCatalog.library.entries.first { $0.name == name })
    return try entry.call(Arguments(positional: arguments, named: named, context: context))
  }

  func method(_ receiver: Value, _ name: String, _ arguments: Value...) throws -> Value {
    let entry = try #require(Tensor.type.member(name))
    return try entry.call(
      Arguments(receiver: receiver, positional: arguments, context: context))
  }

  func tensor(_ value: Value) throws -> Tensor {
    guard case .object(let tensor as Tensor) = value else {
      throw Failure(.type, "expected a tensor, got \(value.typeName)")
    }
    return tensor
  }
}

/// Swift code as a function that entries can call back.
final class SwiftFunction: Callable {
  let name: String
  private let body: ([Value]) throws -> Value

  init(_ name: String, _ body: @escaping ([Value]) throws -> Value) {
    self.name = name
    self.body = body
  }

  func call(_ positional: [Value], named: [(name: String, value: Value)]) throws -> Value {
    try body(positional)
  }
}

@Suite("The catalogue")
struct CatalogTests {
  let script = Script()

  private func list(_ values: Value...) -> Value { .array(values) }

  @Test("every list of entries that a family declares stands in the catalogue")
  func declared() throws {
    let parts = "\(#filePath)".split(separator: "/").dropLast(3)
    let root = "/" + parts.joined(separator: "/") + "/Sources/Tensors"
    let listed = try String(
      contentsOf: URL(filePath: root + "/TensorCatalog.swift"), encoding: .utf8)
    var found = 0
    for folder in ["Operations", "Autodiff", "Catalogue"] {
      let path = root + "/" + folder
      for file in try FileManager.default.contentsOfDirectory(atPath: path) {
        let text = try String(contentsOf: URL(filePath: path + "/" + file), encoding: .utf8)
        for line in text.split(separator: "\n") {
          guard line.hasPrefix("  static let "), line.contains(": [Entry]") else { continue }
          let name = line.dropFirst(13).prefix { $0 != ":" }
          #expect(listed.contains(name), "\(name) in \(file) is not in TensorCatalog")
          found += 1
        }
      }
    }
    #expect(found > 15)
  }

  @Test("names are unique, sentences end, examples exist")
  func facts() {
    let entries = TensorCatalog.library.entries
    #expect(Set(entries.map(\.name)).count == entries.count)
    #expect(Set(TensorCatalog.members.map(\.name)).count == TensorCatalog.members.count)
    for entry in entries + TensorCatalog.members {
      #expect(entry.sentence.hasSuffix("."), "\(entry.name)")
      #expect(!entry.examples.isEmpty, "\(entry.name)")
    }
  }

  @Test("nested lists become tensors of the right type")
  func lists() throws {
    let whole = try script.tensor(
      script.call("tensor", list(list(.int(1), .int(2)), list(.int(3), .int(4)))))
    #expect(whole.dtype == .i64 && whole.shape == [2, 2] && whole.ints == [1, 2, 3, 4])
    let mixed = try script.tensor(script.call("tensor", list(.int(1), .float(0.5), .bool(true))))
    #expect(mixed.dtype == .f32 && mixed.floats == [1, 0.5, 1])
    let truths = try script.tensor(script.call("tensor", list(.bool(true), .bool(false))))
    #expect(truths.dtype == .bool)
    #expect(throws: TensorError.self) {
      try script.call("tensor", list(list(.int(1)), list(.int(2), .int(3))))
    }
    #expect(throws: Failure.self) { try script.call("tensor", list(.string("a"))) }
    #expect(throws: (any Error).self) {
      try script.call("tensor", list(.int(1), list(.int(2))))
    }
  }

  @Test("indexing through values, and elements as numbers")
  func indexing() throws {
    let x = try script.call("arange", .int(6))
    let t = try script.tensor(script.method(x, "reshape", .int(2), .int(3)))
    let four = try t.index(.tuple([.int(1), .int(1)]), context: script.context)
    #expect(Int.read(four) == 4)
    #expect(try script.tensor(four).text == "np.int64(4)")
    let column = try script.tensor(
      t.index(
        .tuple([.object(Slice(lower: nil, upper: nil, step: nil)), .int(0)]),
        context: script.context))
    #expect(column.ints == [0, 3])
    try t.assign(.int(9), at: .tuple([.object(Ellipsis.shared), .int(0)]), context: script.context)
    #expect(column.ints == [9, 9])
    let f = try Tensor([0.1, 0.2] as [Float])
    let element = try script.tensor(f.index(.int(0), context: script.context))
    #expect(element.printed == "0.1" && element.text == "np.float32(0.1)")
  }

  @Test("operators with bare numbers keep the tensor's type")
  func operators() throws {
    let x = try Tensor([1, 2, 3] as [Float])
    let y = try script.tensor(#require(try x.binary(.multiply, .float(0.5), reflected: false)))
    #expect(y.dtype == .f32 && y.floats == [0.5, 1, 1.5])
    let z = try script.tensor(#require(try x.binary(.subtract, .int(1), reflected: true)))
    #expect(z.floats == [0, -1, -2])
    _ = try x.inPlace(.add, .int(1))
    #expect(x.floats == [2, 3, 4])
    let bytes = try Tensor([1, 2] as [UInt8])
    #expect(throws: TensorError.self) { try bytes.binary(.add, .int(300), reflected: false) }
  }

  @Test("grad through functions, twice, and of several arguments")
  func gradients() throws {
    let cube = SwiftFunction("cube") { arguments in
      guard case .object(let x as Tensor) = arguments[0] else { return .none }
      return .tensor(try x * x * x)
    }
    guard case .object(let once) = try script.call("grad", .function(cube)) else { return }
    let first = try once.call(Arguments(positional: [.float(2)], context: script.context))
    #expect(Double.read(first) == 12, "3 x^2 at 2 is 12, got \(first.brief())")
    let inner = SwiftFunction("inner") { arguments in
      try once.call(Arguments(positional: arguments, context: Script().context))
    }
    guard case .object(let twice) = try script.call("grad", .function(inner)) else { return }
    let second = try twice.call(Arguments(positional: [.float(2)], context: script.context))
    guard case .float(12) = second else {
      Issue.record("6 x at 2 is 12, got \(second.brief())")
      return
    }
  }

  @Test("random functions follow the session's seed")
  func seeded() throws {
    let a = try script.tensor(script.call("randn", .int(4))).floats
    let b = try script.tensor(script.call("randn", .int(4))).floats
    let again = Script()
    #expect(try again.tensor(again.call("randn", .int(4))).floats == a)
    #expect(a != b)
  }

  @Test("a shape that does not broadcast is shown aligned, the axis marked")
  func broadcastText() throws {
    let a = try Tensor.zeros([32, 64])
    let b = try Tensor.zeros([128])
    do {
      _ = try a + b
      Issue.record("(32, 64) + (128,) must throw")
    } catch {
      let failure = Failure(error)
      #expect(failure.exception == "ShapeError" && failure.code == "L302")
      #expect(
        failure.notes == [
          "left   32   64",
          "right      128",
          "           ^^^ axis -1: 64 and 128",
        ])
    }
    #expect(throws: TensorError.product([2, 3], [2, 3])) {
      try Tensor.zeros([2, 3]).matmul(Tensor.zeros([2, 3]))
    }
    let reshape = #expect(throws: TensorError.self) {
      try Tensor.zeros([2, 3]).reshape(sizes: [4, -1])
    }
    #expect(reshape?.failure.code == "L303")
    #expect(
      reshape?.failure.message == "cannot reshape array of size 6 into shape (4, -1)")
  }
}
