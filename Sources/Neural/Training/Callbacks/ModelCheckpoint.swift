public import Catalog
internal import Data
internal import FoundationEssentials

/// Writes checkpoints of a run.
public final class ModelCheckpoint: TrainingCallback {
  public static let type = ObjectType("ModelCheckpoint", "Writes checkpoints of a run.")

  private let path: String
  private let monitor: Monitor
  private let bestOnly: Bool
  private let weightsOnly: Bool
  /// Batches between files; nil: after each epoch.
  private let frequency: Int?
  private let threshold: Double?
  private var best: Double

  /// - Parameter path: may hold figures: `run-{epoch:02d}-{val_loss:.3f}.safetensors`.
  public init(
    _ path: String, monitor: Monitor = Monitor("val_loss"), bestOnly: Bool = false,
    weightsOnly: Bool = false, frequency: Int? = nil, threshold: Double? = nil
  ) {
    self.path = path
    self.monitor = monitor
    self.bestOnly = bestOnly
    self.weightsOnly = weightsOnly
    self.frequency = frequency
    self.threshold = threshold
    best = threshold ?? monitor.watched.worst
  }

  public var type: ObjectType { Self.type }
  public var text: String { "ModelCheckpoint(\"\(path)\")" }

  public func tell(
    _ moment: TrainingMoment, _ number: Int, _ figures: [(name: String, value: Double)],
    _ run: Run
  ) throws {
    switch moment {
    case .trainBegin: best = threshold ?? monitor.watched.worst
    case .batchEnd:
      guard let frequency, run.history.steps % frequency == 0 else { return }
      try save(run, epoch: run.history.epochs, figures)
    case .epochEnd where frequency == nil: try save(run, epoch: number, figures)
    default: break
    }
  }

  private func save(
    _ run: Run, epoch: Int, _ figures: [(name: String, value: Double)]
  ) throws {
    if bestOnly {
      guard let value = monitor.value(figures, for: "ModelCheckpoint", run),
        monitor.watched.isBetter(value, than: best)
      else { return }
      best = value
    }
    let file = try Self.filled(path, [("epoch", Double(epoch + 1))] + figures)
    if weightsOnly {
      try run.model.save(to: run.context.resolve(file))
    } else {
      // After all callbacks have seen the epoch, so that the file holds what they know.
      run.writesCheckpoint(to: run.context.resolve(file))
    }
  }

  public func remembered() throws -> CallbackMemory { CallbackMemory(["best": best]) }
  public func recall(_ memory: CallbackMemory) throws { best = memory.numbers["best"] ?? best }

