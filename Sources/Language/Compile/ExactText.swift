/// A text that is equal only to the same code points; Swift's strings are equal when they look it.
struct ExactText: Hashable {
  let string: String

  init(_ string: String) {
    self.string = string
  }

  static func == (left: ExactText, right: ExactText) -> Bool {
    left.string.utf8.elementsEqual(right.string.utf8)
  }

  func hash(into hasher: inout Hasher) {
    for byte in string.utf8 { hasher.combine(byte) }
  }
}
