public import Catalog

/// How much is put around an input before a window runs over it.
public enum Padding: Sendable, Hashable {
  /// Nothing: windows lie inside the input.
  case valid
  /// As much as makes ⌈n / stride⌉ outputs, the odd cell at the end, as TensorFlow has it.
  case same
  /// (k - 1) dilation on both sides: every window that meets the input.
  case full
  /// (k - 1) dilation before the input: output t sees inputs up to t.
  case causal
  /// Cells before and after, for each axis; one pair stands for all.
  case cells([Pair])

  public struct Pair: Sendable, Hashable {
    public let low: Int
    public let high: Int

    public init(_ low: Int, _ high: Int) {
      self.low = low
      self.high = high
    }
  }

  /// Names of the strings.
  static let names = ["valid", "same", "full", "causal"]
}

extension Padding: Argument {
  public static var kind: String { "str, int or pairs of ints" }
  public static var choices: [String] { names }

  /// "same", `1`, `(1, 2)` for rows and columns, or `((1, 0), (0, 2))`.
  public static func read(_ value: Value) throws -> Padding? {
    if let single = Int.read(value) { return .cells([Pair(single, single)]) }
    switch value {
    case .string(let name):
      switch name.lowercased() {
      case "valid": return .valid
      case "same": return .same
      case "full": return .full
      case "causal": return .causal
      default: throw Failure.unknownOption(name, among: names)
      }
    case .list(let list):
      var pairs: [Pair] = []
      for part in try list.elements() {
        if let single = Int.read(part) {
          pairs.append(Pair(single, single))
        } else if case .list(let inner) = part, let pair = try inner.integers(), pair.count == 2 {
          pairs.append(Pair(pair[0], pair[1]))
        } else {
          return nil
        }
      }
      return pairs.isEmpty ? nil : .cells(pairs)
    default: return nil
    }
  }

  public var shown: String {
    switch self {
    case .valid: "\"valid\""
    case .same: "\"same\""
    case .full: "\"full\""
    case .causal: "\"causal\""
    case .cells(let pairs):
      pairs.count == 1 && pairs[0].low == pairs[0].high
        ? "\(pairs[0].low)"
        : "(" + pairs.map { "(\($0.low), \($0.high))" }.joined(separator: ", ")
          + (pairs.count == 1 ? ",)" : ")")
    }
  }
}

/// What stands in the padding.
public enum PaddingMode: String, Choice {
  case zeros
  /// Mirrored without the edge: `c b | a b c`.
  case reflect
  /// The edge repeated: `a a | a b c`.
  case replicate
  /// From the other end: `b c | a b c`.
  case circular
}
