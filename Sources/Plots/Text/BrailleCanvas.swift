/// A grid of dots, two by four to a character.
struct BrailleCanvas {
  let columns: Int
  let rows: Int
  private var cells: [UInt8]

  init(columns: Int, rows: Int) {
    self.columns = max(1, columns)
    self.rows = max(1, rows)
    cells = [UInt8](repeating: 0, count: self.columns * self.rows)
  }

  var width: Int { columns * 2 }
  var height: Int { rows * 4 }

  private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  /// Sets a dot, counted from the upper left; dots outside are left out.
  mutating func set(_ x: Int, _ y: Int) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    cells[y / 4 * columns + x / 2] |= BrailleCanvas.bits[x % 2][y % 4]
  }

  /// A straight run of dots; `keep` says which of them, counted along the curve, are drawn.
  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, travelled: inout Double,
    keep: (Int) -> Bool
  ) {
    let reach = Double(4 * max(width, height))
    guard abs(x1) < reach, abs(y1) < reach, abs(x2) < reach, abs(y2) < reach else { return }
    let length = max(abs(x2 - x1), abs(y2 - y1))
    let steps = max(1, Int(exactly: length.rounded(.up)) ?? 1)
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      let x = x1 + (x2 - x1) * share
      let y = y1 + (y2 - y1) * share
      let place = Int(exactly: (travelled + length * share).rounded(.down)) ?? 0
      if keep(place), let column = Int(exactly: x.rounded()), let row = Int(exactly: y.rounded()) {
        set(column, row)
      }
    }
    travelled += length
  }

  /// The character at a cell; nil where no dot is set.
  func character(_ row: Int, _ column: Int) -> Character? {
    let bits = cells[row * columns + column]
    guard bits != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(bits)) else { return nil }
    return Character(scalar)
  }
}
