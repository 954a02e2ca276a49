import Catalog

extension MersenneTwister {
  /// Seeded by a text, as `random.seed("a")`: the number that its bytes and their SHA-512 make.
  init(text: [UInt8]) {
    let bytes = text + SHA512.digest(text)
    var words: [UInt32] = []
    var end = bytes.count
    while end > 0 {
      let start = max(0, end - 4)
      words.append(bytes[start..<end].reduce(0) { $0 << 8 | UInt32($1) })
      end = start
    }
    while words.count > 1, words.last == 0 { words.removeLast() }
    self.init(words: words)
  }
}
