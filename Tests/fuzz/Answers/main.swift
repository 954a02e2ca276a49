import FoundationEssentials
import Glibc
import Language

/// Says of each program on stdin whether it parses: `ok`, or exception, code and message.
///
/// Programs end with a NUL, answers with a line end. For the fuzzer, which asks about thousands.
var bytes: [UInt8] = []
while let line = readLine(strippingNewline: false) {
  bytes += line.utf8
}
for program in bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast() {
  let text = String(decoding: program, as: UTF8.self)
  guard let error = Tree.parse(Source(text, name: "program")).errors.first else {
    print("ok")
    continue
  }
  let message = error.message.replacing("\n", with: " ")
  print("\(error.exception.rawValue) [\(error.code ?? "")]: \(message)")
}
