internal import Catalog
internal import Session

/// `kernel_info_request`: what the kernel is; answered on shell and control at any time.
enum KernelInfo {
  static let protocolVersion = "5.5"

  static func answer(_ exchange: Exchange, version: String) {
    exchange.serve { exchange in exchange.reply(content(version: version)) }
  }

  static func content(version: String) -> JSON {
    [
      "status": "ok",
      "protocol_version": .string(protocolVersion),
      "implementation": "gradus",
      "implementation_version": .string(version),
      "language_info": About.language,
      "banner": .string("Gradus \(version): train deep networks, one step at a time."),
      "help_links": [],
      "supported_features": [],
    ]
  }
}
