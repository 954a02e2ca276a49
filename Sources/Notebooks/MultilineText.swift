internal import Catalog

// Notebook files store a longer text as a list of its lines; in memory it is one string.

/// A string, or a list of strings to be joined.
func joined(_ json: JSON) -> String? {
  if let string = json.string { return string }
  guard let parts = json.array else { return nil }
  var text = ""
  for part in parts {
    guard let string = part.string else { return nil }
    text += string
  }
  return text
}

/// An output with its texts joined.
func joinedOutput(_ output: JSON) -> JSON {
  var output = output
  if let text = output["text"].flatMap(joined) { output.set("text", to: .string(text)) }
  if let data = output["data"]?.members {
    output.set(
      "data",
      to: .object(
        data.map { member in
          guard !isJSON(member.key), let text = joined(member.value) else { return member }
          return (member.key, .string(text))
        }))
  }
  return output
}

/// An output as the file stores it.
func splitOutput(_ output: JSON) -> JSON {
  var output = output
  if output["output_type"]?.string == "stream", let text = output["text"]?.string {
    output.set("text", to: split(text))
  }
  if let data = output["data"]?.members {
    output.set("data", to: splitBundle(data))
  }
  return output
}

func splitBundle(_ bundle: [(key: String, value: JSON)]) -> JSON {
  .object(
    bundle.map { member in
      guard member.key.hasPrefix("text/") || isSplitBesidesText(member.key),
        let text = member.value.string
      else { return member }
      return (member.key, split(text))
    })
}

private func isSplitBesidesText(_ type: String) -> Bool {
  type == "image/svg+xml" || type == "application/javascript"
}

private func isJSON(_ type: String) -> Bool {
  type == "application/json" || type.hasPrefix("application/") && type.hasSuffix("+json")
}

/// The lines of a text with their ends, divided where Python's `splitlines` divides.
func split(_ text: String) -> JSON {
  var lines: [JSON] = []
  var line = String.UnicodeScalarView()
  var scalars = text.unicodeScalars.makeIterator()
  var next = scalars.next()
  while let scalar = next {
    next = scalars.next()
    line.append(scalar)
    if scalar == "\r", next == "\n" { continue }
    switch scalar.value {
    case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029:
      lines.append(.string(String(line)))
      line = String.UnicodeScalarView()
    default: break
    }
  }
  if !line.isEmpty { lines.append(.string(String(line))) }
  return .array(lines)
}
