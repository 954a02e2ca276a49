public import Catalog

/// The widget messaging protocol of Jupyter, version 2.1.
public enum WidgetProtocol {
  static let version = "2.1.0"
  /// What widgets are opened with.
  public static let target = "jupyter.widget"
  /// By which a front end asks for the states of all widgets at once, after a reload.
  public static let controlTarget = "jupyter.widget.control"
}

/// The open widgets of a session, by the id of their comm.
final class WidgetBook: Object {
  private var widgets: [String: Widget] = [:]
  private var controls: Set<String> = []

  /// The session's book; made when first needed.
  static func of(_ context: Context) -> WidgetBook {
    if let known = context.kept["ipywidgets"] as? WidgetBook { return known }
    let made = WidgetBook()
    context.kept["ipywidgets"] = made
    return made
  }

  var type: ObjectType { ObjectType("widgets", "The open widgets.") }

  func add(_ widget: Widget) { widgets[widget.id] = widget }
  func remove(_ widget: Widget) { widgets[widget.id] = nil }

  /// Does what a front end asks for.
  ///
  /// - Parameter later: by widget, what messages behind this one say of its state.
  func receive(
    _ message: CommMessage, later: Set<String>, in context: Context
  ) throws {
    switch message.step {
    case .open(target: WidgetProtocol.controlTarget): controls.insert(message.id)
    case .open: context.sink.emit(.comm(CommMessage(message.id, .close)))
    case .close:
      controls.remove(message.id)
      widgets[message.id]?.forget()
    case .message:
      if controls.contains(message.id) {
        if message.data["method"] == "request_states" { tellAll(message.id, in: context) }
      } else if let widget = widgets[message.id] {
        try tell(widget, message.data, later: later)
      }
    }
  }

  private func tell(_ widget: Widget, _ data: JSON, later: Set<String>) throws {
    switch data["method"]?.string {
    case "update": try widget.receive(data["state"] ?? [:], except: later)
    case "request_state": widget.emit("update", widget.state)
    case "custom" where data["content"]?["event"] == "click": try widget.click()
    default: break
    }
  }

  private func tellAll(_ id: String, in context: Context) {
    let states = widgets.values.map { widget -> (key: String, value: JSON) in
      (
        widget.id,
        [
          "model_name": .string(widget.kind.model),
          "model_module": .string(widget.kind.package.name),
          "model_module_version": .string(widget.kind.package.version), "state": widget.state,
        ]
      )
    }.sorted { $0.key < $1.key }
    context.sink.emit(
      .comm(
        CommMessage(
          id, .message,
          data: ["method": "update_states", "states": .object(states), "buffer_paths": []])))
  }

  func visit(_ keep: (Value) -> Void) {
    for widget in widgets.values { keep(.object(widget)) }
  }
}

extension Session {
  /// Does what the front end asks of a widget; what its observers show goes to the sink.
  ///
  /// - Parameter later: the parts of its state that messages behind this one will set anew.
  /// - Throws: `Interrupted` alone; other errors of observers are shown.
  public func receive(
    _ message: CommMessage, later: Set<String> = [], sink: any Sink
  ) throws {
    _ = machine
    let outer = context.sink
    context.sink = sink
    defer { context.sink = outer }
    do {
      try WidgetBook.of(context).receive(message, later: later, in: context)
    } catch let interrupted as Interrupted {
      throw interrupted
    } catch {
      let failure = Failure(error)
      sink.emit(.failure(failure))
      if failure.exception == Failure.Exception.keyboardInterrupt.rawValue { throw Interrupted() }
    }
  }

  /// What is to be done where a script pauses: what the front end has sent meanwhile.
  public var onPause: (() throws -> Void)? {
    get { context.atPause }
    set { context.atPause = newValue }
  }
}
