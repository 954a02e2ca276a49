/// The members of a ZIP archive, found through its central directory.
///
/// Stored and deflated members, ZIP64 sizes, data descriptors. Every offset is checked against the
/// file before it is used.
struct ZIPArchive {
  struct Member {
    var name: String
    var isDeflated: Bool
    var checksum: UInt32
    var packed: Int
    var size: Int
    /// Where the local header lies.
    var header: Int
  }

  let bytes: [UInt8]
  let name: String
  private(set) var members: [Member] = []

  static func recognises(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x50, 0x4B, 3, 4]) || bytes.starts(with: [0x50, 0x4B, 5, 6])
  }

  private func problem(_ found: String, _ expected: String) -> FileProblem {
    .malformed(name, found: found, expected: expected)
  }

  /// A little-endian number, or nil beyond the end or beyond Int.
  private func word(_ place: Int, _ width: Int) -> Int? {
    guard place >= 0, place <= bytes.count - width else { return nil }
    var value: UInt64 = 0
    for step in (0..<width).reversed() { value = value << 8 | UInt64(bytes[place + step]) }
    return Int(exactly: value)
  }

  init(_ bytes: [UInt8], name: String) throws(FileProblem) {
    self.bytes = bytes
    self.name = name
    // The end record stands last, before a comment of at most 65,535 bytes.
    var end: Int?
    var place = bytes.count - 22
    let lowest = max(0, bytes.count - 22 - 65_535)
    while place >= lowest {
      if word(place, 4) == 0x0605_4B50 {
        end = place
        break
      }
      place -= 1
    }
    guard let end, var count = word(end + 10, 2), var start = word(end + 16, 4) else {
      throw problem("no end record", "a ZIP archive: the file is cut off or something else")
    }
    if word(end - 20, 4) == 0x0706_4B50, let wide = word(end - 12, 8),
      word(wide, 4) == 0x0606_4B50, let wideCount = word(wide + 32, 8),
      let wideStart = word(wide + 48, 8)
    {
      (count, start) = (wideCount, wideStart)
    }
    var at = start
    for index in 0..<count {
      guard word(at, 4) == 0x0201_4B50, let flags = word(at + 8, 2), let method = word(at + 10, 2),
        let checksum = word(at + 16, 4), var packed = word(at + 20, 4), var size = word(at + 24, 4),
        let nameLength = word(at + 28, 2), let extraLength = word(at + 30, 2),
        let commentLength = word(at + 32, 2), var header = word(at + 42, 4),
        at + 46 + nameLength + extraLength + commentLength <= bytes.count
      else {
        throw problem("no entry \(index) in the directory at byte \(at)", "\(count) entries")
      }
      let title = String(decoding: bytes[(at + 46)..<(at + 46 + nameLength)], as: UTF8.self)
      widen(&size, &packed, &header, at: at + 46 + nameLength, length: extraLength)
      guard flags & 1 == 0, method == 0 || method == 8 else {
        throw problem(
          "'\(title)' \(flags & 1 == 1 ? "encrypted" : "packed by method \(method)")",
          "stored or deflated members")
      }
      members.append(
        Member(
          name: title, isDeflated: method == 8, checksum: UInt32(truncatingIfNeeded: checksum),
          packed: packed, size: size, header: header))
      at += 46 + nameLength + extraLength + commentLength
    }
  }

  /// Sizes that do not fit 32 bits stand in the extra field with the number 1.
  private func widen(
    _ size: inout Int, _ packed: inout Int, _ header: inout Int, at place: Int, length: Int
  ) {
    var at = place
    while at + 4 <= place + length, let kind = word(at, 2), let width = word(at + 2, 2) {
      if kind == 1 {
        var next = at + 4
        func take(_ value: inout Int) {
          guard value == 0xFFFF_FFFF, next + 8 <= at + 4 + width, let wide = word(next, 8) else {
            return
          }
          value = wide
          next += 8
        }
        take(&size)
        take(&packed)
        take(&header)
        return
      }
      at += 4 + width
    }
  }

  /// The bytes of a member, inflated and checked.
  func content(of member: Member, check: () throws -> Void) throws -> ArraySlice<UInt8> {
    guard word(member.header, 4) == 0x0403_4B50, let nameLength = word(member.header + 26, 2),
      let extraLength = word(member.header + 28, 2),
      case let start = member.header + 30 + nameLength + extraLength, start <= bytes.count,
      member.packed <= bytes.count - start
    else {
      throw problem(
        "no member '\(member.name)' at byte \(member.header)",
        "\(member.packed) bytes of it: the file is cut off or damaged")
    }
    let packed = bytes[start..<start + member.packed]
    let plain: ArraySlice<UInt8>
    if member.isDeflated {
      // Deflate packs at most 1,032 to 1, so a small file cannot ask for much.
      guard member.size / 1040 <= member.packed else {
        throw problem(
          "\(member.size) bytes announced for \(member.packed) packed ones in '\(member.name)'",
          "a size that deflate can reach")
      }
      do {
        plain = try Deflated.inflate(packed, limit: member.size, check: check)[...]
      } catch let reason as Deflated.Problem {
        throw problem(
          "a deflate stream of '\(member.name)' that \(reason == .damaged ? "is damaged" : "does not end")",
          "\(member.size) bytes")
      }
    } else {
      plain = packed
    }
    guard plain.count == member.size, Deflated.checksum(plain) == member.checksum else {
      throw problem(
        "\(plain.count) bytes of '\(member.name)' with another checksum",
        "\(member.size) bytes: get the file again")
    }
    return plain
  }

  /// The bytes of an archive of these files; the same files give the same bytes.
  ///
  /// - Throws: a `FileProblem` beyond 4 GiB.
  static func encoded(
    _ files: [(name: String, content: [UInt8])], isDeflated: Bool, path: String
  ) throws(FileProblem) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    func little(_ value: Int, _ width: Int) -> [UInt8] {
      (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    for (name, content) in files {
      let packed = isDeflated ? Deflated.deflate(content) : nil
      let title = Array(name.utf8)
      guard archive.count + content.count < 0xFFFF_FFFF, title.count < 1 << 16,
        files.count < 1 << 16
      else {
        throw .unwritable(path, reason: "the archive would be beyond 4 GiB")
      }
      // Version 2.0, names in UTF-8, 1980-01-01.
      let facts =
        little(20, 2) + little(0x800, 2) + little(packed == nil ? 0 : 8, 2) + little(0, 2)
        + little(0x21, 2) + little(Int(Deflated.checksum(content[...])), 4)
        + little(packed?.count ?? content.count, 4) + little(content.count, 4)
        + little(title.count, 2) + little(0, 2)
      directory += [0x50, 0x4B, 1, 2] + little(20, 2) + facts + little(0, 2) + little(0, 2)
      directory += little(0, 2) + little(0, 4) + little(archive.count, 4) + title
      archive += [0x50, 0x4B, 3, 4] + facts + title + (packed ?? content)
    }
    let start = archive.count
    archive += directory
    archive += [0x50, 0x4B, 5, 6] + little(0, 4) + little(files.count, 2) + little(files.count, 2)
    archive += little(directory.count, 4) + little(start, 4) + little(0, 2)
    return archive
  }
}