  /// `{name}`, `{name:02d}` and `{name:.3f}` replaced by figures.
  static func filled(
    _ pattern: String, _ figures: [(name: String, value: Double)]
  ) throws -> String {
    var result = ""
    var rest = pattern[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result += rest[..<open]
      let parts = rest[rest.index(after: open)..<close].split(
        separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts.first ?? "")
      guard let value = figures.last(where: { $0.name == name })?.value else {
        throw Failure(
          .value, "the path '\(pattern)' asks for '\(name)', which this run does not measure",
          notes: ["figures: " + figures.map(\.name).joined(separator: ", ")])
      }
      result += text(value, parts.count > 1 ? String(parts[1]) : "")
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  private static func text(_ value: Double, _ form: String) -> String {
    let digits = Int(form.filter(\.isNumber)) ?? 0
    if form.hasPrefix("."), form.hasSuffix("f") {
      var scale = 1.0
      for _ in 0..<min(digits, 12) { scale *= 10 }
      guard let whole = Int(exactly: (abs(value) * scale).rounded()) else { return "\(value)" }
      let sign = value < 0 ? "-" : ""
      guard digits > 0 else { return sign + "\(whole)" }
      let all = String(repeating: "0", count: max(0, digits + 1 - "\(whole)".count)) + "\(whole)"
      return sign + all.dropLast(min(digits, 12)) + "." + all.suffix(min(digits, 12))
    }
    guard let whole = Int(exactly: value) else { return "\(value)" }
    return String(repeating: "0", count: max(0, min(digits, 20) - "\(whole)".count)) + "\(whole)"
  }

  /// `save_freq=`: "epoch" or a number of batches.
  struct Frequency: Argument {
    let batches: Int?
    static var kind: String { "int or \"epoch\"" }
    static var choices: [String] { ["epoch"] }

    static func read(_ value: Value) throws -> Frequency? {
      if case .string(let name) = value {
        guard name == "epoch" else { throw Failure.unknownOption(name, among: choices) }
        return Frequency(batches: nil)
      }
      guard let batches = Int.read(value) else { return nil }
      guard batches > 0 else {
        throw Failure(.value, "save_freq is \"epoch\" or a number of batches above 0")
      }
      return Frequency(batches: batches)
    }

    var shown: String { batches.map(String.init) ?? "\"epoch\"" }
  }

  static let entry = Entry(
    "ModelCheckpoint", "A callback that writes a file a run can be resumed from.",
    Parameter("filepath", String.self, "the file; may hold figures: {epoch:02d}", also: ["path"]),
    Parameter("monitor", String.self, "the figure that says which is best") { "val_loss" },
    Parameter("verbose", Value.self, "taken for Keras's sake") { .none },
    Parameter("save_best_only", Bool.self, "only when the figure is the best so far") { false },
    Parameter("save_weights_only", Bool.self, "without what resuming needs") { false },
    Parameter("mode", Monitor.Mode.self, "which way the figure gets better") { .auto },
    Parameter("save_freq", Frequency.self, "\"epoch\", or batches between files") {
      Frequency(batches: nil)
    },
    Parameter("initial_value_threshold", Double?.self, "what the first file must beat") { nil },
    returns: "ModelCheckpoint", example: "ModelCheckpoint(\"run.safetensors\")",
    details: """
      The file is written beside its place and renamed. It holds the weights, so that net.load \
      reads it, and the optimizer's memory, the schedule's position, the random streams, the \
      history and what callbacks know: net.fit(…, resume="run.safetensors") goes on to the same \
      bytes as a run that was never interrupted.
      """, makes: type
  ) { path, monitor, _, bestOnly, weightsOnly, mode, frequency, threshold in
    .object(
      ModelCheckpoint(
        path, monitor: Monitor(monitor, mode), bestOnly: bestOnly, weightsOnly: weightsOnly,
        frequency: frequency.batches, threshold: threshold))
  }
}

/// Keeps a run in a file until it has finished, and goes on from there when it is started again.
public final class BackupAndRestore: TrainingCallback {
  public static let type = ObjectType(
    "BackupAndRestore", "Goes on with a run that was cut off.")

  private let path: String
  private let deletes: Bool

  public init(_ path: String, deletes: Bool = true) {
    self.path = path
    self.deletes = deletes
  }

  public var type: ObjectType { Self.type }
  public var text: String { "BackupAndRestore(\"\(path)\")" }

  public func tell(
    _ moment: TrainingMoment, _ number: Int, _ figures: [(name: String, value: Double)],
    _ run: Run
  ) throws {
    let file = run.context.resolve(path)
    switch moment {
    case .trainBegin: if FileBytes.exists(file) { run.resumes(from: file) }
    case .epochEnd: run.writesCheckpoint(to: file)
    case .trainEnd:
      if deletes, FileBytes.exists(file) { try? FileManager.default.removeItem(atPath: file) }
    default: break
    }
  }

  static let entry = Entry(
    "BackupAndRestore", "A callback that goes on with a run that was cut off.",
    Parameter("path", String.self, "the file it uses", also: ["backup_dir"]),
    Parameter("delete_checkpoint", Bool.self, "removes the file when the run has finished") {
      true
    },
    returns: "BackupAndRestore", example: "BackupAndRestore(\"run.safetensors\")",
    details: """
      If the file is there when fit begins, the run goes on from it; it is written after each \
      epoch and removed at the end. The result has the same bytes as a run that was never cut \
      off.
      """, makes: type
  ) { path, deletes in .object(BackupAndRestore(path, deletes: deletes)) }
}
