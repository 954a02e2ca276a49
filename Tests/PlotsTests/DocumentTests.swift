import Catalog
import FoundationEssentials
import Plots
import Testing

/// The SVG document and the PNG inside it, as front ends need them.
@Suite struct DocumentTests {
  @Test func bothThemesStandInOneDocument() throws {
    let svg = try #require(Examples.history.svg(theme: .auto))
    #expect(svg.contains("<style>@media (prefers-color-scheme:dark){"))
    #expect(svg.contains("width=\"640\"") && svg.contains("viewBox=\"0 0 640 "))
    #expect(svg.contains("role=\"img\"") && svg.contains("<title id=") && svg.contains("<desc id="))
    #expect(svg.contains("fill=\"#FFFFFF\"") && svg.contains("fill:#1B1B1B"))
    for forbidden in ["<script", "foreignObject", "onload", "http://www.w3.org/1999/xlink", "<a "] {
      #expect(!svg.contains(forbidden))
    }
    let light = try #require(Examples.history.svg(theme: .light))
    #expect(!light.contains("<style>") && !light.contains("class=\"f"))
    let dark = try #require(Examples.history.svg(theme: .dark))
    #expect(!dark.contains("<style>") && dark.contains("fill=\"#1B1B1B\""))
  }

  @Test func identifiersDifferBetweenFigures() throws {
    let first = try #require(Examples.history.svg())
    let second = try #require(Examples.lines.svg())
    func name(_ svg: String) -> String {
      let parts: [Substring] = svg.split(separator: "\"" as Character)
      return parts.count > 3 ? String(parts[3]) : ""
    }
    #expect(name(first).hasPrefix("g") && name(first).count == 8)
    #expect(name(first) != name(second))
  }

  @Test func aFigureIsShownInAllItsForms() {
    let media = Examples.history.media()
    #expect(media.svg != nil && media.html == nil)
    #expect(media.alternative == Examples.history.alternative)
    #expect(media.text.hasPrefix(Examples.history.alternative + "\n"))
    let table = Examples.table.media()
    #expect(table.svg == nil && table.html != nil && table.text.hasPrefix("Results\n┌"))
  }

  @Test func pngFilesAreReadByOthers() throws {
    let pixels: [UInt8] = [0, 255, 10, 20, 30, 40]
    for (format, width, height, factor) in [
      (PNG.Format.grey, 3, 2, 1), (.colour, 2, 1, 1), (.greyAlpha, 1, 3, 4), (.grey, 2, 3, 3),
    ] {
      let file = try #require(
        PNG.encode(width: width, height: height, format: format, pixels: pixels, enlarged: factor))
      let script = """
        import struct, sys, zlib
        data = bytes.fromhex(sys.argv[1])
        assert data[:8] == b"\\x89PNG\\r\\n\\x1a\\n"
        place, parts = 8, {}
        while place < len(data):
            size, kind = struct.unpack(">I4s", data[place:place + 8])
            body = data[place + 8:place + 8 + size]
            assert struct.unpack(">I", data[place + 8 + size:place + 12 + size])[0] \
        == zlib.crc32(kind + body)
            parts[kind] = body
            place += 12 + size
        width, height, depth, colour = struct.unpack(">IIBB", parts[b"IHDR"][:10])
        raw = zlib.decompress(parts[b"IDAT"])
        print(width, height, depth, colour, len(raw))
        """
      guard let output = python(script, file.map { hex($0) }.joined()) else { return }
      let (w, h) = (width * factor, height * factor)
      let samples = pixels.count / (width * height)
      #expect(output == "\(w) \(h) 8 \(format.rawValue) \(h * (w * samples + 1))\n")
    }
    #expect(PNG.encode(width: 2, height: 2, format: .grey, pixels: [1]) == nil)
    #expect(PNG.encode(width: 0, height: 0, format: .grey, pixels: []) == nil)
  }

  private func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
