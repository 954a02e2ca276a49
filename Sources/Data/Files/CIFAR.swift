public import Tensors

/// The binary files of CIFAR-10 and CIFAR-100: records of one or two label bytes and 3,072 pixels.
///
/// Pixels come as red, green and blue planes of 32 rows; here they become `[n, 32, 32, 3]`.
public enum CIFAR {
  public enum Kind: Int, Sendable, CaseIterable {
    case ten = 1
    /// A coarse and a fine label.
    case hundred = 2

    var record: Int { rawValue + 3072 }
  }

  public static let classes = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// Reads one file, plain or .gz.
  ///
  /// - Parameter kind: nil: the one whose record divides the length.
  /// - Returns: u8 images and the (fine) labels, i64; for CIFAR-100 also the coarse labels.
  /// - Throws: `FileProblem` naming the file, what was found and what was expected.
  public static func read(
    _ path: String, kind: Kind? = nil, check: () throws -> Void = {}
  ) throws -> (images: Tensor, labels: Tensor, coarse: Tensor?) {
    try parse(try FileBytes.read(path, check: check), name: path, kind: kind)
  }

  /// Reads the content of a file; `name` is for messages.
  public static func parse(
    _ bytes: [UInt8], name: String, kind: Kind? = nil
  ) throws -> (images: Tensor, labels: Tensor, coarse: Tensor?) {
    let fitting = Kind.allCases.filter { bytes.count % $0.record == 0 }
    guard !bytes.isEmpty, let kind = kind ?? fitting.first, fitting.contains(kind) else {
      throw FileProblem.malformed(
        name, found: "\(bytes.count) bytes",
        expected: "records of 3073 (CIFAR-10) or 3074 bytes (CIFAR-100)"
          + (bytes.isEmpty ? "" : ": the file is cut off or something else"))
    }
    let count = bytes.count / kind.record
    let records = try Tensor(bytes, shape: Shape([count, kind.record]))
    func labels(_ column: Int, below limit: Int) throws -> Tensor {
      let codes = try records.at([.all, .at(column)]).astype(.i64)
      if let place = codes.ints.firstIndex(where: { $0 >= limit }) {
        throw FileProblem.malformed(
          name,
          found: "the label \(codes.ints[place]) at byte \(place * kind.record + column)",
          expected: "labels from 0 to \(limit - 1)")
      }
      return codes
    }
    let images = try records.at([.all, .range(kind.rawValue, kind.record)])
      .reshape(Shape([count, 3, 32, 32])).permute([0, 2, 3, 1])
    switch kind {
    case .ten: return (images, try labels(0, below: 10), nil)
    case .hundred: return (images, try labels(1, below: 100), try labels(0, below: 20))
    }
  }
}
