internal import DiagnosisRuns
internal import Glibc
internal import Neural

// diagnose-check [--seeds N] [--first SEED] [--only TEXT] [-v]
//
// Trains sick and healthy networks and counts how often `diagnose` names the trouble first, and how
// often it alarms on a healthy run. The other runs were not looked at when its edges were set.
var arguments = CommandLine.arguments.dropFirst()
var seeds = 5
var first = 1
var only = ""
var isVerbose = false
while let argument = arguments.popFirst() {
  switch argument {
  case "--seeds": seeds = arguments.popFirst().flatMap { Int($0) } ?? seeds
  case "--first": first = arguments.popFirst().flatMap { Int($0) } ?? first
  case "--only": only = arguments.popFirst() ?? ""
  case "-v": isVerbose = true
  default:
    print("usage: diagnose-check [--seeds N] [--first SEED] [--only TEXT] [-v]")
    exit(2)
  }
}

var counts: [String: (right: Int, all: Int)] = [:]
for run in TrainingCase.all where only.isEmpty || run.name.contains(only) {
  var right = 0
  var tops: [String: Int] = [:]
  for seed in first..<first + seeds {
    let outcome = try run.run(seed: UInt64(seed))
    if outcome.isRight { right += 1 }
    tops[outcome.top?.kind.rawValue ?? "nothing", default: 0] += 1
    if isVerbose || !outcome.isRight {
      print("  \(run.name), seed \(seed):")
      for finding in outcome.findings {
        print("    \(finding.severity.rawValue) \(finding.kind.rawValue)")
        if isVerbose { for line in finding.evidence { print("      \(line)") } }
      }
      for line in outcome.measured { print("    - \(line)") }
    }
  }
  let group = "\(run.isTuned ? "set on" : "only judged"), \(run.isHealthy ? "healthy" : "sick")"
  counts[group, default: (0, 0)].right += right
  counts[group, default: (0, 0)].all += seeds
  let shown = tops.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  print("\(right) of \(seeds)  \(run.name): \(shown)")
}
for (group, count) in counts.sorted(by: { $0.key < $1.key }) {
  let share = Double(count.right) / Double(max(count.all, 1))
  print("\(group): \(count.right) of \(count.all) right (\((share * 1000).rounded() / 10) %)")
}
