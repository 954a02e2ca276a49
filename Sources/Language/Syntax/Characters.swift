@_spi(_Unicode) import Swift

extension Unicode.Scalar {
  var startsName: Bool {
    if isASCII { return UInt8(truncatingIfNeeded: value).startsName }
    return properties.isXIDStart && !isVariantOfAnother
  }

  var continuesName: Bool {
    if isASCII { return UInt8(truncatingIfNeeded: value).continuesName }
    return properties.isXIDContinue && !isVariantOfAnother
  }

  /// Letters that Python reads as other letters (NFKC); here they are no letters, so that a name
  /// never means something else than in Python.
  private var isVariantOfAnother: Bool {
    switch value {
    case 0xAA, 0xBA, 0x2070...0x209C, 0x2100...0x2129, 0x212C...0x2188, 0xFB00...0xFB4F,
      0xFB50...0xFDFF, 0xFE70...0xFEFE, 0xFF00...0xFFEF, 0x1D400...0x1D7FF, 0x1EE00...0x1EEFF,
      0x1D2C...0x1D6A, 0x1D78, 0x1D9B...0x1DBF, 0x02B0...0x02B8, 0x02E0...0x02E4, 0x017F:
      true
    default: false
    }
  }

  /// What CPython's `str.isprintable` says.
  var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      false
    case .spaceSeparator: value == 0x20
    default: true
    }
  }

  /// Whether it shows nothing at all.
  var isInvisible: Bool {
    switch properties.generalCategory {
    case .control, .format: true
    default: false
    }
  }

  /// What to type instead of a character that no token begins with.
  var asciiAdvice: String? {
    switch value {
    case 0x201C, 0x201D, 0x201E, 0x201F, 0xAB, 0xBB, 0x2033, 0x300C, 0x300D:
      return "type a straight \" instead"
    case 0x2018, 0x2019, 0x201A, 0x201B, 0x2032, 0x60, 0xB4: return "type a straight ' instead"
    case 0x2010...0x2015, 0x2212: return "type - instead"
    case 0xD7, 0x22C5, 0x2217: return "type * instead"
    case 0xF7, 0x2215, 0x2044: return "type / instead"
    case 0x2264: return "type <= instead"
    case 0x2265: return "type >= instead"
    case 0x2260: return "type != instead"
    case 0x2026: return "type ... instead"
    case 0x2192: return "type -> instead"
    case 0x3001: return "type , instead"
    case 0x3002: return "type . instead"
    case 0x3010: return "type [ instead"
    case 0x3011: return "type ] instead"
    case 0xFF01...0xFF5E:
      let plain = Unicode.Scalar(UInt8(truncatingIfNeeded: value - 0xFEE0))
      return "type \(plain) instead"
    case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000:
      return "it looks like a space; type a space instead"
    case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2064, 0xFEFF, 0xAD:
      return "it cannot be seen; delete it"
    case 0xAA, 0xBA, 0x2070...0x209C, 0x2100...0x2188, 0xFB00...0xFEFE, 0x1D400...0x1D7FF:
      return "a name cannot contain this form of a letter; type the plain one"
    default: return nil
    }
  }
}

extension String {
  /// The composed form (NFC).
  var composed: String {
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: _nfc)
    return String(scalars)
  }
}
