// reference-check FOLDER [--dtype f32|f64]: golden cases through the library, failures listed.
import Glibc
import Neural
import ReferenceCases

var folder: String?
var dtype = DType.f64
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  if argument == "--dtype", let name = arguments.popFirst(), let named = DType(name: name),
    named.isFloating
  {
    dtype = named
  } else if argument.hasPrefix("-") || folder != nil {
    print("usage: reference-check FOLDER [--dtype f32|f64]")
    exit(2)
  } else {
    folder = argument
  }
}
guard let folder else {
  print("usage: reference-check FOLDER [--dtype f32|f64]")
  exit(2)
}

var passed = 0
var failed = 0
for area in Reference.areas {
  do {
    for outcome in try Reference.run(area, folder: folder, dtype: dtype) {
      if outcome.deviations.isEmpty {
        passed += 1
      } else {
        failed += 1
        print("\(outcome.area)/\(outcome.id): \(outcome.deviations.joined(separator: "; "))")
      }
    }
  } catch {
    print(Failure(error).report().joined(separator: "\n"))
    exit(2)
  }
}
print("\(passed) passed, \(failed) failed")
exit(failed == 0 ? 0 : 1)
