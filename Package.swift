// swift-tools-version: 6.2
import PackageDescription

/// One constant for all targets: Swift 6, no warnings, strict memory safety.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A module of Gradus; the list of names below it is the architecture, checked by the build.
func module(
  _ name: String, _ below: Target.Dependency..., resources: [Resource] = []
) -> Target {
  .target(name: name, dependencies: below, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ below: Target.Dependency..., exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: below, exclude: exclude, swiftSettings: settings)
}

let package = Package(
  name: "gradus",
  products: [
    .executable(name: "gradus", targets: ["gradus"]),
    .library(name: "Neural", targets: ["Neural", "Data", "Tensors", "Catalog"]),
  ],
  targets: [
    // C libraries of the system
    .systemLibrary(name: "CZeroMQ"),
    .systemLibrary(name: "CSodium"),
    .systemLibrary(name: "CSQLite"),
    .systemLibrary(name: "CZlib"),
    // oneDNN, loaded when it is first needed
    .target(name: "COneDNN"),
    // vector kernels, compiled once per instruction set
    .target(name: "CKernels"),

    // the modules, from the bottom up
    module("Catalog"),
    module("Language", "Catalog", resources: [.embedInCode("Builtins/Modules/Scripts")]),
    module("Tensors", "Catalog", "CKernels", "COneDNN"),
    module("Data", "Catalog", "Tensors", "CZlib"),
    module("Neural", "Catalog", "Tensors", "Data"),
    module("Plots", "Catalog", "CZlib"),
    module(
      "Session", "Catalog", "Language", "Tensors", "Data", "Neural", "Plots", "CSQLite",
      resources: [.embedInCode("Manual"), .embedInCode("names.txt")]),
    module("Notebooks", "Catalog", "Session"),
    module("Kernel", "Catalog", "Session", "CZeroMQ", "CSodium"),
    .executableTarget(
      name: "gradus", dependencies: ["Catalog", "Session", "Notebooks", "Kernel"],
      resources: [.embedInCode("Logos")],
      swiftSettings: settings),

    // a program with one import, and the golden cases with the command that runs them
    .executableTarget(
      name: "TrainDigits", dependencies: ["Neural"], path: "Tests/Examples/TrainDigits",
      swiftSettings: settings),
    .executableTarget(
      name: "training-steps", dependencies: ["Neural"], path: "Tests/Benchmarks/training",
      exclude: ["cnn.py"],
      swiftSettings: settings),
    .target(
      name: "ReferenceCases", dependencies: ["Catalog", "Neural"], path: "Tests/Reference/Cases",
      swiftSettings: settings),
    .executableTarget(
      name: "reference-check", dependencies: ["Neural", "ReferenceCases"],
      path: "Tests/Reference/Command", swiftSettings: settings),
    // sick and healthy training runs, with the command that counts how many `diagnose` gets right
    .target(
      name: "DiagnosisRuns", dependencies: ["Catalog", "Neural"], path: "Tests/Diagnosis/Runs",
      swiftSettings: settings),
    .executableTarget(
      name: "diagnose-check", dependencies: ["Neural", "DiagnosisRuns"],
      path: "Tests/Diagnosis/Command", swiftSettings: settings),
    .executableTarget(
      name: "syntax-answers", dependencies: ["Language"], path: "Tests/fuzz/Answers",
      swiftSettings: settings),

    tests("CatalogTests", "Catalog"),
    tests("LanguageTests", "Catalog", "Language", exclude: ["Corpus"]),
    tests("TensorsTests", "Catalog", "Tensors"),
    tests("DataTests", "Catalog", "Tensors", "Data"),
    tests(
      "NeuralTests", "Catalog", "Tensors", "Data", "Neural", "ReferenceCases", "DiagnosisRuns"),
    tests("PlotsTests", "Catalog", "Plots", exclude: ["Golden"]),
    tests("SessionTests", "Catalog", "Session", "Tensors", exclude: ["Doors"]),
    tests("NotebooksTests", "Catalog", "Session", "Notebooks"),
    tests("KernelTests", "Catalog", "Session", "Kernel", "CZeroMQ"),
  ],
  cLanguageStandard: .gnu17
)
