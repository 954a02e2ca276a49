import Language
import Testing

/// Small changes to the programs of the corpus; the parser must stay calm.
@Suite struct SyntaxFuzzTests {
  private func check(_ text: String) {
    let source = Source(text, name: "t")
    let parse = Tree.parse(source)
    check(parse.tree.body, source.bytes.count)
    for error in parse.errors where error.span.end > source.bytes.count + 1 {
      Issue.record("an error outside of \(text.debugDescription)")
    }
    _ = Completeness(of: text)
  }

  private func check(_ statements: [Statement], _ length: Int) {
    for statement in statements where statement.span.end > length {
      Issue.record("a statement ends at \(statement.span.end) of \(length)")
    }
  }

  /// Words, marks and spaces of a text.
  private func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    for character in text {
      if let last = pieces.last?.last, last.isLetter, character.isLetter || character.isNumber {
        pieces[pieces.count - 1].append(character)
      } else {
        pieces.append(String(character))
      }
    }
    return pieces
  }

  @Test func `without any one word`() {
    for program in SyntaxCorpus.shared.programs where program.text.utf8.count < 120 {
      let pieces = pieces(program.text)
      for index in pieces.indices {
        check(pieces[..<index].joined() + pieces[(index + 1)...].joined())
      }
    }
  }

  @Test func `cut off anywhere, with a cursor there`() {
    for program in SyntaxCorpus.shared.programs {
      let scalars = Array(program.text.unicodeScalars)
      for end in scalars.indices {
        let text = String(String.UnicodeScalarView(scalars[..<end]))
        check(text)
        let context = CursorContext(program.text, cursor: end)
        #expect(context.replaced.upperBound == end)
        _ = InspectionContext(program.text, cursor: end)
      }
    }
  }

  @Test func `with words doubled, swapped and bytes of other texts`() {
    var random = SystemRandomNumberGenerator()
    let programs = SyntaxCorpus.shared.programs
    for _ in 0..<1_500 {
      guard let program = programs.randomElement(using: &random),
        let other = programs.randomElement(using: &random)
      else { return }
      var pieces = pieces(program.text)
      let foreign = self.pieces(other.text)
      for _ in 0..<3 {
        guard !pieces.isEmpty, let piece = foreign.randomElement(using: &random) else { break }
        let index = Int.random(in: pieces.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: pieces.insert(pieces[index], at: index)
        case 1: pieces.swapAt(index, pieces.startIndex)
        case 2: pieces[index] = piece
        default: pieces.insert(piece, at: index)
        }
      }
      check(pieces.joined())
    }
  }
}
