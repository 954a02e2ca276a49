extension Entry {
  /// What the details can say beside their text, each after its label.
  ///
  /// A label begins a sentence; whatever shows the details gives it a paragraph of its own.
  public enum Part: String, Sendable, CaseIterable {
    /// What goes in and comes out, and what the weights are.
    case shapes = "Shapes"
    /// Where other libraries differ, and how to have theirs.
    case peers = "Peers"
    /// The paper, or whose function it is.
    case source = "Source"
  }

  /// Whether the details say this.
  public func says(_ part: Part) -> Bool {
    paragraphs.contains { $0.part == part }
  }

  /// Whether the details have a formula: code that computes something.
  public var saysFormula: Bool {
    let pieces = details.split(separator: "`", omittingEmptySubsequences: false)
    return pieces.indices.contains { index in
      !index.isMultiple(of: 2) && pieces[index].contains { "=+-*/(<>[!@".contains($0) }
    }
  }

  /// The details, cut before each label.
  public var paragraphs: [(part: Part?, text: String)] {
    details.split(separator: "\n\n").flatMap { block -> [(part: Part?, text: String)] in
      var cuts = [(start: block.startIndex, part: Part?.none)]
      var place = block.startIndex
      while place < block.endIndex {
        let isStart = place == block.startIndex || block[..<place].hasSuffix(". ")
        let rest = block[place...]
        if isStart, let part = Part.allCases.first(where: { rest.hasPrefix($0.rawValue + ": ") }) {
          cuts.append((place, part))
        }
        place = block.index(after: place)
      }
      let ends = cuts.dropFirst().map(\.start) + [block.endIndex]
      return zip(cuts, ends).compactMap { cut, end in
        let skipped = cut.part.map { $0.rawValue.count + 2 } ?? 0
        var text = block[block.index(cut.start, offsetBy: skipped)..<end]
        while text.last?.isWhitespace == true { text.removeLast() }
        while text.first?.isWhitespace == true { text.removeFirst() }
        return text.isEmpty ? nil : (cut.part, String(text))
      }
    }
  }
}
