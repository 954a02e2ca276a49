internal import Catalog

/// A tensor as it looks in a notebook: its shape, type and range, and some of its numbers.
struct TensorMarkup {
  private let tensor: Tensor
  private var rows: [Int?] = []
  private var columns: [Int?] = []
  private var planes: [[Int]] = []
  private var cells: (Int) -> String = { _ in "" }

  /// Shown of an axis before and after the gap; longer ones are cut.
  private static let edge = 6
  private static let precision = 4

  /// - Parameter tensor: of one axis or more.
  init(_ tensor: Tensor) {
    self.tensor = tensor
    guard tensor.count > 0, let width = tensor.shape.last else { return }
    columns = Self.kept(width)
    rows = tensor.rank > 1 ? Self.kept(tensor.shape[tensor.rank - 2]) : [0]
    planes = Self.planes(tensor)
    guard tensor.dtype == .f32 || tensor.dtype == .f64 else {
      cells = { [tensor] place in
        tensor.dtype == .bool
          ? tensor.integer(place) != 0 ? "True" : "False" : String(tensor.integer(place))
      }
      return
    }
    let shown = planes.flatMap { plane in
      rows.compactMap { $0 }.flatMap { row in
        columns.compactMap { $0 }.map { tensor.element(place(plane, row, $0)) }
      }
    }
    let column = FloatColumn(shown, tensor.dtype, precision: Self.precision, span: .infinity)
    // NumPy fills up with spaces, which a page does not show.
    cells = { [tensor] in
      let text = column(tensor.element($0))
      let number = text.drop { $0 == " " }
      return number.contains("n") ? String(number) : String(number.map { $0 == " " ? "0" : $0 })
    }
  }

  private static func kept(_ count: Int) -> [Int?] {
    guard count > 2 * edge else { return Array(0..<count) }
    return Array(0..<edge) + [nil] + Array((count - edge)..<count)
  }

  /// The leading indices of the matrices that are shown: up to three, or the first two and the last.
  private static func planes(_ tensor: Tensor) -> [[Int]] {
    let sizes = Array(tensor.shape.dropLast(2))
    let count = sizes.reduce(1, *)
    let numbers = count > 3 ? [0, 1, count - 1] : Array(0..<count)
    return numbers.map { number in
      var rest = number
      var plane: [Int] = []
      for size in sizes.reversed() {
        plane.insert(rest % size, at: 0)
        rest /= size
      }
      return plane
    }
  }

  private func place(_ plane: [Int], _ row: Int, _ column: Int) -> Int {
    var place = column * tensor.strides[tensor.rank - 1]
    if tensor.rank > 1 { place += row * tensor.strides[tensor.rank - 2] }
    for (axis, index) in plane.enumerated() { place += index * tensor.strides[axis] }
    return place
  }

  var markup: Markup {
    var markup = Markup()
    let spread = tensor.count == 0 ? "no elements" : Spread(of: tensor)?.text
    markup.heading(
      "Tensor \(tensor.shape)",
      [tensor.dtype.name, spread ?? ""].filter { !$0.isEmpty }
        .joined(separator: ", "))
    for (number, plane) in planes.enumerated() {
      if number > 0, plane != Self.next(planes[number - 1], in: tensor) { markup.line("…") }
      markup.table(table(plane))
    }
    return markup
  }

  /// The plane after another one, in row-major order.
  private static func next(_ plane: [Int], in tensor: Tensor) -> [Int] {
    var plane = plane
    for axis in plane.indices.reversed() {
      plane[axis] += 1
      if plane[axis] < tensor.shape[axis] { break }
      plane[axis] = 0
    }
    return plane
  }

  private func table(_ plane: [Int]) -> Table {
    let hasRows = tensor.rank > 1
    let names = columns.map { Table.Column($0.map(String.init) ?? "…", isNumeric: true) }
    return Table(
      title: plane.isEmpty ? "" : "[\(plane.map(String.init).joined(separator: ", ")), :, :]",
      columns: (hasRows ? [Table.Column("")] : []) + names,
      rows: rows.map { row in
        let numbers = columns.map { column -> Table.Cell in
          guard let row, let column else { return .text("…") }
          return .text(cells(place(plane, row, column)))
        }
        return hasRows ? [.text(row.map(String.init) ?? "…")] + numbers : numbers
      })
  }
}
