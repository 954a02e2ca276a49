internal import Catalog
internal import Plots

/// What help and hover say about an entry, in plain text and in Markdown.
struct EntryPage {
  let entry: Entry
  /// How it is called: `net.fit` for a method.
  let name: String

  init(_ entry: Entry, name: String? = nil) {
    self.entry = entry
    self.name = name ?? entry.name
  }

  private var signature: String {
    let signature = entry.signature
    return name + signature.dropFirst(entry.name.count)
  }

  private var parameters: [ParameterFacts] {
    entry.parameters.filter { $0.passing != .accompanying }
  }

  /// - Parameter isWhole: with all details and examples; hover has the formula and one example.
  func media(isWhole: Bool) -> Media {
    var media = Media(text(isWhole: isWhole), markdown: markdown(isWhole: isWhole))
    if let figure {
      media.svg = figure.svg()
      if isWhole { media.text += "\n\n" + figure.text }
    }
    return media
  }

  func text(isWhole: Bool) -> String {
    var blocks = [signature + returned, entry.sentence]
    let rows = parameters.map { ($0.shownName, $0.facts) }
    let width = rows.map(\.0.count).max() ?? 0
    if !rows.isEmpty {
      blocks.append(
        rows.map { name, facts in
          "  " + name + String(repeating: " ", count: width - name.count + 2) + facts
        }.joined(separator: "\n"))
    }
    blocks += paragraphs(isWhole: isWhole).map { part, text in
      wrapped((part.map { $0.rawValue + ": " } ?? "") + text)
    }
    let examples = examples(isWhole: isWhole)
    if !examples.isEmpty { blocks.append("example:\n" + indented(examples)) }
    return blocks.joined(separator: "\n\n")
  }

  func markdown(isWhole: Bool) -> String {
    var blocks = ["```python\n\(signature)\(returned)\n```", entry.sentence]
    if !parameters.isEmpty {
      blocks.append(
        parameters.map { "- `\($0.shownName)`: \($0.facts)" }.joined(separator: "\n"))
    }
    blocks += paragraphs(isWhole: isWhole).map { part, text in
      (part.map { "**\($0.rawValue):** " } ?? "") + text
    }
    let examples = examples(isWhole: isWhole)
    if !examples.isEmpty {
      blocks.append("example:")
      blocks.append("```python\n\(examples.joined(separator: "\n"))\n```")
    }
    return blocks.joined(separator: "\n\n")
  }

  private func paragraphs(isWhole: Bool) -> [(part: Entry.Part?, text: String)] {
    let all = entry.paragraphs
    if isWhole { return all }
    return entry.saysFormula ? Array(all.prefix(1)) : []
  }

  private func examples(isWhole: Bool) -> [String] {
    isWhole ? entry.examples : Array(entry.examples.prefix(1))
  }

  /// The curve of a function that has one, such as an activation.
  private var figure: Figure? {
    guard case .constant(let value) = entry.body,
      case .object(let object)? = try? value(Context(sink: Recording())),
      let facts = try? object.facts(), case .graph = facts
    else { return nil }
    return Figure(facts)
  }

  private var returned: String {
    entry.returns.isEmpty || entry.returns == "None" ? "" : " -> \(entry.returns)"
  }

  /// Lines of a paragraph, broken between words for a terminal.
  private func wrapped(_ paragraph: String) -> String {
    paragraph.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var lines = [""]
      for word in line.split(separator: " ", omittingEmptySubsequences: false) {
        let last = lines[lines.count - 1]
        if last.isEmpty || last.count + 1 + word.count <= 96 {
          lines[lines.count - 1] = last.isEmpty ? String(word) : last + " " + word
        } else {
          lines.append(String(word))
        }
      }
      return lines.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private func indented(_ examples: [String]) -> String {
    examples.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
      .map { "  " + $0 }.joined(separator: "\n")
  }
}

extension ParameterFacts {
  fileprivate var shownName: String {
    switch passing {
    case .rest: "*" + name
    case .restNamed: "**" + name
    default: name
    }
  }

  /// `int, at least 1: width of the output`.
  fileprivate var facts: String {
    var text = kind
    if let shownDefault { text += " = \(shownDefault)" }
    if let range { text += ", \(range)" }
    if !sentence.isEmpty { text += ": \(sentence)" }
    if !choices.isEmpty { text += " (\(choices.joined(separator: ", ")))" }
    return text
  }
}

/// What help says about a type: its sentence and its members.
struct TypePage {
  let type: ObjectType

  func media(isWhole: Bool) -> Media {
    let heading = type.name + (type.base.map { " (a kind of \($0.name))" } ?? "")
    var media = Media(
      heading + "\n\n" + type.sentence,
      markdown: "**\(type.name)**\(heading.dropFirst(type.name.count))\n\n\(type.sentence)")
    let members = isWhole ? type.members.filter { !$0.name.hasPrefix("_") } : []
    if !members.isEmpty {
      media.text += "\n"
      media.markdown? += "\n"
      media.list(members)
    }
    return media
  }
}

extension Media {
  /// Says it all in HTML too: the Markdown, and the picture below it.
  ///
  /// Front ends show one form, and would take the picture for the page.
  mutating func addPage() {
    html = markdown.map { Markdown($0).html }
    guard let picture = svg else { return }
    svg = nil
    let data = Base64.encode(Array(picture.utf8))
    html? +=
      "\n<p><img width=\"240\" alt=\"its curve\" src=\"data:image/svg+xml;base64,\(data)\"></p>"
  }

  /// Adds how each entry is called, and its sentence.
  mutating func list(_ entries: [Entry]) {
    for entry in entries {
      text += "\n  \(entry.signature)\n      \(entry.sentence)"
      markdown? += "\n- `\(entry.signature)`: \(entry.sentence)"
    }
  }
}
