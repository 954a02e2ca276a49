internal import Catalog
public import Tensors

/// The safetensors format: named tensors after a JSON header.
///
/// A little-endian 64-bit length, that many bytes of JSON (padded with spaces so that the elements
/// start on a multiple of 8), then the elements, row-major and little-endian, without gaps.
public enum Safetensors {
  public typealias Named = (name: String, tensor: Tensor)

  /// What a file holds: tensors, and words about them.
  public struct Content {
    public var tensors: [Named]
    public var metadata: [(key: String, value: String)]

    public init(_ tensors: [Named], metadata: [(key: String, value: String)] = []) {
      self.tensors = tensors
      self.metadata = metadata
    }

    public subscript(_ name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }
  }

  /// The element types of the format; those without a dtype here are read as a wider one.
  static let kinds: [(name: String, kind: ElementKind)] = [
    ("BOOL", .bool), ("U8", .u8), ("I8", .i8), ("I16", .i16), ("U16", .u16), ("F16", .f16),
    ("BF16", .bf16), ("I32", .i32), ("U32", .u32), ("F32", .f32), ("F64", .f64), ("I64", .i64),
    ("U64", .u64), ("F8_E4M3", .e4m3), ("F8_E5M2", .e5m2),
  ]

  /// The file's bytes; the same tensors give the same bytes.
  ///
  /// Wider elements come first, then names in order, as the reference implementation writes them.
  public static func encoded(_ content: Content) -> [UInt8] {
    let ordered = content.tensors.sorted {
      let (a, b) = ($0.tensor.dtype.size, $1.tensor.dtype.size)
      return a != b ? a > b : $0.name < $1.name
    }
    var header: [(key: String, value: JSON)] = []
    if !content.metadata.isEmpty {
      header.append(("__metadata__", .object(content.metadata.map { ($0.key, .string($0.value)) })))
    }
    var body: [UInt8] = []
    for (name, tensor) in ordered {
      let start = body.count
      body += tensor.bytes
      let kind = kinds.first { $0.kind == ElementKind(tensor.dtype) }?.name ?? "F32"
      let facts: JSON = [
        "dtype": .string(kind), "shape": .array(tensor.shape.map { .int($0) }),
        "data_offsets": [.int(start), .int(body.count)],
      ]
      header.append((name, facts))
    }
    var text = JSON.object(header).encoded()
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    var file: [UInt8] = []
    append(UInt64(text.count), bytes: 8, to: &file)
    return file + text + body
  }

  /// Writes the file beside its place and renames it, so that no half file is ever there.
  public static func write(_ content: Content, to path: String) throws {
    try FileBytes.write(encoded(content), to: path)
  }

  /// Reads a file; the tensors come in the order of the header.
  ///
  /// - Throws: `FileProblem` naming the file, what was found and what was expected.
  public static func read(_ path: String, check: () throws -> Void = {}) throws -> Content {
    try parse(try FileBytes.read(path, check: check), name: path)
  }

  private static func append(_ value: UInt64, bytes: Int, to body: inout [UInt8]) {
    for shift in 0..<bytes { body.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
  }
}
