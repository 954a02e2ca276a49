/// `lower:upper:step` between brackets, as an object's `index` receives it.
///
/// Each part is `.none` when it was left out. Several parts, `t[1:, ...]`, come as a tuple.
public final class Slice: Object, Sendable {
  public static let type = ObjectType("slice", "Where a part of a sequence starts and ends.")

  public let lower: Int?
  public let upper: Int?
  public let step: Int?

  public init(lower: Int?, upper: Int?, step: Int?) {
    self.lower = lower
    self.upper = upper
    self.step = step
  }

  public var type: ObjectType { Self.type }

  public var text: String {
    let parts = [lower, upper, step].map { $0.map(String.init) ?? "None" }
    return "slice(\(parts.joined(separator: ", ")))"
  }

  /// Start, step and count of the elements it takes out of `length`, clamped as Python does.
  ///
  /// - Throws: `ValueError` for a step of 0.
  public func resolve(_ length: Int) throws(Failure) -> (start: Int, step: Int, count: Int) {
    let step = max(step ?? 1, -Int.max)
    if step == 0 { throw Failure(.value, "slice step cannot be zero") }
    let lowest = step < 0 ? -1 : 0
    let highest = step < 0 ? length - 1 : length
    func clamp(_ value: Int?, _ other: Int) -> Int {
      guard let value else { return other }
      return value < 0 ? max(value + length, lowest) : min(value, highest)
    }
    let start = clamp(lower, step < 0 ? highest : lowest)
    let stop = clamp(upper, step < 0 ? lowest : highest)
    if step > 0 { return (start, step, start < stop ? (stop - start - 1) / step + 1 : 0) }
    return (start, step, stop < start ? (start - stop - 1) / -step + 1 : 0)
  }
}

/// `...` between brackets.
public final class Ellipsis: Object, Sendable {
  public static let type = ObjectType("ellipsis", "All the axes that are not written.")
  public static let shared = Ellipsis()

  private init() {}

  public var type: ObjectType { Self.type }
  public var text: String { "Ellipsis" }
}
