import Plots
import Testing

@Suite struct AxesTests {
  @Test func thePublishedExampleOfTheTickSearchHolds() {
    let ticks = Ticks.linear(8.1, 14.1, target: 4)
    #expect(ticks.map(\.label) == ["8", "10", "12", "14"])
    #expect(ticks.map(\.value) == [8, 10, 12, 14])
  }

  @Test(arguments: [
    (0.0, 1.0, 5, ["0.00", "0.25", "0.50", "0.75", "1.00"]),
    (0.0, 100.0, 6, ["0", "20", "40", "60", "80", "100"]),
    (-5.0, 5.0, 5, ["-5.0", "-2.5", "0.0", "2.5", "5.0"]),
    (0.0, 0.6, 7, ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6"]),
    (0.0, 5e7, 6, ["0", "1e7", "2e7", "3e7", "4e7", "5e7"]),
    (1e-9, 5e-9, 5, ["1e-9", "2e-9", "3e-9", "4e-9", "5e-9"]),
  ])
  func ticksAreNiceAndPrintWithoutResidues(
    _ lower: Double, _ upper: Double, _ target: Int, _ labels: [String]
  ) {
    #expect(Ticks.linear(lower, upper, target: target).map(\.label) == labels)
  }

  @Test(arguments: [
    (0.0, 1e300), (-1e300, 1e300), (1e-300, 2e-300), (1e15, 1e15 + 8), (-7.3, -7.2999),
    (0.0, Double.leastNonzeroMagnitude), (3.0, 3.0), (2.0, 1.0), (.nan, 1.0), (0.0, .infinity),
  ])
  func anyRangeGivesFewTicksInOrder(_ lower: Double, _ upper: Double) {
    for target in [2, 5, 12] {
      let ticks = Ticks.linear(lower, upper, target: target)
      #expect(ticks.count <= 4 * target + 3)
      #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.value < $1.value })
      #expect(ticks.allSatisfy { $0.value.isFinite })
    }
  }

  @Test func logarithmicTicksAreDecades() {
    #expect(
      Ticks.logarithmic(1e-6, 1, target: 8).map(\.label) == [
        "1e-6", "1e-5", "1e-4", "1e-3", "1e-2", "1e-1", "1",
      ])
    #expect(
      Ticks.logarithmic(0.01, 0.9, target: 6).map(\.label) == [
        "0.01", "0.02", "0.05", "0.1", "0.2", "0.5",
      ])
    let wide = Ticks.logarithmic(1e-30, 1e30, target: 8)
    #expect(wide.count <= 10 && wide.count >= 4)
    #expect(Ticks.logarithmic(0, 1, target: 5).isEmpty)
    #expect(Ticks.logarithmic(-1, 1, target: 5).isEmpty)
  }

  @Test func epochsAreWholeNumbers() {
    #expect(Ticks.whole(1, 5, target: 6).map(\.label) == ["1", "2", "3", "4", "5"])
    #expect(Ticks.whole(1, 30, target: 7).map(\.label) == ["5", "10", "15", "20", "25", "30"])
    #expect(Ticks.whole(0.2, 0.8, target: 5).isEmpty)
    #expect(Ticks.whole(-1e308, 1e308, target: 5).count <= 5)
  }

  @Test func scalesMapBothWays() {
    let linear = Scale(.linear, 0, 10, to: 100, 300)
    #expect(linear(5) == 200)
    #expect(linear.value(at: 200) == 5)
    let log = Scale(.log, 1, 100, to: 0, 10)
    #expect(abs(log(10) - 5) < 1e-12)
    #expect(log(0) < -50)
    #expect(abs(log.value(at: 5) - 10) < 1e-9)
  }

  @Test func rangesOfNoWidthArePadded() {
    #expect(Scale.drawable(0, 0) == -0.5...0.5)
    #expect(Scale.drawable(10, 10) == 5...15)
    #expect(Scale.drawable(-1e308, 1e308) == -1e300...1e300)
    #expect(Scale.drawable(1, 2) == 1...2)
  }

  @Test func seriesColoursStandOutOnTheirGround() {
    #expect(Palette.light.count == Palette.dark.count)
    for colour in Palette.light { #expect(contrast(colour, "#FFFFFF") >= 3) }
    for colour in Palette.dark { #expect(contrast(colour, "#1B1B1B") >= 4.5) }
  }

  private func contrast(_ one: String, _ other: String) -> Double {
    let (a, b) = (luminance(one), luminance(other))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// Relative luminance as WCAG defines it, with the gamma curve taken as 2.2.
  private func luminance(_ hex: String) -> Double {
    let value = UInt32(hex.dropFirst(), radix: 16) ?? 0
    let parts = [16, 8, 0].map { Double((value >> UInt32($0)) & 255) / 255 }
    // x^2.2 between x² and x³: close enough for a bound.
    let linear = parts.map { $0 * $0 * (0.8 + 0.2 * $0) }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }
}
