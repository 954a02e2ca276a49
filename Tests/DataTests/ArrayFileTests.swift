import Catalog
import Data
import Tensors
import Testing

/// Files of arrays, made byte by byte.
@Suite("Files of arrays") struct ArrayFileTests {
  static func npy(
    _ header: String, _ body: [UInt8], version: UInt8 = 1, magic: [UInt8] = [0x93]
  ) -> [UInt8] {
    let text = Array(header.utf8)
    let width = version == 1 ? 2 : 4
    let length = (0..<width).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    return magic + Array("NUMPY".utf8) + [version, 0] + length + text + body
  }

  static func parse(_ bytes: [UInt8]) throws -> Tensor { try NPY.parse(bytes[...], name: "a.npy") }

  static let dtypes: [DType] = [.bool, .u8, .i32, .i64, .f32, .f64]

  @Test("Every dtype and rank comes back", arguments: dtypes)
  func roundTrip(_ dtype: DType) throws {
    for sizes in [[], [0], [5], [2, 3], [1, 2, 3, 4]] as [[Int]] {
      let shape = try Shape(sizes)
      let x = try Tensor((0..<shape.elements).map { $0 % 7 }, shape: shape, dtype: dtype)
      let bytes = NPY.encoded(x)
      #expect((bytes.count - x.count * dtype.size) % 64 == 0)
      let back = try Self.parse(bytes)
      #expect(back.dtype == dtype && back.shape == shape && back.doubles == x.doubles)
      for isCompressed in [false, true] {
        let archive = try NPZ.encoded([("a", x), ("b.c", x)], isCompressed: isCompressed)
        let arrays = try NPZ.parse(archive, name: "a.npz")
        #expect(arrays.map(\.name) == ["a", "b.c"])
        #expect(arrays[1].tensor.doubles == x.doubles)
      }
    }
    // A view is written as it looks.
    let turned = try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3], dtype: dtype).transposed
    #expect(try Self.parse(NPY.encoded(turned)).doubles == turned.doubles)
  }

  static let elements: [(descr: String, body: [UInt8], values: [Double], dtype: DType)] = [
    ("|b1", [0, 2], [0, 1], .bool), ("|i1", [1, 0xFF], [1, -1], .i32),
    ("<i2", [1, 0, 0xFF, 0xFF], [1, -1], .i32), (">i2", [0, 1, 0xFF, 0xFF], [1, -1], .i32),
    ("<u2", [1, 0, 0xFF, 0xFF], [1, 65535], .i32),
    (">i4", [0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFE], [1, -2], .i32),
    ("<u4", [1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], [1, 4_294_967_295], .i64),
    ("<f2", [0x00, 0x3C, 0x01, 0x00], [1, 0x1p-24], .f32),
    ("<f2", [0x00, 0xC0, 0x00, 0x7C], [-2, .infinity], .f32),
    (">f4", [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0], [1, -2], .f32),
    (">f8", [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0], [1, -2], .f64),
    ("<u8", [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0], [1, 2], .i64),
  ]

  @Test("Every type and byte order is read", arguments: elements.indices)
  func types(_ index: Int) throws {
    let sample = Self.elements[index]
    let header = "{'descr': '\(sample.descr)', 'fortran_order': False, 'shape': (2,), }"
    let tensor = try Self.parse(Self.npy(header, sample.body))
    #expect(tensor.doubles == sample.values && tensor.dtype == sample.dtype)
  }

  @Test("Headers of other writers: order, spacing, versions, columns first")
  func headers() throws {
    let body: [UInt8] = [1, 2, 3, 4, 5, 6]
    for (header, version) in [
      ("{\"shape\":(2,3),\"fortran_order\":False,\"descr\":\"|u1\"}\n", 1),
      ("{ 'descr' : '|u1' ,'shape' : ( 2L , 3L ) , 'fortran_order' : False}   \n", 2),
      ("{'descr': 'u1', 'fortran_order': False, 'shape': (2, 3,), }", 3),
    ] as [(String, UInt8)] {
      let tensor = try Self.parse(Self.npy(header, body, version: version))
      #expect(tensor.shape == [2, 3] && tensor.ints == [1, 2, 3, 4, 5, 6])
    }
    let columns = try Self.parse(
      Self.npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", body))
    #expect(columns.shape == [2, 3] && columns.ints == [1, 3, 5, 2, 4, 6])
  }

  static let broken: [(bytes: [UInt8], found: String)] = [
    ([], "0 bytes"), (npy("", [], magic: [0x92]), "begin otherwise"),
    (npy("{}", [], version: 9), "version 9"),
    (Array(npy("{'descr': '|u1', 'shape': (2,)}", []).prefix(20)), "a header of"),
    (npy("{'descr': '|u1', 'fortran_order': False}", []), "no dict"),
    (npy("{'descr': '|u1', 'fortran_order': 1, 'shape': ()}", [0]), "no dict"),
    (npy("{'descr': '|O', 'fortran_order': False, 'shape': ()}", [0]), "Python objects"),
    (npy("{'descr': '<U3', 'fortran_order': False, 'shape': ()}", [0]), "texts"),
    (npy("{'descr': '<c8', 'fortran_order': False, 'shape': ()}", [0]), "complex"),
    (npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': ()}", [0]), "records"),
    (npy("{'descr': '|u1', 'fortran_order': False, 'shape': (3,)}", [0]), "cut off"),
    (npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", [0, 0]), "2 bytes"),
    (
      npy("{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999, 99999999999)}", []),
      "the shape"
    ),
    (
      npy("{'descr': '<u8', 'fortran_order': False, 'shape': ()}", Array(repeating: 255, count: 8)),
      "2^63"
    ),
  ]

  @Test("A malformed file is an error that says what was found", arguments: broken.indices)
  func malformed(_ index: Int) {
    let (bytes, found) = Self.broken[index]
    let problem = #expect(throws: FileProblem.self) { try Self.parse(bytes) }
    let message = problem.map { Failure($0).message } ?? ""
    #expect(message.contains(found) && message.contains("a.npy"), "\(message)")
  }

  @Test("Archives: damage, other content, what is announced but not there")
  func archives() throws {
    let x = try Tensor(Array(0..<100))
    let whole = try NPZ.encoded([("x", x)], isCompressed: true)
    func message(_ bytes: [UInt8]) -> String {
      do {
        _ = try NPZ.parse(bytes, name: "a.npz")
        return "read"
      } catch { return Failure(error).message }
    }
    #expect(message(whole) == "read")
    #expect(message(Array(whole.dropLast(30))).contains("no end record"))
    var damaged = whole
    damaged[60] ^= 0xFF
    #expect(message(damaged).contains("x.npy"))
    // The size in the directory is raised to almost 4 GiB.
    var boastful = whole
    let directory = whole.count - 22 - (46 + 5)
    for step in 0..<4 { boastful[directory + 24 + step] = 0xF0 }
    #expect(message(boastful).contains("announced"))
    #expect(try NPZ.parse(NPZ.encoded([]), name: "empty").isEmpty)
  }

  @Test("All types of safetensors are read")
  func safetensors() throws {
    let samples: [(String, [UInt8], [Double], DType)] = [
      ("BOOL", [1], [1], .bool), ("U8", [255], [255], .u8), ("I8", [0xFF], [-1], .i32),
      ("I16", [0xFE, 0xFF], [-2], .i32), ("U16", [0xFE, 0xFF], [65534], .i32),
      ("F16", [0x00, 0x3C], [1], .f32), ("BF16", [0x80, 0x3F], [1], .f32),
      ("I32", [1, 0, 0, 0], [1], .i32), ("U32", [0, 0, 0, 0x80], [2_147_483_648], .i64),
      ("F32", [0, 0, 0x80, 0x3F], [1], .f32), ("F64", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F], [1], .f64),
      ("I64", [1, 0, 0, 0, 0, 0, 0, 0], [1], .i64), ("U64", [1, 0, 0, 0, 0, 0, 0, 0], [1], .i64),
      ("F8_E4M3", [0x38], [1], .f32), ("F8_E4M3", [0x7E], [448], .f32),
      ("F8_E5M2", [0x3C], [1], .f32), ("F8_E5M2", [0xBC], [-1], .f32),
    ]
    for (kind, body, values, dtype) in samples {
      let json =
        "{\"x\":{\"dtype\":\"\(kind)\",\"shape\":[1],\"data_offsets\":[0,\(body.count)]}}"
      let header = Array(json.utf8)
      let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
      let content = try Safetensors.parse(length + header + body, name: kind)
      let x = try #require(content["x"])
      #expect(x.doubles == values && x.dtype == dtype, "\(kind)")
    }
  }

  @Test("CIFAR: planes become pixels, labels are checked")
  func cifar() throws {
    var record: [UInt8] = [3]
    for channel in 0..<3 { record += (0..<1024).map { UInt8(truncatingIfNeeded: $0 + channel) } }
    let (images, labels, coarse) = try CIFAR.parse(record + record, name: "batch.bin")
    #expect(images.shape == [2, 32, 32, 3] && labels.ints == [3, 3] && coarse == nil)
    #expect(try images[.at(1), .at(2), .at(5)].ints == [69, 70, 71])
    let hundred = [19, 99] + Array(record.dropFirst())
    let fine = try CIFAR.parse(hundred, name: "train.bin")
    #expect(fine.labels.ints == [99] && fine.coarse?.ints == [19])
    for bytes in [[], Array(record.dropLast()), [10] + Array(record.dropFirst())] as [[UInt8]] {
      #expect(throws: FileProblem.self) { try CIFAR.parse(bytes, name: "bad.bin") }
    }
  }
}
