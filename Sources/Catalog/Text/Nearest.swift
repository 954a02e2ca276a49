/// Finds the names a mistyped one may have meant.
public enum Nearest {
  /// At most three candidates within a distance of max(1, length / 3), nearest first.
  ///
  /// Names that begin with an underscore are never offered; above 5,000 candidates nothing is.
  public static func names(_ name: String, among candidates: [String]) -> [String] {
    guard candidates.count <= 5_000, !name.isEmpty else { return [] }
    let limit = max(1, name.count / 3)
    let wanted = Array(name.lowercased().unicodeScalars)
    var found: [(distance: Int, order: Int, name: String)] = []
    var seen: Set<String> = [name]
    for (order, candidate) in candidates.enumerated() {
      guard !candidate.hasPrefix("_") || name.hasPrefix("_"), seen.insert(candidate).inserted
      else { continue }
      let scalars = Array(candidate.lowercased().unicodeScalars)
      guard abs(scalars.count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, scalars)
      if distance <= limit { found.append((distance, order, candidate)) }
    }
    found.sort { ($0.distance, $0.order) < ($1.distance, $1.order) }
    return found.prefix(3).map(\.name)
  }

  /// `did you mean 'relu'?`, or nil when nothing is near.
  public static func question(_ name: String, among candidates: [String]) -> String? {
    let names = names(name, among: candidates)
    guard let last = names.last else { return nil }
    let quoted = names.dropLast().map { "'\($0)'" }.joined(separator: ", ")
    return "did you mean \(quoted.isEmpty ? "" : quoted + " or ")'\(last)'?"
  }

  /// Damerau-Levenshtein distance: insertions, deletions, replacements, swaps of neighbours.
  private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        row.append(best)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
