import Catalog
import Data
import FoundationEssentials
import Neural
import Tensors
import Testing

/// Nothing that a script can pass ends the process: it gets a value or an error.
@Suite final class HostileTests {
  private let context = Lab.context()
  /// What a call writes, it writes there.
  private let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    context.directory = folder.path()
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static var values: [Value] {
    let empty = (try? Tensor.zeros([0])).map { Value.object($0) } ?? .none
    let odd = (try? Tensor([Double.nan, .infinity, -1], shape: [3, 1])).map { Value.object($0) }
    var list: Value = .array([.float(.nan)])
    for _ in 0..<200 { list = .array([list]) }
    return [
      .none, .bool(true), .int(0), .int(-1), .int(1 << 62), .int(.min), .int(1_000_000_000),
      .int(2),
      .float(.nan), .float(.infinity), .float(-0.5), .float(1e300), .float(0.5), .string(""),
      .string("\u{0}"), .string("relu"), .array([]), .array([.int(1 << 62)]), .array([.int(2)]),
      .array([.string("x")]), .tuple([.float(.nan), .int(3)]), .dictionary([]), list, empty,
      odd ?? .none, .function(LayerSample.Doubling()),
    ]
  }

  /// Those without a size that fits in memory and only costs time.
  static var few: [Value] {
    values.filter {
      if case .int(1_000_000_000) = $0 { return false }
      return true
    }
  }

  /// Functions that are not called at random: they read files, or would train for a very long time.
  static let excluded: Set<String> = ["load", "load_csv", "load_idx"]

  @Test("Every function survives every argument, alone and in pairs")
  func functions() throws {
    let few = Self.few
    for entry in NeuralCatalog.library.entries + DataCatalog.library.entries {
      guard !Self.excluded.contains(entry.name), case .library = entry.body else { continue }
      for first in few {
        if let made = try? entry.call(Arguments(positional: [first], context: context)),
          case .object(let object) = made
        {
          _ = object.text
          _ = object.brief
          _ = try? object.facts()
          _ = try? object.display(context)
          if !(object is Dataset) {
            _ = try? object.call(Arguments(positional: [first], context: context))
          }
        }
        for second in few {
          _ = try? entry.call(Arguments(positional: [first, second], context: context))
        }
      }
    }
  }

  @Test("Every method survives every argument")
  func methods() throws {
    let data = try Lab.moons(20)
    let frame = try CSV.parse(Array("a,b\n1,x\n2,y\n".utf8), name: "t.csv")
    let makers: [() throws -> any Object] = [
      { try Sequential(Dense(3, .relu), Dense(2, .softmax)) },
      {
        let net = try Sequential(Dense(3, .relu), Dense(2, .softmax))
        try net.fit(Examples(data), Training(epochs: 1), context: self.context)
        return net
      },
      { try Sequential([]) }, { Dense(3) }, { Dropout(0.5) }, { data }, { frame }, { History() },
      { ActivationFunction(.relu) }, { ActivationFunction(.softmax) },
    ]
    for make in makers {
      for member in try make().type.members {
        switch member.body {
        case .library:
          for value in member.name == "build" ? Self.few : Self.values {
            let receiver = Value.object(try make())
            _ = try? member.call(
              Arguments(receiver: receiver, positional: [value], context: context))
            _ = try? member.call(
              Arguments(receiver: receiver, positional: [value, .int(2)], context: context))
          }
        case .attribute(let get, let set):
          _ = try? get(.object(try make()))
          for value in Self.values { try? set?(.object(try make()), value) }
        default: break
        }
      }
      for value in Self.values {
        let object = try make()
        _ = try? object.index(value, context: context)
        _ = try? object.call(Arguments(positional: [value], context: context))
        _ = try? object.compare(.equal, with: value)
        _ = try? object.setAttribute("name", to: value)
      }
      _ = try? make().facts()
      _ = try? make().display(context)
      _ = try? make().iterate()
    }
  }
}
