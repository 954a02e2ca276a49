public import Catalog

/// A message from a client: its signature has been checked, its JSON read.
public struct Message: Sendable {
  public let channel: Channel
  /// The route back to the client.
  public let identities: [Frame]
  /// Hexadecimal, as it came; empty when nothing is signed.
  public let signature: Frame
  /// The header's bytes as they came; they become the parent header of every answer.
  public let header: Frame
  public let type: String
  public let id: String
  /// The id of the message it answers, for replies to the kernel's own requests.
  public let parentID: String?
  public let metadata: JSON
  public let content: JSON
  public let buffers: [Frame]
  /// The size of all its frames.
  let byteCount: Int

  /// Why frames were not a message.
  public enum Fault: Error, Equatable {
    case noDelimiter
    case tooFewFrames(Int)
    case wrongSignature
    case headerTooLong(Int)
    case malformed(part: String, problem: String)

    public var description: String {
      switch self {
      case .noDelimiter: "no <IDS|MSG> delimiter"
      case .tooFewFrames(let count): "\(count) frames after the delimiter, 5 are needed"
      case .wrongSignature: "the signature does not fit the key"
      case .headerTooLong(let count): "a header of \(count) bytes"
      case .malformed(let part, let problem): "\(part): \(problem)"
      }
    }
  }

  static let delimiter = Frame("<IDS|MSG>".utf8)
  static let longestHeader = 1 << 20

  /// Reads a message as it came from a socket.
  public init(_ frames: [Frame], on channel: Channel, signer: Signer) throws(Fault) {
    guard let mark = frames.firstIndex(of: Message.delimiter) else { throw .noDelimiter }
    let parts = frames[(mark + 1)...]
    guard parts.count >= 5 else { throw .tooFewFrames(parts.count) }
    let json = parts.dropFirst().prefix(4)
    guard signer.accepts(frames[mark + 1], for: json) else { throw .wrongSignature }
    signature = frames[mark + 1]
    header = frames[mark + 2]
    for part in [header, frames[mark + 3]] where part.count > Message.longestHeader {
      throw .headerTooLong(part.count)
    }
    let fields = try Message.object(header, "header")
    guard let type = fields["msg_type"]?.string, let id = fields["msg_id"]?.string else {
      throw .malformed(part: "header", problem: "msg_type and msg_id must be strings")
    }
    let parent = try Message.object(frames[mark + 3], "parent header")
    metadata = try Message.object(frames[mark + 4], "metadata")
    content = try Message.object(frames[mark + 5], "content")
    self.channel = channel
    self.type = type
    self.id = id
    parentID = parent["msg_id"]?.string
    identities = Array(frames[..<mark])
    buffers = Array(parts.dropFirst(5))
    byteCount = frames.reduce(0) { $0 + $1.count }
  }

  private static func object(_ frame: Frame, _ part: String) throws(Fault) -> JSON {
    let json: JSON
    do {
      json = try JSON(parsing: frame)
    } catch {
      throw .malformed(part: part, problem: error.failure.message)
    }
    switch json {
    case .object: return json
    // Some clients send null where an empty object is meant.
    case .null where part != "header": return .object([])
    default: throw .malformed(part: part, problem: "no JSON object")
    }
  }
}

/// Writes the kernel's messages: one session for the life of the process, a new id for each.
public struct Composer: Sendable {
  private let signer: Signer
  private let session = randomIdentity()
  private let username: String

  public init(signer: Signer, username: String = "gradus") {
    self.signer = signer
    self.username = username
  }

  /// The frames of a message, and its id.
  ///
  /// - Parameter parent: the header it answers, as it came; empty for messages of our own accord.
  func frames(
    _ type: String, to route: [Frame], parent: Frame?, content: JSON, metadata: JSON = [:]
  ) -> (frames: [Frame], id: String) {
    let id = randomIdentity()
    let header: JSON = [
      "msg_id": .string(id), "msg_type": .string(type), "username": .string(username),
      "session": .string(session), "date": .string(Clock.timestamp),
      "version": .string(KernelInfo.protocolVersion),
    ]
    let json: [Frame] = [
      header.encoded(), parent ?? Frame("{}".utf8), metadata.encoded(), content.encoded(),
    ]
    return (route + [Message.delimiter, signer.signature(of: json[...])] + json, id)
  }
}
