public import Catalog
internal import Tensors

extension Diagnosis: Object {
  public static let type = ObjectType("Diagnosis", "What a look at a training run has found.") {
    [
      .attribute(
        of: Diagnosis.self, "findings", "What was found, the most important first.",
        returns: "list of Finding", example: "diagnose(net, d).findings"
      ) { .array($0.findings.map { .object(FindingObject($0)) }) },
      .attribute(
        of: Diagnosis.self, "top", "The most important finding.", returns: "Finding or None",
        example: "diagnose(net, d).top"
      ) { $0.top.map { .object(FindingObject($0)) } ?? .none },
      .attribute(
        of: Diagnosis.self, "healthy", "Whether nothing graver than a note was found.",
        returns: "bool", example: "diagnose(net, d).healthy"
      ) { .bool($0.isHealthy) },
      .attribute(
        of: Diagnosis.self, "measured", "What was looked at, a line each.",
        returns: "list of str", example: "diagnose(net, d).measured"
      ) { .array($0.measured.map { .string($0) }) },
      .attribute(
        of: Diagnosis.self, "start", "Statistics through depth at the start of training.",
        returns: "Signals or None", example: "diagnose(net, d).start"
      ) { $0.start.map { .object(SignalsObject($0)) } ?? .none },
      .attribute(
        of: Diagnosis.self, "now", "Statistics through depth of the model as it is.",
        returns: "Signals or None", example: "diagnose(net, d).now"
      ) { $0.now.map { .object(SignalsObject($0)) } ?? .none },
    ]
  }

  public var type: ObjectType { Self.type }
  public var text: String { plain }
  public var brief: String { summary }
  public func length() -> Int { findings.count }

  public func index(_ key: Value, context: Context) throws -> Value {
    guard let number = Int.read(key) else {
      throw Failure(.type, "findings are indexed with a number, not with \(key.typeName)")
    }
    let place = number < 0 ? number + findings.count : number
    guard findings.indices.contains(place) else {
      throw Failure(.index, "finding \(number) does not exist: there are \(findings.count)")
    }
    return .object(FindingObject(findings[place]))
  }

  public func iterate() -> any ObjectIterator { FindingIterator(findings) }

  /// As it is read aloud.
  private var plain: String {
    var lines = [summary]
    for (number, finding) in findings.enumerated() {
      lines.append("\(number + 1). \(finding.severity.rawValue): \(finding.sentence)")
      lines += finding.evidence.map { "     seen: \($0)" }
      lines += finding.advice.map { "     try: \($0)" }
    }
    lines.append("looked at:")
    lines += measured.map { "  \($0)" }
    return lines.joined(separator: "\n")
  }

  public func display(_ context: Context) -> Media {
    func list(_ lines: [String]) -> String {
      lines.count > 1 ? lines.map { "• \($0)" }.joined(separator: "\n") : lines.joined()
    }
    var markup = Markup()
    markup.heading(summary)
    if !findings.isEmpty {
      markup.table(
        Table(
          columns: ["", "finding", "seen", "try"].map { Table.Column($0) },
          rows: findings.enumerated().map { number, finding in
            [
              .text("\(number + 1). \(finding.severity.rawValue)"), .text(finding.sentence),
              .text(list(finding.evidence)), .text(list(finding.advice)),
            ]
          }))
    }
    var looked = Markup()
    for line in measured { looked.line(line) }
    markup.details("looked at", looked)
    return Media(plain, markup)
  }

  /// A row per finding.
  public func table() -> Table? { findingTable }
  public func facts() -> Facts? { .table(findingTable) }

  private var findingTable: Table {
    Table(
      title: title,
      columns: [
        Table.Column("importance", isNumeric: true), Table.Column("severity"),
        Table.Column("kind"), Table.Column("finding"), Table.Column("seen"), Table.Column("try"),
      ],
      rows: findings.enumerated().map { number, finding in
        [
          .whole(number + 1), .text(finding.severity.rawValue), .text(finding.kind.rawValue),
          .text(finding.sentence), .text(finding.evidence.joined(separator: "; ")),
          .text(finding.advice.joined(separator: "; ")),
        ]
      }, notes: measured)
  }
}

/// Walks over findings.
private final class FindingIterator: ObjectIterator {
  private var rest: ArraySlice<Finding>
  init(_ findings: [Finding]) { rest = findings[...] }
  func next() -> Value? { rest.popFirst().map { .object(FindingObject($0)) } }
}

/// One finding as a script sees it.
final class FindingObject: Object {
  static let type = ObjectType("Finding", "Something a diagnosis found.") {
    [
      .attribute(
        of: FindingObject.self, "kind", "What it is, as a name that does not change.",
        returns: "str", example: "diagnose(net, d)[0].kind"
      ) { .string($0.finding.kind.rawValue) },
      .attribute(
        of: FindingObject.self, "severity", "error, warning or note.", returns: "str",
        example: "diagnose(net, d)[0].severity"
      ) { .string($0.finding.severity.rawValue) },
      .attribute(
        of: FindingObject.self, "sentence", "What it is, in a sentence.", returns: "str",
        example: "diagnose(net, d)[0].sentence"
      ) { .string($0.finding.sentence) },
      .attribute(
        of: FindingObject.self, "evidence", "The figures that show it.", returns: "list of str",
        example: "diagnose(net, d)[0].evidence"
      ) { .array($0.finding.evidence.map { .string($0) }) },
      .attribute(
        of: FindingObject.self, "advice", "What to try, the most promising first.",
        returns: "list of str", example: "diagnose(net, d)[0].advice"
      ) { .array($0.finding.advice.map { .string($0) }) },
    ]
  }

  let finding: Finding

  init(_ finding: Finding) {
    self.finding = finding
  }

  var type: ObjectType { Self.type }
  var text: String { "<Finding \(finding.severity.rawValue) \(finding.kind.rawValue)>" }

  func display(_ context: Context) -> Media {
    Media(
      ([finding.sentence] + finding.evidence.map { "  seen: \($0)" }
        + finding.advice.map { "  try: \($0)" }).joined(separator: "\n"))
  }
}
