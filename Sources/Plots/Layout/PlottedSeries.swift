internal import Catalog

/// One place of a series.
struct Sample {
  var x: Double
  var y: Double
  /// The upper edge of a band.
  var upper = 0.0
  /// Half the length of an error bar; 0: none.
  var error = 0.0
}

/// A series made safe to draw: finite numbers only, cut where something is missing.
struct PlottedSeries {
  var name: String
  var form: Series.Form
  var emphasis: Series.Emphasis
  var hue: Int
  /// Runs of samples without a gap between them.
  var segments: [[Sample]] = []
  var mark: (sample: Sample, label: String)?
  /// Where the value jumps: the end of the left branch, and where the right one starts.
  var jumps: [(left: Sample, right: Sample)] = []
  var total = 0
  /// Where values were that cannot be drawn.
  var missing: [Double] = []
  var missingCount = 0

  var samples: [Sample] { segments.flatMap { $0 } }
  var count: Int { segments.reduce(0) { $0 + $1.count } }
  var last: Sample? { segments.last?.last }

  /// - Parameters:
  ///   - isLogX, isLogY: numbers not above zero cannot be drawn there.
  init(_ series: Series, hue: Int, isLogX: Bool, isLogY: Bool) {
    name = series.name
    form = series.form
    emphasis = series.emphasis
    self.hue = max(0, hue)
    total = min(series.x.count, series.y.count)
    let jumpsAt = Set(series.jumps)
    let isBar = if case .bars = series.form { true } else { false }
    var run: [Sample] = []
    func isDrawable(_ value: Double, _ isLog: Bool) -> Bool {
      value.isFinite && (!isLog || value > 0)
    }
    for index in 0..<total {
      var sample = Sample(x: series.x[index], y: series.y[index])
      if let upper = series.upper, index < upper.count { sample.upper = upper[index] }
      if let error = series.error, index < error.count, error[index].isFinite {
        sample.error = abs(error[index])
      }
      guard isDrawable(sample.x, isLogX), isDrawable(sample.y, isLogY && !isBar),
        sample.upper.isFinite
      else {
        missingCount += 1
        if sample.x.isFinite, missing.count < 50 { missing.append(sample.x) }
        if !run.isEmpty { segments.append(run) }
        run = []
        continue
      }
      if jumpsAt.contains(index), let left = run.last {
        segments.append(run)
        var right = sample
        right.x = left.x
        run = right.x == sample.x ? [] : [right]
        jumps.append((left, right))
      }
      run.append(sample)
      if let wanted = series.mark, wanted.index == index { mark = (sample, wanted.label) }
    }
    if !run.isEmpty { segments.append(run) }
  }

  /// The least and greatest x.
  var xRange: ClosedRange<Double>? { range { ($0.x, $0.x) } }

  /// The least and greatest y, bands and error bars included.
  var yRange: ClosedRange<Double>? {
    if case .band = form { return range { (min($0.y, $0.upper), max($0.y, $0.upper)) } }
    return range { ($0.y - $0.error, $0.y + $0.error) }
  }

  private func range(_ ends: (Sample) -> (Double, Double)) -> ClosedRange<Double>? {
    var low = Double.infinity
    var high = -Double.infinity
    for segment in segments {
      for sample in segment {
        let (a, b) = ends(sample)
        low = min(low, a)
        high = max(high, b)
      }
    }
    return low <= high ? low...high : nil
  }

  /// The smallest distance between neighbours in x; 1 without any.
  var spacing: Double {
    let places = samples.map(\.x).sorted()
    var smallest = Double.infinity
    for (left, right) in zip(places, places.dropFirst()) where right > left {
      smallest = min(smallest, right - left)
    }
    return smallest.isFinite ? smallest : 1
  }
}
