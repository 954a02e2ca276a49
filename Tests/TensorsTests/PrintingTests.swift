import Catalog
import FoundationEssentials
import Tensors
import Testing

/// One array with what NumPy prints for it.
struct PrintingCase: Sendable {
  let tensor: @Sendable () throws -> Tensor
  let plain: String
  let full: String

  static func load() throws -> [PrintingCase] {
    let file = "\(#filePath)".split(separator: "/").dropLast(2).joined(separator: "/")
    let data = try Data(
      contentsOf: URL(filePath: "/" + file + "/Golden/numpy_printing.json"))
    let json = try JSON(parsing: String(decoding: data, as: UTF8.self))
    return (json.array ?? []).map { entry in
      let dtype = DType(name: entry["dtype"]?.string ?? "") ?? .f64
      let shape = (entry["shape"]?.array ?? []).compactMap(\.int)
      let doubles = (entry["values"]?.array ?? []).map { value -> Double in
        switch value.string {
        case "nan": .nan
        case "inf": .infinity
        case "-inf": -.infinity
        default: value.double ?? 0
        }
      }
      let ints = (entry["values"]?.array ?? []).map { $0.int ?? 0 }
      return PrintingCase(
        tensor: {
          dtype.isFloating
            ? try Tensor(doubles, shape: Shape(shape), dtype: dtype)
            : try Tensor(ints, shape: Shape(shape), dtype: dtype)
        }, plain: entry["str"]?.string ?? "", full: entry["repr"]?.string ?? "")
    }
  }
}

@Suite("Printing")
struct PrintingTests {
  @Test("arrays print as NumPy prints them")
  func golden() throws {
    let cases = try PrintingCase.load()
    #expect(cases.count > 300)
    for sample in cases {
      let tensor = try sample.tensor()
      #expect(tensor.printed == sample.plain)
      #expect(tensor.description == sample.full)
    }
  }
}
