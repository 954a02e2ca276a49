import Glibc

/// What a Python program prints; nil where there is no Python.
func python(_ program: String, _ argument: String) -> String? {
  let escaped = program.split(separator: "'" as Character, omittingEmptySubsequences: false)
    .joined(separator: "'\\''")
  guard let pipe = unsafe popen("python3 -c '\(escaped)' \(argument) 2>/dev/null", "r") else {
    return nil
  }
  var output: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = unsafe fread(&buffer, 1, buffer.count, pipe)
    if count == 0 { break }
    output += buffer[..<count]
  }
  let status = unsafe pclose(pipe)
  return status == 127 << 8 ? nil : String(decoding: output, as: UTF8.self)
}
