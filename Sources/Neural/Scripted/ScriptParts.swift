internal import Catalog

/// What a script may bring to a training run beside its data.
struct ScriptParts {
  /// In place of the one that `Training` names, when it has a rate or an update of its own.
  var optimizer: OptimizerChoice?
  var metrics: [MetricChoice] = []
  var callbacks = CallbackList(callbacks: [])
}
