public import Catalog
internal import Tensors

/// Where a setting may lie: a range, or one of several values.
public final class SettingRange: Object {
  public static let type = ObjectType("Between", "A range in which a setting is looked for.")
  public let low: Double
  public let high: Double
  /// Equally likely in every decade, for rates and penalties.
  public let isLog: Bool
  public let isWhole: Bool

  /// - Throws: when the range is empty, or reaches 0 although decades are wanted.
  public init(_ low: Double, _ high: Double, isLog: Bool = false, isWhole: Bool = false) throws {
    guard low.isFinite, high.isFinite, low <= high, high - low < .infinity, !isLog || low > 0 else {
      throw Failure(
        .value, "a range needs \(isLog ? "0 < " : "")low <= high, got \(low) and \(high)")
    }
    self.low = isWhole ? low.rounded(.up) : low
    self.high = isWhole ? high.rounded(.down) : high
    self.isLog = isLog
    self.isWhole = isWhole
  }

  public var type: ObjectType { Self.type }
  public var text: String {
    "between(\(low), \(high)\(isLog ? ", log=True" : "")\(isWhole ? ", whole=True" : ""))"
  }

  /// The value below which a share of the draws lies.
  func value(_ share: Double) -> Double {
    let share = min(max(share, 0), 1)
    let plain =
      isLog
      ? low * Elementary.exp(share * Elementary.log(high / low)) : low + share * (high - low)
    return min(max(isWhole ? plain.rounded() : plain, low), high)
  }

  /// The share of draws below a value.
  func share(_ value: Double) -> Double {
    guard high > low else { return 0.5 }
    return isLog
      ? Elementary.log(max(value, low) / low) / Elementary.log(high / low)
      : (value - low) / (high - low)
  }

  static let entry = Entry(
    "between", "A range in which `search` looks for a setting.",
    Parameter("low", Double.self, "the smallest"),
    Parameter("high", Double.self, "the largest"),
    Parameter("log", Bool.self, "equally likely in every decade, for rates and penalties") {
      false
    },
    Parameter("whole", Bool.self, "whole numbers only") { false },
    returns: "Between", example: "between(1e-4, 1e-1, log=True)",
    details: "`U(low, high)`, with log `10 ** U(log10(low), log10(high))`, with whole rounded. "
      + "Source: Bergstra and Bengio 2012.", makes: type
  ) { low, high, log, whole in
    .object(try SettingRange(low, high, isLog: log, isWhole: whole))
  }
}

/// One setting of a search: a range, or a list of values.
public enum Setting {
  case range(SettingRange)
  case choice([Value])

  /// A list of choices, a range, or a distribution with quantiles, such as `log_uniform`.
  init(_ value: Value, name: String, _ context: Context) throws {
    if case .list(let list) = value, list.count > 0 {
      self = .choice(try list.elements())
      return
    }
    if case .object(let object) = value {
      if let range = object as? SettingRange {
        self = .range(range)
        return
      }
      if let initializer = (object as? InitializerObject)?.initializer,
        case .uniform(let low, let high) = initializer.rule
      {
        self = .range(try SettingRange(low, high))
        return
      }
      if let quantile = object.type.member("quantile") {
        let ends = try [0.0, 1].map { share in
          Double.read(
            try quantile.call(
              Arguments(receiver: value, positional: [.float(share)], context: context)))
        }
        if let low = ends[0], let high = ends[1] {
          self = .range(try SettingRange(low, high, isLog: object.type.name == "LogUniform"))
          return
        }
      }
    }
    throw Failure(
      .type, "setting '\(name)' is \(value.brief()), expected a list of values or between(…)",
      code: "L105", help: "{\"lr\": between(1e-4, 1e-1, log=True), \"units\": [16, 32, 64]}")
  }

  func draw(from stream: inout RandomStream) -> Value {
    switch self {
    case .choice(let values): return values[stream.integer(below: values.count)]
    case .range(let range): return number(range, range.value(stream.uniform()))
    }
  }

  /// Values for a grid: all choices, or as many points of a range.
  func points(_ count: Int) -> [Value] {
    switch self {
    case .choice(let values): return values
    case .range(let range):
      guard count > 1 else { return [number(range, range.value(0.5))] }
      return (0..<count).map { number(range, range.value(Double($0) / Double(count - 1))) }
    }
  }

  private func number(_ range: SettingRange, _ value: Double) -> Value {
    if range.isWhole, let whole = Int(exactly: value) { return .int(whole) }
    return .float(value)
  }

  /// Half as wide around a value, within its bounds; choices stay.
  func narrowed(around value: Value, by factor: Double) throws -> Setting {
    guard case .range(let range) = self, let centre = Double.read(value) else { return self }
    let middle = range.share(centre)
    return .range(
      try SettingRange(
        range.value(middle - factor / 2), range.value(middle + factor / 2), isLog: range.isLog,
        isWhole: range.isWhole))
  }

  /// "lower" or "upper" when a value lies within a twentieth of the edge of a range.
  func edge(_ value: Value) -> String? {
    guard case .range(let range) = self, let number = Double.read(value), range.high > range.low
    else { return nil }
    let share = range.share(number)
    return share < 0.05 ? "lower" : share > 0.95 ? "upper" : nil
  }
}
