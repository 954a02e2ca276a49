internal import Catalog

/// Functions turned into curves.
enum Sampling {
  /// Samples a function evenly and closes in on its jumps.
  ///
  /// Where two neighbours differ much, the interval is halved; when the step does not shrink
  /// with it, it is a jump and drawn as a gap.
  static func series(
    _ function: any Callable, over range: ClosedRange<Double>, count: Int = 201, context: Context
  ) throws -> Series {
    func value(_ x: Double) throws -> Double {
      try context.check()
      return try Reading.number(function.call([.float(x)], named: []), from: function.name)
    }
    let width = range.upperBound - range.lowerBound
    var x: [Double] = []
    var y: [Double] = []
    for index in 0..<count {
      let place = range.lowerBound + width * Double(index) / Double(count - 1)
      x.append(place)
      y.append(try value(place))
    }
    let finite = y.filter(\.isFinite)
    let height = (finite.max() ?? 0) - (finite.min() ?? 0)
    var xs: [Double] = []
    var ys: [Double] = []
    var jumps: [Int] = []
    for index in x.indices {
      if index > 0, jumps.count < 20, abs(y[index] - y[index - 1]) > 0.08 * height {
        var (left, right) = (x[index - 1], x[index])
        var (low, high) = (y[index - 1], y[index])
        let step = abs(high - low)
        for _ in 0..<16 {
          let middle = left + (right - left) / 2
          let between = try value(middle)
          guard between.isFinite else { break }
          if abs(between - low) > abs(high - between) {
            (right, high) = (middle, between)
          } else {
            (left, low) = (middle, between)
          }
        }
        if abs(high - low) > 2 * step {
          // It grows without end: a pole, where nothing can be drawn.
          xs.append(left + (right - left) / 2)
          ys.append(.nan)
        } else if abs(high - low) > 0.5 * step {
          if left > x[index - 1] {
            xs.append(left)
            ys.append(low)
          }
          if right < x[index] {
            jumps.append(xs.count)
            xs.append(right)
            ys.append(high)
          } else {
            jumps.append(xs.count)
          }
        }
      }
      xs.append(x[index])
      ys.append(y[index])
    }
    let name = function.name == "<lambda>" ? "" : function.name
    return Series(name, x: xs, y: ys, jumps: jumps)
  }
}
