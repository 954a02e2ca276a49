import Catalog
import Tensors

extension Safetensors {
  /// The longest header that is read: 100 MB, as the reference implementation has it.
  private static let headerLimit = 100_000_000

  /// Reads the content of a file; `name` is for messages.
  public static func parse(_ bytes: [UInt8], name: String) throws -> Content {
    let (entries, start) = try header(bytes, name: name)
    var tensors: [Named] = []
    var ranges: [Range<Int>] = []
    for (key, facts) in entries where key != "__metadata__" {
      let (kind, shape, range) = try layout(key, facts, bytes.count - start, name)
      ranges.append(range)
      let body = bytes[(start + range.lowerBound)..<(start + range.upperBound)]
      do {
        tensors.append((key, try kind.tensor(body, shape: shape)))
      } catch is ElementKind.Overflow {
        throw problem(
          name, "an unsigned number of 2^63 or more in '\(key)'", "numbers that fit int64")
      }
    }
    var end = 0
    for range in ranges.sorted(by: {
      ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound)
    }) {
      guard range.lowerBound == end else {
        throw problem(name, "tensors with gaps or overlaps between them", "tensors side by side")
      }
      end = range.upperBound
    }
    guard end == bytes.count - start else {
      throw problem(
        name, "\(bytes.count - start) bytes of elements", "\(end) bytes, as the header says")
    }
    let words = entries.first { $0.key == "__metadata__" }?.value.members ?? []
    return Content(
      tensors, metadata: words.compactMap { word in word.value.string.map { (word.key, $0) } })
  }

  private static func problem(_ name: String, _ found: String, _ expected: String) -> FileProblem {
    .malformed(name, found: found, expected: expected)
  }

  private static func header(
    _ bytes: [UInt8], name: String
  ) throws(FileProblem) -> (entries: [(key: String, value: JSON)], start: Int) {
    guard bytes.count >= 8 else {
      throw problem(name, "a file of \(bytes.count) bytes", "a safetensors file: 8 bytes at least")
    }
    let length = word(bytes[0..<8])
    guard length <= UInt64(min(bytes.count - 8, headerLimit)) else {
      throw problem(
        name, "a header of \(length) bytes in a file of \(bytes.count)",
        "a safetensors file: a header's length first")
    }
    let start = 8 + Int(length)
    guard let json = try? JSON(parsing: bytes[8..<start]), let members = json.members else {
      throw problem(name, "a header that is no JSON object", "a safetensors file")
    }
    guard Set(members.map(\.key)).count == members.count else {
      throw problem(name, "two tensors of one name", "a name for each tensor")
    }
    return (members, start)
  }

  /// What the header says of one tensor, checked against the bytes that are there.
  private static func layout(
    _ key: String, _ facts: JSON, _ available: Int, _ name: String
  ) throws -> (ElementKind, Shape, Range<Int>) {
    guard let kind = facts["dtype"]?.string, let sizes = facts["shape"]?.array?.compactMap(\.int),
      sizes.count == facts["shape"]?.array?.count,
      let offsets = facts["data_offsets"]?.array?.compactMap(\.int), offsets.count == 2
    else {
      throw problem(name, "'\(key)' without dtype, shape and data_offsets", "all three")
    }
    guard let element = kinds.first(where: { $0.name == kind })?.kind else {
      let known = kinds.map(\.name).joined(separator: ", ")
      throw problem(name, "'\(key)' of type \(kind)", "one of \(known)")
    }
    let shape = try Shape(sizes)
    let (size, overflow) = shape.elements.multipliedReportingOverflow(by: element.size)
    guard !overflow, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= available,
      offsets[1] - offsets[0] == size
    else {
      throw problem(
        name, "'\(key)' at \(offsets[0])..<\(offsets[1]) of \(available) bytes",
        "\(overflow ? "fewer" : String(size)) bytes for its shape, inside the file")
    }
    return (element, shape, offsets[0]..<offsets[1])
  }

  /// A little-endian number of up to eight bytes.
  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
