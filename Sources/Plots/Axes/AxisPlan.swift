internal import Catalog
internal import Glibc

/// An axis ready to be drawn: its kind and the range it has to show.
struct AxisPlan {
  enum Kind: Equatable {
    case linear
    case log
    case whole
    case categories([String])
  }

  var title: String
  var kind: Kind
  var lower: Double
  var upper: Double
  /// Whether the range was asked for, so that nothing may widen it.
  var isFixed: Bool

  var scaleKind: Scale.Kind { kind == .log ? .log : .linear }

  func scale(_ start: Double, _ end: Double) -> Scale {
    Scale(scaleKind, lower, upper, to: start, end)
  }

  /// - Parameters:
  ///   - values: the least and the greatest finite value, or nil without data.
  ///   - hasSolidBase: whether bars stand on zero.
  init(_ axis: Axis, values: ClosedRange<Double>?, hasSolidBase: Bool = false) {
    title = axis.title
    isFixed = axis.range != nil
    switch axis.scale {
    case .linear: kind = .linear
    case .log: kind = .log
    case .whole: kind = .whole
    case .categories(let names): kind = .categories(names)
    }
    if case .categories(let names) = kind {
      lower = -0.5
      upper = Double(max(1, names.count)) - 0.5
      return
    }
    var range = axis.range ?? values ?? (kind == .log ? 0.1...10 : 0...1)
    if !range.lowerBound.isFinite || !range.upperBound.isFinite { range = values ?? 0...1 }
    if kind == .log {
      let low = max(range.lowerBound, 1e-300)
      let high = max(range.upperBound, low)
      lower = low
      upper = min(high, 1e300)
      if upper / lower < 1.0001 {
        lower /= 3
        upper *= 3
      }
      return
    }
    if axis.includesZero || hasSolidBase {
      range = min(0, range.lowerBound)...max(0, range.upperBound)
    }
    let drawable = Scale.drawable(range.lowerBound, range.upperBound)
    lower = drawable.lowerBound
    upper = drawable.upperBound
  }

  /// The ticks, about `target` of them, all in range.
  func ticks(target: Int) -> [Tick] {
    let slack = (upper - lower) * 1e-9
    switch kind {
    case .linear:
      return Ticks.linear(lower, upper, target: target)
        .filter { $0.value >= lower - slack && $0.value <= upper + slack }
    case .log:
      return Ticks.logarithmic(lower, upper, target: target)
        .filter { $0.value >= lower * (1 - 1e-9) && $0.value <= upper * (1 + 1e-9) }
    case .whole: return Ticks.whole(lower, upper, target: target)
    case .categories(let names):
      return names.enumerated().map { Tick(value: Double($0.offset), label: $0.element) }
    }
  }

  /// Leaves a little air around the data, or goes on to the next tick when that is near.
  mutating func widen(target: Int, air: Double) {
    guard !isFixed else { return }
    switch kind {
    case .categories: return
    case .log:
      let grow = pow(upper / lower, air)
      lower /= grow
      upper *= grow
    case .linear, .whole:
      let range = upper - lower
      let ticks = Ticks.linear(lower, upper, target: target)
      let (low, high) = (lower, upper)
      if low != 0 { lower = low - range * air }
      if high != 0 { upper = high + range * air }
      if let first = ticks.first?.value, first < low, first > low - range * 0.12 {
        lower = min(lower, first)
      }
      if let last = ticks.last?.value, last > high, last < high + range * 0.12 {
        upper = max(upper, last)
      }
      // Data that never goes below zero does not get an axis below zero.
      if low >= 0, lower < 0 { lower = 0 }
      if high <= 0, upper > 0 { upper = 0 }
    }
  }
}
