/// The pictures that front ends show for the kernel.
enum Logo {
  /// Names and bytes of the files beside `kernel.json`.
  static var files: [(name: String, bytes: [UInt8])] {
    [
      ("logo-32x32.png", PackageResources.logo_32x32_png),
      ("logo-64x64.png", PackageResources.logo_64x64_png),
      ("logo-svg.svg", PackageResources.logo_svg_svg),
    ]
  }
}
