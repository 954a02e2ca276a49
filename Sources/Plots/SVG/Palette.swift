/// The colours of pictures, on light and on dark ground.
public enum Palette {
  /// Series colours on white; all have a contrast of at least 3.
  public static let light = [
    "#0072B2", "#B85100", "#007A5A", "#A94C82", "#8A6D00", "#2E7FB0", "#7A5195", "#5C5C5C",
  ]

  /// Series colours on `#1B1B1B`, the same hues in the same order.
  public static let dark = [
    "#56B4E9", "#FF8A4C", "#2CC79A", "#E58FBE", "#F0E442", "#8CC8F0", "#B39DDB", "#BDBDBD",
  ]

  /// Dash patterns that tell series apart beyond the fourth.
  static let dashes = ["", "", "", "", "6 3", "2 2", "8 3 2 3", "1 3"]

  /// Nine steps of a sequential map, even in lightness (viridis).
  static let sequential: [Colour] = [
    0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21908C, 0x27AD81, 0x5DC863, 0xAADC32, 0xFDE725,
  ].map(Colour.init(hex:))

  /// From blue over near-white to orange, for numbers of both signs.
  static let diverging: [Colour] = [
    0x0B4F8A, 0x3F87BE, 0x92C0DF, 0xD9E8F1, 0xF6F6F6, 0xFCE3CB, 0xF4B277, 0xD77A2D, 0x9C4A05,
  ].map(Colour.init(hex:))

  /// The colour at `share` (0 … 1) of a map.
  static func colour(_ map: [Colour], at share: Double) -> Colour {
    guard share.isFinite else { return Colour(red: 0x99, green: 0x99, blue: 0x99) }
    let place = min(max(share, 0), 1) * Double(map.count - 1)
    let index = min(map.count - 2, Int(exactly: place.rounded(.down)) ?? 0)
    return map[index].mixed(with: map[index + 1], share: place - Double(index))
  }
}

/// One opaque colour.
struct Colour: Equatable {
  var red: UInt8
  var green: UInt8
  var blue: UInt8

  init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  init(hex: UInt32) {
    red = UInt8(truncatingIfNeeded: hex >> 16)
    green = UInt8(truncatingIfNeeded: hex >> 8)
    blue = UInt8(truncatingIfNeeded: hex)
  }

  func mixed(with other: Colour, share: Double) -> Colour {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8(clamping: Int(exactly: (Double(a) + (Double(b) - Double(a)) * share).rounded()) ?? 0)
    }
    return Colour(
      red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }

  var hex: String {
    let digits = Array("0123456789ABCDEF")
    return "#"
      + String([red, green, blue].flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// Whether black text reads better on it than white.
  var isLight: Bool {
    0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue) > 140
  }
}

/// What a line or fill is for; the theme says which colour that is.
enum Ink: Hashable {
  case surface
  case text
  case muted
  case grid
  case axis
  /// The ninth and all after it are grey: nobody tells nine hues apart.
  case series(Int)
  case fixed(String)

  var light: String {
    switch self {
    case .surface: "#FFFFFF"
    case .text: "#1F2328"
    case .muted: "#59636E"
    case .grid: "#E5E7EB"
    case .axis: "#8C959F"
    case .series(let index): index < 8 ? Palette.light[max(0, index)] : "#7D8590"
    case .fixed(let colour): colour
    }
  }

  var dark: String {
    switch self {
    case .surface: "#1B1B1B"
    case .text: "#E8E8E8"
    case .muted: "#A9A9A9"
    case .grid: "#3A3A3A"
    case .axis: "#7D7D7D"
    case .series(let index): index < 8 ? Palette.dark[max(0, index)] : "#8B949E"
    case .fixed(let colour): colour
    }
  }

  /// The class that lets the dark theme recolour it; nil: the same in both.
  var name: String? {
    switch self {
    case .surface: "w"
    case .text: "t"
    case .muted: "m"
    case .grid: "g"
    case .axis: "a"
    case .series(let index): index < 8 ? String(max(0, index)) : "x"
    case .fixed: nil
    }
  }

  /// All that have a class, in the order the style sheet lists them.
  static let themed: [Ink] =
    [.surface, .text, .muted, .grid, .axis] + (0..<9).map { .series($0) }
}
