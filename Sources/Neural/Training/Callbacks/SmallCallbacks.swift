public import Catalog
internal import FoundationEssentials

/// Sets the learning rate at the begin of each epoch.
public final class LearningRateScheduler: TrainingCallback {
  public static let type = ObjectType(
    "LearningRateScheduler", "Sets the learning rate at the begin of each epoch.")

  private let choice: RateChoice

  init(_ choice: RateChoice) {
    self.choice = choice
  }

  public convenience init(_ schedule: Schedule) {
    self.init(RateChoice(schedule))
  }

  public var type: ObjectType { Self.type }
  public func visit(_ keep: (Value) -> Void) { choice.visit(keep) }

  public func tell(
    _ moment: TrainingMoment, _ number: Int, _ figures: [(name: String, value: Double)],
    _ run: Run
  ) throws {
    guard moment == .epochBegin else { return }
    guard let function = choice.function else {
      return run.setRate(choice.schedule.value(number, epoch: number))
    }
    // schedule(epoch, lr), or as in old programs schedule(epoch).
    let takesRate = function.callable.parameters.count != 1
    let given =
      takesRate
      ? try function(.int(number), .float(try run.rate())) : try function(.int(number))
    guard let rate = Double.read(given), rate.isFinite, rate >= 0 else {
      throw Failure(
        .type,
        "the schedule \(function.callable.name) returned \(given.brief()) for epoch \(number), "
          + "expected a finite number from 0", code: "L105")
    }
    run.setRate(rate)
  }

  static let entry = Entry(
    "LearningRateScheduler", "A callback that sets the learning rate for each epoch.",
    Parameter("schedule", RateChoice.self, "a function of (epoch, lr), or a schedule of epochs"),
    Parameter("verbose", Value.self, "taken for Keras's sake") { .none },
    returns: "LearningRateScheduler",
    example: "LearningRateScheduler(exponential_decay(0.1, steps=1, decay=0.9))",
    details: """
      `lr = schedule(epoch)`, or `schedule(epoch, lr)` of a function that takes two, set when an \
      epoch begins; epochs count from 0. A schedule in the optimizer does the same by steps.
      """, makes: type
  ) { choice, _ in .object(LearningRateScheduler(choice)) }
}

/// Functions of the script as one callback.
final class LambdaCallback: TrainingCallback {
  static let type = ObjectType("LambdaCallback", "Functions that are told of a run.")

  private let functions: [(moment: TrainingMoment, function: Function)]

  init(_ functions: [(moment: TrainingMoment, function: Function)]) {
    self.functions = functions
  }

  var type: ObjectType { Self.type }
  func visit(_ keep: (Value) -> Void) { for (_, function) in functions { keep(function.held) } }

  func tell(
    _ moment: TrainingMoment, _ number: Int, _ figures: [(name: String, value: Double)],
    _ run: Run
  ) throws {
    let logs = Value.dictionary(figures.map { (.string($0.name), .float($0.value)) })
    for (own, function) in functions where own == moment {
      let isWhole = moment == .trainBegin || moment == .trainEnd
      _ = isWhole ? try function(logs) : try function(.int(number), logs)
    }
  }

  private static func parameter(_ moment: TrainingMoment, _ sentence: String) -> Parameter<
    Function?
  > {
    Parameter(
      moment.rawValue, Function?.self, sentence, also: moment.other.map { [$0] } ?? []
    ) { nil }
  }

  static let entry = Entry(
    "LambdaCallback", "A callback made of functions.",
    parameter(.epochBegin, "called with (epoch, logs)"),
    parameter(.epochEnd, "called with (epoch, logs)"),
    parameter(.trainBegin, "called with (logs)"), parameter(.trainEnd, "called with (logs)"),
    parameter(.batchBegin, "called with (batch, logs)"),
    parameter(.batchEnd, "called with (batch, logs)"),
    returns: "LambdaCallback",
    example: "LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch))",
    details: """
      Each function takes what a method of `Callback` of its name takes, without self.
      """, makes: type
  ) { epochBegin, epochEnd, trainBegin, trainEnd, batchBegin, batchEnd in
    let all: [(TrainingMoment, Function?)] = [
      (.epochBegin, epochBegin), (.epochEnd, epochEnd), (.trainBegin, trainBegin),
      (.trainEnd, trainEnd), (.batchBegin, batchBegin), (.batchEnd, batchEnd),
    ]
    return .object(LambdaCallback(all.compactMap { pair in pair.1.map { (pair.0, $0) } }))
  }
}

/// Keras's name for what every run does.
final class TerminateOnNaN: TrainingCallback {
  static let type = ObjectType("TerminateOnNaN", "Stops at a loss that is no finite number.")
  var type: ObjectType { Self.type }

  func tell(
    _ moment: TrainingMoment, _ number: Int, _ figures: [(name: String, value: Double)],
    _ run: Run
  ) throws {}

  static let entry = Entry(
    "TerminateOnNaN",
    "A callback that does what every run does: stops when the loss is not finite.",
    returns: "TerminateOnNaN", example: "TerminateOnNaN()",
    details: """
      Taken for Keras's sake. Every run stops at the first loss that is not a finite number, says \
      where and what to try, and gives the model back the weights it had when the epoch began.
      """, makes: type
  ) { .object(TerminateOnNaN()) }
}

/// Writes the figures of each epoch into a CSV file.
public final class CSVLogger: TrainingCallback {
  public static let type = ObjectType("CSVLogger", "Writes the figures of each epoch to a file.")

  private let path: String
  private let separator: String
  private let appends: Bool
  private var lines: [String] = []

  public init(_ path: String, separator: String = ",", appends: Bool = false) {
    self.path = path
    self.separator = separator
    self.appends = appends
  }

  public var type: ObjectType { Self.type }

  public func tell(
    _ moment: TrainingMoment, _ number: Int, _ figures: [(name: String, value: Double)],
    _ run: Run
  ) throws {
    let file = run.context.resolve(path)
    switch moment {
    case .trainBegin:
      lines = []
      if appends, let bytes = FileManager.default.contents(atPath: file) {
        lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      }
    case .epochEnd:
      if lines.isEmpty {
        lines = [(["epoch"] + figures.map(\.name)).joined(separator: separator)]
      }
      lines.append(
        (["\(number)"] + figures.map { "\($0.value)" }).joined(separator: separator))
      let text = lines.joined(separator: "\n") + "\n"
      do {
        try FoundationEssentials.Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
      } catch {
        throw Failure(
          .os, "cannot write '\(file)'", help: "check that the folder exists and may be written to")
      }
    default: break
    }
  }

  static let entry = Entry(
    "CSVLogger", "A callback that writes the figures of each epoch to a CSV file.",
    Parameter("filename", String.self, "the file", also: ["path"]),
    Parameter("separator", String.self, "between the columns") { "," },
    Parameter("append", Bool.self, "goes on in a file that is there") { false },
    returns: "CSVLogger", example: "CSVLogger(\"run.csv\")",
    details: """
      A row per epoch, its columns the epoch from 0 and the figures of the history in their \
      order; written at once, so that a run that is cut off leaves its rows.
      """, makes: type
  ) { path, separator, appends in
    .object(CSVLogger(path, separator: separator, appends: appends))
  }
}
