/// What a picture shows, free of how it is drawn.
///
/// The library describes itself in these; Plots draws them and knows nothing else of the library.
public enum Facts: Sendable {
  case graph(Graph)
  case table(Table)
  case images(ImageSheet)
  case matrix(Matrix)
}

/// Panels that belong together.
public struct Graph: Sendable {
  public var title: String
  public var panels: [Panel]
  public var columns: Int
  /// What the picture says, in a sentence with its figures; empty: made from the data.
  public var summary: String

  public init(title: String = "", panels: [Panel], columns: Int = 1, summary: String = "") {
    self.title = title
    self.panels = panels
    self.columns = columns
    self.summary = summary
  }
}

/// One pair of axes with what is drawn on it.
public struct Panel: Sendable {
  public var title: String
  public var x: Axis
  public var y: Axis
  public var series: [Series]
  public var rules: [Rule]

  public init(
    title: String = "", x: Axis = Axis(), y: Axis = Axis(), series: [Series], rules: [Rule] = []
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.rules = rules
  }

  /// A line across the panel: an asymptote, a target, a zero line.
  public struct Rule: Sendable {
    public enum Direction: Sendable {
      case horizontal
      case vertical
    }
    public var direction: Direction
    public var at: Double
    public var label: String

    public init(_ direction: Direction, at: Double, label: String = "") {
      self.direction = direction
      self.at = at
      self.label = label
    }
  }
}

public struct Axis: Sendable {
  public enum Scale: Sendable {
    case linear
    case log
    /// Whole numbers only, such as epochs.
    case whole
    /// Named positions 0, 1, 2, …
    case categories([String])
  }

  public var title: String
  public var scale: Scale
  /// nil: taken from the data.
  public var range: ClosedRange<Double>?
  /// Whether zero must be in view.
  public var includesZero: Bool

  public init(
    _ title: String = "", scale: Scale = .linear, range: ClosedRange<Double>? = nil,
    includesZero: Bool = false
  ) {
    self.title = title
    self.scale = scale
    self.range = range
    self.includesZero = includesZero
  }
}

/// Points in order, drawn one way.
public struct Series: Sendable {
  public enum Form: Sendable {
    case line
    case steps
    case points
    case bars
    /// Between `y` and `upper`.
    case band
  }

  public enum Emphasis: Sendable {
    case normal
    /// Beside its main series: lighter, such as training beside validation.
    case faint
    /// Derived from its main series: dashed in the same hue, such as a derivative.
    case derived
  }

  public var name: String
  public var x: [Double]
  public var y: [Double]
  public var form: Form
  public var emphasis: Emphasis
  /// Series with the same number share a hue; nil: the next free one.
  public var hue: Int?
  /// The upper edge of a band.
  public var upper: [Double]?
  /// Lower and upper ends of error bars, relative to `y`.
  public var error: [Double]?
  /// The index of a point to mark and the word beside it, such as the best epoch.
  public var mark: (index: Int, label: String)?
  /// Indices i where the value jumps between points i - 1 and i.
  public var jumps: [Int]

  public init(
    _ name: String = "", x: [Double], y: [Double], form: Form = .line,
    emphasis: Emphasis = .normal, hue: Int? = nil, upper: [Double]? = nil,
    error: [Double]? = nil, mark: (index: Int, label: String)? = nil, jumps: [Int] = []
  ) {
    self.name = name
    self.x = x
    self.y = y
    self.form = form
    self.emphasis = emphasis
    self.hue = hue
    self.upper = upper
    self.error = error
    self.mark = mark
    self.jumps = jumps
  }
}
