internal import Catalog

/// The states of widgets as a front end knows them from what the kernel says of them.
struct WidgetStates {
  private var ids: [String] = []
  private var states: [String: JSON] = [:]

  mutating func follow(_ message: CommMessage) {
    switch message.step {
    case .open(target: "jupyter.widget"):
      guard let state = message.data["state"] else { return }
      if states[message.id] == nil { ids.append(message.id) }
      states[message.id] = state
    case .open: break
    case .message:
      guard message.data["method"] == "update", var state = states[message.id] else { return }
      for (key, value) in message.data["state"]?.members ?? [] { state.set(key, to: value) }
      states[message.id] = state
    case .close:
      ids.removeAll { $0 == message.id }
      states[message.id] = nil
    }
  }

  /// As notebooks keep them under `metadata.widgets`; nil when there are none.
  var json: JSON? {
    guard !ids.isEmpty else { return nil }
    let entries = ids.map { id -> (key: String, value: JSON) in
      let state = states[id] ?? [:]
      return (
        id,
        [
          "model_module": state["_model_module"] ?? "",
          "model_module_version": state["_model_module_version"] ?? "",
          "model_name": state["_model_name"] ?? "", "state": state,
        ]
      )
    }
    return [
      "application/vnd.jupyter.widget-state+json": [
        "version_major": 2, "version_minor": 0, "state": .object(entries),
      ]
    ]
  }
}
