/// A page of characters of fixed size; wide characters take two places.
struct CharacterGrid {
  let width: Int
  let height: Int
  /// nil: the second place of a wide character.
  private var cells: [Character?]

  init(width: Int, height: Int) {
    self.width = max(1, width)
    self.height = max(1, height)
    cells = Array(repeating: " ", count: self.width * self.height)
  }

  func isEmpty(_ row: Int, _ column: Int) -> Bool {
    guard holds(row, column) else { return false }
    return cells[row * width + column] == " "
  }

  /// What stands at a place; nil for a space.
  func character(_ row: Int, _ column: Int) -> Character? {
    guard holds(row, column), let character = cells[row * width + column], character != " " else {
      return nil
    }
    return character
  }

  private func holds(_ row: Int, _ column: Int) -> Bool {
    row >= 0 && row < height && column >= 0 && column < width
  }

  /// Writes one character of single width; outside the page nothing happens.
  mutating func put(_ character: Character, _ row: Int, _ column: Int) {
    guard holds(row, column) else { return }
    cells[row * width + column] = character
  }

  /// Writes text from a column on; what does not fit is cut.
  mutating func put(_ text: String, _ row: Int, _ column: Int) {
    var place = column
    for character in text {
      let columns = TextWidth.columns(character)
      guard place + columns <= width else { return }
      if columns > 0 {
        put(character, row, place)
        if columns == 2, holds(row, place + 1) { cells[row * width + place + 1] = nil }
      }
      place += columns
    }
  }

  /// Writes text that ends before a column.
  mutating func put(_ text: String, _ row: Int, endingAt column: Int) {
    put(text, row, max(0, column - TextWidth.columns(text)))
  }

  /// Writes text around a column, moved so that it stays on the page.
  mutating func put(_ text: String, _ row: Int, around column: Int) {
    let size = TextWidth.columns(text)
    put(text, row, max(0, min(width - size, column - size / 2)))
  }

  /// The lines, without spaces at their ends.
  var lines: [String] {
    (0..<height).map { row in
      var line = ""
      for cell in cells[(row * width)..<((row + 1) * width)] {
        if let cell { line.append(cell) }
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
