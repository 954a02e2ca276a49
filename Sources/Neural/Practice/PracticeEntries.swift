internal import Catalog

/// The tools of practice, each declared beside its code.
enum PracticeEntries {
  static let all: [Entry] = [
    DiagnosisEntries.diagnose, DiagnosisEntries.activations, DiagnosisEntries.gradients,
    RateSearch.entry, Trials.entry, CrossValidating.entry, SearchEntries.search,
    SettingRange.entry, SearchResults.entry, GradientCheck.entry, Pruning.entry,
    PretrainingObject.entry, Transfer.entry, Builders.mlp, Builders.tower, Surface.entry,
    Descent.entry, Race.entry,
  ]
}
