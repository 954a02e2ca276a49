/// Draws fewer points without changing what is seen.
enum Thinning {
  /// Above this many points a curve is reduced to the extremes per pixel column.
  static let limit = 1500

  /// Keeps first, least, greatest and last of each column of `resolution` pixels.
  ///
  /// Curves that turn back in x keep points at least a third of a pixel apart instead.
  static func reduce(
    _ places: [(x: Double, y: Double)], resolution: Double = 1
  ) -> [(x: Double, y: Double)] {
    guard places.count > limit else { return places }
    let isOrdered = zip(places, places.dropFirst()).allSatisfy { $0.x <= $1.x }
    guard isOrdered else { return spread(places, distance: 0.35 * resolution) }
    var kept: [(x: Double, y: Double)] = []
    var first = 0
    while first < places.count {
      let column = (places[first].x / resolution).rounded(.down)
      var last = first
      var least = first
      var greatest = first
      while last + 1 < places.count, (places[last + 1].x / resolution).rounded(.down) == column {
        last += 1
        if places[last].y < places[least].y { least = last }
        if places[last].y > places[greatest].y { greatest = last }
      }
      var previous = -1
      for index in [first, min(least, greatest), max(least, greatest), last]
      where index != previous {
        kept.append(places[index])
        previous = index
      }
      first = last + 1
    }
    return kept
  }

  /// Leaves out points that lie on the line between their neighbours, to a twentieth of a pixel.
  ///
  /// Douglas and Peucker (1973); straight parts of a curve need no points.
  static func straighten(_ places: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard places.count > 2 else { return places }
    var isKept = [Bool](repeating: false, count: places.count)
    isKept[0] = true
    isKept[places.count - 1] = true
    var open = [(0, places.count - 1)]
    while let (first, last) = open.popLast() {
      guard last - first > 1 else { continue }
      let (a, b) = (places[first], places[last])
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let length = (dx * dx + dy * dy).squareRoot()
      var farthest = (distance: 0.05, index: -1)
      for index in (first + 1)..<last {
        let (x, y) = (places[index].x - a.x, places[index].y - a.y)
        // Beyond the ends of the chord the distance to its ends counts: curves may turn back.
        let along = length > 0 ? (x * dx + y * dy) / length : 0
        let across = length > 0 ? abs(x * dy - y * dx) / length : (x * x + y * y).squareRoot()
        let distance = max(across, -along, along - length)
        if distance > farthest.distance { farthest = (distance, index) }
      }
      guard farthest.index > 0 else { continue }
      isKept[farthest.index] = true
      open.append((first, farthest.index))
      open.append((farthest.index, last))
    }
    return places.indices.filter { isKept[$0] }.map { places[$0] }
  }

  private static func spread(
    _ places: [(x: Double, y: Double)], distance: Double
  ) -> [(x: Double, y: Double)] {
    var kept: [(x: Double, y: Double)] = []
    for (index, place) in places.enumerated() {
      if let last = kept.last, index < places.count - 1,
        abs(last.x - place.x) < distance, abs(last.y - place.y) < distance
      {
        continue
      }
      kept.append(place)
    }
    // A tangle beyond any resolution: an even selection of it.
    guard kept.count > 20_000 else { return kept }
    let step = kept.count / 20_000 + 1
    return kept.enumerated().filter { $0.offset % step == 0 }.map(\.element)
  }

  /// `M x y l dx dy …` with two decimals, in steps from the rounded place, so errors do not add.
  static func path(_ places: [(x: Double, y: Double)]) -> String {
    var text = ""
    var x = 0
    var y = 0
    for (index, place) in places.enumerated() {
      let nextX = hundredths(place.x)
      let nextY = hundredths(place.y)
      if index == 0 {
        text += "M\(decimal(nextX)) \(decimal(nextY))"
      } else {
        if index > 1, nextX == x, nextY == y { continue }
        if index == 1 { text += "l" } else { text += " " }
        let dy = decimal(nextY - y)
        text += decimal(nextX - x) + (dy.hasPrefix("-") ? "" : " ") + dy
      }
      x = nextX
      y = nextY
    }
    return text
  }

  static func hundredths(_ value: Double) -> Int {
    Int(exactly: (Frame.limit(value) * 100).rounded()) ?? 0
  }

  static func decimal(_ hundredths: Int) -> String {
    NumberText.coordinate(Double(hundredths) / 100)
  }
}
