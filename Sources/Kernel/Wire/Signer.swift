internal import CSodium

/// Signs and checks messages with the key of the connection file (HMAC-SHA256).
///
/// An empty key means that nothing is signed and nothing is checked.
public struct Signer: Sendable {
  private let key: [UInt8]

  public init(key: String) {
    self.key = Array(key.utf8)
  }

  public var isOff: Bool { key.isEmpty }

  /// The signature of the JSON frames of a message, in lower-case hexadecimal.
  public func signature(of frames: ArraySlice<Frame>) -> Frame {
    guard !key.isEmpty else { return [] }
    var state = crypto_auth_hmacsha256_state()
    unsafe crypto_auth_hmacsha256_init(&state, key, key.count)
    for frame in frames {
      unsafe crypto_auth_hmacsha256_update(&state, frame, UInt64(frame.count))
    }
    var digest = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
    unsafe crypto_auth_hmacsha256_final(&state, &digest)
    return digest.flatMap { [Signer.digits[Int($0 >> 4)], Signer.digits[Int($0 & 15)]] }
  }

  /// Whether a signature belongs to the frames; the time it takes does not depend on the content.
  public func accepts(_ signature: Frame, for frames: ArraySlice<Frame>) -> Bool {
    guard !key.isEmpty else { return true }
    let expected = self.signature(of: frames)
    guard signature.count == expected.count else { return false }
    return unsafe sodium_memcmp(signature, expected, expected.count) == 0
  }

  fileprivate static let digits = Array("0123456789abcdef".utf8)
}

/// A random identity in the form of a version 4 UUID.
public func randomIdentity() -> String {
  var bytes = [UInt8](repeating: 0, count: 16)
  unsafe randombytes_buf(&bytes, bytes.count)
  bytes[6] = bytes[6] & 0x0f | 0x40
  bytes[8] = bytes[8] & 0x3f | 0x80
  var text: [UInt8] = []
  text.reserveCapacity(36)
  for (index, byte) in bytes.enumerated() {
    if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
    text.append(Signer.digits[Int(byte >> 4)])
    text.append(Signer.digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}
