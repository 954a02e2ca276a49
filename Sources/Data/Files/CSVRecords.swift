/// Splits the bytes of a CSV file into records, as RFC 4180 says.
///
/// Both line endings are taken, a byte order mark is skipped, blank lines are ignored.
struct CSVRecords {
  /// One cell: where its bytes lie, and whether it was quoted.
  struct Cell {
    var range: Range<Int>
    var isQuoted: Bool
    /// Holds doubled quotes, so that its text differs from its bytes.
    var hasEscapes: Bool
  }

  let bytes: [UInt8]
  /// All cells, record after record.
  private(set) var cells: [Cell] = []
  /// Index of the first cell of each record, and one past the last.
  private(set) var starts: [Int] = [0]
  /// The line on which each record begins, from 1.
  private(set) var lines: [Int] = []

  var count: Int { starts.count - 1 }

  func record(_ index: Int) -> ArraySlice<Cell> { cells[starts[index]..<starts[index + 1]] }

  /// The text of a cell, or nil when it is not UTF-8.
  func text(_ cell: Cell) -> String? {
    guard cell.hasEscapes else { return String(validating: bytes[cell.range], as: UTF8.self) }
    var plain: [UInt8] = []
    var wasQuote = false
    for byte in bytes[cell.range] {
      if byte == UInt8(ascii: "\""), !wasQuote {
        wasQuote = true
        continue
      }
      wasQuote = false
      plain.append(byte)
    }
    return String(validating: plain, as: UTF8.self)
  }

  init(
    _ bytes: [UInt8], name: String, delimiter: UInt8, check: () throws -> Void
  ) throws {
    self.bytes = bytes
    let quote = UInt8(ascii: "\"")
    let (newline, carriage) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var line = 1
    let end = bytes.count

    while position < end {
      let firstLine = line
      let firstCell = cells.count
      var isDone = false
      while !isDone {
        var cell = Cell(range: position..<position, isQuoted: false, hasEscapes: false)
        if position < end, bytes[position] == quote {
          position += 1
          let start = position
          let opened = line
          var close: Int?
          while position < end {
            let byte = bytes[position]
            if byte == quote {
              if position + 1 < end, bytes[position + 1] == quote {
                cell.hasEscapes = true
                position += 2
                continue
              }
              close = position
              position += 1
              break
            }
            if byte == newline { line += 1 }
            position += 1
          }
          guard let close else {
            throw FileProblem.malformed(
              name, found: "a quote opened on line \(opened) that is never closed",
              expected: "a closing quote; a quote inside a quoted cell is written twice")
          }
          cell.isQuoted = true
          cell.range = start..<close
          if position < end, bytes[position] != delimiter, bytes[position] != newline,
            bytes[position] != carriage
          {
            throw FileProblem.malformed(
              name, found: "text after a closing quote on line \(line)",
              expected: "a delimiter or the end of the line there")
          }
        } else {
          let start = position
          while position < end {
            let byte = bytes[position]
            if byte == delimiter || byte == newline || byte == carriage { break }
            position += 1
          }
          cell.range = start..<position
        }
        cells.append(cell)
        if position >= end {
          isDone = true
        } else if bytes[position] == delimiter {
          position += 1
          if position >= end {
            cells.append(Cell(range: end..<end, isQuoted: false, hasEscapes: false))
            isDone = true
          }
        } else {
          if bytes[position] == carriage, position + 1 < end, bytes[position + 1] == newline {
            position += 1
          }
          position += 1
          line += 1
          isDone = true
        }
      }
      let isBlank =
        cells.count == firstCell + 1 && cells[firstCell].range.isEmpty && !cells[firstCell].isQuoted
      if isBlank {
        cells.removeLast()
      } else {
        starts.append(cells.count)
        lines.append(firstLine)
      }
      if count & 0xFFF == 0 { try check() }
    }
  }
}
