internal import Catalog

/// A way to draw a series, as a picture and as text.
protocol Mark {
  func draw(_ series: PlottedSeries, on frame: Frame, in drawing: inout Drawing)
  func write(_ series: PlottedSeries, on frame: inout TextFrame)
  /// How wide its sample in a legend is.
  var keyWidth: Double { get }
  /// The sample of the mark in a legend, around a height.
  func drawKey(_ series: PlottedSeries, _ x: Double, _ y: Double, in drawing: inout Drawing)
  /// The same in two characters.
  func key(_ series: PlottedSeries) -> String
}

extension Mark {
  var keyWidth: Double { 18 }
}

extension Series.Form {
  var mark: any Mark {
    switch self {
    case .line: LineMark()
    case .steps: LineMark(isStepped: true)
    case .points: PointMark()
    case .bars: BarMark()
    case .band: BandMark()
    }
  }
}
