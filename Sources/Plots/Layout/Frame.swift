/// The rectangle data are drawn in, with its two scales.
struct Frame {
  var left: Double
  var top: Double
  var width: Double
  var height: Double
  /// Left to right.
  var x: Scale
  /// Bottom to top; for transposed bars the scale of the values still.
  var y: Scale
  /// Values run to the right, names from the top down.
  var isTransposed = false
  /// How many series of bars share a place, and which of them is drawn.
  var barGroups = 1
  var barGroup = 0

  var right: Double { left + width }
  var bottom: Double { top + height }

  /// A value's place, kept within reach of the picture.
  func place(_ sample: Sample) -> (x: Double, y: Double) {
    (Frame.limit(x(sample.x)), Frame.limit(y(sample.y)))
  }

  static func limit(_ value: Double) -> Double {
    value.isFinite ? min(max(value, -1e5), 1e5) : 0
  }
}

/// The page data are written on in text: characters, and dots of two by four to a character.
struct TextFrame {
  var grid: CharacterGrid
  var canvas: BrailleCanvas
  /// Scales to dots.
  var x: Scale
  var y: Scale
  /// Marks series whose curves would look alike.
  var letter: Character?
  var barGroups = 1
  var barGroup = 0

  func place(_ sample: Sample) -> (x: Double, y: Double) {
    (Frame.limit(x(sample.x)), Frame.limit(y(sample.y)))
  }

  /// The character cell of a sample.
  func cell(_ sample: Sample) -> (row: Int, column: Int)? {
    let (x, y) = place(sample)
    guard let column = Int(exactly: (x / 2).rounded(.down)),
      let row = Int(exactly: (y / 4).rounded(.down))
    else { return nil }
    return (row, column)
  }
}
