/// The pictures that front ends show for the kernel.
enum Logo {
  /// Names and bytes of the files beside `kernel.json`.
  static var files: [(name: String, bytes: [UInt8])] { [] }
}
