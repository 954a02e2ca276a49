internal import Glibc

/// A labelled place on an axis.
public struct Tick: Sendable, Equatable {
  public var value: Double
  /// The label with plain ASCII signs, for text.
  public var label: String

  /// The label as pictures show it.
  var typographic: String { NumberText.typographic(label) }
}

/// Where an axis is labelled.
public enum Ticks {
  /// Ticks by the extended Wilkinson search of Talbot, Lin and Hanrahan (2010).
  ///
  /// Among all evenly spaced labellings it takes the best by simplicity, coverage and density;
  /// of equals the first found. The outer ticks may lie a little outside the range.
  ///
  /// - Parameters:
  ///   - lower, upper: the data's range, `lower < upper`, both finite.
  ///   - target: how many ticks are wanted, at least 2.
  public static func linear(_ lower: Double, _ upper: Double, target: Int) -> [Tick] {
    guard let best = search(lower, upper, target: max(2, target)) else { return [] }
    return best.ticks
  }

  /// Whole numbers only, in steps of 1, 2 or 5 times a power of ten.
  public static func whole(_ lower: Double, _ upper: Double, target: Int) -> [Tick] {
    let limit = 1e15
    guard let first = Int(exactly: max(-limit, min(limit, lower)).rounded(.up)),
      let last = Int(exactly: max(-limit, min(limit, upper)).rounded(.down)), first <= last
    else { return [] }
    var step = 1
    let factors = [2, 5, 10]
    var index = 0
    var scale = 1
    while (last - first) / step + 1 > max(2, target) {
      step = factors[index] * scale
      index += 1
      if index == 3 {
        index = 0
        scale *= 10
      }
    }
    var value = first / step * step
    if value < first { value += step }
    var ticks: [Tick] = []
    while value <= last {
      let digits = NumberText.label(Double(value), digits: 15)
      ticks.append(Tick(value: Double(value), label: abs(value) < 1_000_000 ? "\(value)" : digits))
      value += step
    }
    return ticks
  }

  /// Powers of ten; with 2 and 5 times them below two decades, every n-th above eight.
  public static func logarithmic(_ lower: Double, _ upper: Double, target: Int) -> [Tick] {
    guard lower > 0, upper > lower, lower.isFinite, upper.isFinite else { return [] }
    let slack = 1e-9
    let low = (log10(lower) - slack).rounded(.up)
    let high = (log10(upper) + slack).rounded(.down)
    guard let first = Int(exactly: low), let last = Int(exactly: high) else { return [] }
    let decades = log10(upper) - log10(lower)
    if decades < 0.7 {
      return linear(lower, upper, target: target).filter { $0.value > 0 }
    }
    if decades < 2 {
      var ticks: [Tick] = []
      for power in (first - 1)...(max(first - 1, last)) {
        for factor in [1, 2, 5] {
          let value = NumberText.value(factor, power)
          if value >= lower * (1 - slack), value <= upper * (1 + slack) {
            ticks.append(Tick(value: value, label: NumberText.label(value)))
          }
        }
      }
      return ticks
    }
    let most = max(2, min(9, target + 1))
    let skip = max(1, ((last - first) + most) / most)
    var ticks: [Tick] = []
    for power in first...max(first, last) where power % skip == 0 {
      ticks.append(Tick(value: NumberText.power(power), label: powerLabel(power)))
    }
    return ticks
  }

  private static func powerLabel(_ power: Int) -> String {
    switch power {
    case 0: "1"
    case 1: "10"
    default: "1e\(power)"
    }
  }
}

/// One evenly spaced labelling: `(start + i * skip) * digits * 10^exponent` for i below `count`.
private struct Labelling {
  var start: Int
  var skip: Int
  /// The nice number in tenths: 10, 50, 20, 25, 40 or 30.
  var tenths: Int
  var exponent: Int
  var count: Int

  var ticks: [Tick] {
    var mantissas: [Int] = []
    for index in 0..<count {
      mantissas.append((start + index * skip) * tenths)
    }
    var power = exponent - 1
    while mantissas.allSatisfy({ $0 % 10 == 0 }), mantissas.contains(where: { $0 != 0 }) {
      mantissas = mantissas.map { $0 / 10 }
      power += 1
    }
    let decimals = max(0, -power)
    let largest = mantissas.map { NumberText.value(abs($0), power) }.max() ?? 0
    let isPlain = largest == 0 || (largest < 1e6 && largest >= 1e-3 && decimals <= 6)
    return mantissas.map { mantissa in
      let value = NumberText.value(mantissa, power)
      return Tick(
        value: value,
        label: isPlain
          ? NumberText.fixed(mantissa, power, decimals: decimals)
          : NumberText.scientific(value))
    }
  }
}

private func search(_ lower: Double, _ upper: Double, target: Int) -> Labelling? {
  let range = upper - lower
  guard range.isFinite, range > 0, max(abs(lower), abs(upper)) / range < 1e12 else { return nil }
  let nice = [10, 50, 20, 25, 40, 30]
  let wanted = Double(target)
  var best: Labelling?
  var bestScore = -2.0

  func score(_ simplicity: Double, _ coverage: Double, _ density: Double) -> Double {
    0.25 * simplicity + 0.2 * coverage + 0.5 * density + 0.05
  }

  for skip in 1...20 {
    for (index, tenths) in nice.enumerated() {
      let rank = 1 - Double(index) / Double(nice.count - 1) - Double(skip)
      if score(rank + 1, 1, 1) < bestScore { return best }
      for count in 2...max(3, 4 * target) {
        let k = Double(count)
        let densityLimit = count >= target ? 2 - (k - 1) / (wanted - 1) : 1
        if score(rank + 1, 1, densityLimit) < bestScore { break }
        let delta = range / (k + 1) / Double(skip) / (Double(tenths) / 10)
        guard let first = Int(exactly: log10(delta).rounded(.up)) else { continue }
        for exponent in first...(first + 20) {
          let unit = NumberText.value(tenths, exponent - 1)
          let step = Double(skip) * unit
          let span = step * (k - 1)
          var coverageLimit = 1.0
          if span > range {
            let half = (span - range) / 2
            coverageLimit = 1 - half * half / (0.01 * range * range)
          }
          if score(rank + 1, coverageLimit, densityLimit) < bestScore { break }
          guard let low = Int(exactly: (upper / step).rounded(.down)),
            let high = Int(exactly: (lower / step).rounded(.up)), abs(low) < 1 << 50,
            abs(high) < 1 << 50
          else { continue }
          let firstStart = low * skip - (count - 1) * skip
          let lastStart = high * skip
          guard firstStart <= lastStart else { continue }
          for start in firstStart...lastStart {
            let from = Double(start) * unit
            let to = from + span
            let hasZero = start % skip == 0 && from <= 0 && to >= 0
            let simplicity = rank + (hasZero ? 1 : 0)
            let (above, below) = (upper - to, lower - from)
            let coverage = 1 - 0.5 * (above * above + below * below) / (0.01 * range * range)
            let have = (k - 1) / span
            let want = (wanted - 1) / (max(to, upper) - min(from, lower))
            let density = 2 - max(have / want, want / have)
            let total = score(simplicity, coverage, density)
            if total > bestScore {
              bestScore = total
              best = Labelling(
                start: start, skip: skip, tenths: tenths, exponent: exponent, count: count)
            }
          }
        }
      }
    }
  }
  return best
}
