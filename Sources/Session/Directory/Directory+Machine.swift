internal import Catalog
internal import Language
internal import Neural
internal import Tensors

extension Directory {
  /// All that is known of the names of a machine as they are now.
  init(of machine: Machine) {
    self.init(machine.globalNames().map { Item($0) })
  }
}

/// The evaluator's side of the directory: what it has told, so that it tells only what is new.
struct NameRoll {
  private var look = NameLook()
  private var items: [Directory.Item] = []
  /// Where the rest of a look that ran out of time goes.
  private var place = 0

  /// The names as they are now; false: some have not been looked at yet, and a further call goes on.
  mutating func update(from machine: Machine) -> (items: [Directory.Item], isComplete: Bool) {
    let (changes, isComplete) = machine.changes(since: &look)
    if !changes.isEmpty {
      let slots = Set(changes.map(\.slot))
      let before = items.prefix(place).filter { !slots.contains($0.slot) }
      let after = items.dropFirst(place).filter { !slots.contains($0.slot) }
      let new = changes.compactMap { change in
        change.facts.map { Directory.Item($0, slot: change.slot) }
      }
      items = before + new + after
      place = before.count + new.count
    }
    if isComplete { place = 0 }
    return (items, isComplete)
  }
}

/// What a reader of the directory wants to know beyond the names.
struct Wanted: Sendable {
  var paths: [Path] = []
  /// Also the range of a tensor and the like, which take a moment.
  var findings = false

  /// Follows the paths on the evaluator's thread.
  func details(in machine: Machine) -> [Directory.Detail] {
    paths.prefix(8).compactMap { path in
      // What an element of an array is, its type tells; reading one would make another array.
      guard let reached = machine.reach(path, reading: { !($0 is Tensor) }) else { return nil }
      let isWhole = findings && reached.steps == path.steps.count
      return Directory.Detail(
        path: path, steps: reached.steps,
        item: Directory.Item(
          reached.facts, findings: isWhole ? reached.object.flatMap(Wanted.findings) : nil))
    }
  }

  private static func findings(of object: any Object) -> String? {
    switch object {
    case let tensor as Tensor: Spread(of: tensor)?.text
    case let model as Sequential: model.summaryText
    default: nil
    }
  }
}
