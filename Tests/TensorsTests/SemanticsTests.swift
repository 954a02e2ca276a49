import Catalog
import FoundationEssentials
import Tensors
import Testing

/// The arrays of `make_semantics.py`, and every computation of it.
private struct Semantics {
  let x, f, i, s, u, b, odd, m: Tensor

  init() throws {
    let whole = try Tensor.arange(0, 24).reshape([2, 3, 4])
    let seven = try Tensor.binary(.multiply, whole, .int(7))
    let rest = try Tensor.binary(
      .subtract, Tensor.binary(.remainder, seven, .int(11)), .int(4))
    x = try rest / 2.0
    f = try x.astype(.f32)
    let five = try Tensor.binary(.remainder, Tensor.binary(.multiply, whole, .int(5)), .int(13))
    i = try Tensor.binary(.subtract, five, .int(4))
    s = try i.astype(.i32)
    u = try Tensor([0, 50, 100, 150, 200, 250] as [UInt8])
    b = try Tensor.compare(.greater, i, .int(1))
    odd = try Tensor([.nan, .infinity, -.infinity, -0.0, 0.0, 1.5, -2.5] as [Double])
    m = try x[.at(0)]
  }

  private func op(_ o: BinaryOperation, _ a: Tensor, _ b: Operand) throws -> Tensor {
    try Tensor.binary(o, a, b)
  }

  private func op(_ o: BinaryOperation, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    try Tensor.binary(o, a, b)
  }

  private func ints(_ values: Int..., shape: Shape? = nil) throws -> Tensor {
    try Tensor(values, shape: shape)
  }

  private func picks(_ values: Int...) throws -> Index { .picks(try Tensor(values)) }

  private func changed(_ start: Tensor, _ change: (Tensor) throws -> Void) throws -> Tensor {
    let copy = try start.copy()
    try change(copy)
    return copy
  }

  var arithmetic: [String: () throws -> Tensor] {
    [
      "add promotes": { try f + x }, "i32 + f32": { try s + f },
      "u8 + i32": { try u[.range(0, 4)] + s[.at(0), .at(0)] }, "u8 wraps": { try u + u },
      "bool + bool": { try b + b }, "bool * float": { try b * f },
      "int / int": { try op(.divide, i, .int(3)) }, "i32 / 2": { try op(.divide, s, .int(2)) },
      "f32 / 2": { try op(.divide, f, .int(2)) }, "u8 + 1": { try op(.add, u, .int(1)) },
      "u8 * 0.5": { try u * 0.5 }, "bool + 1": { try op(.add, b, .int(1)) },
      "i32 + 1.5": { try s + 1.5 }, "f32 + 1": { try op(.add, f, .int(1)) },
      "floor divide ints": { try op(.floorDivide, i, .int(3)) },
      "floor divide negative": { try op(.floorDivide, i, .int(-3)) },
      "remainder ints": { try op(.remainder, i, .int(3)) },
      "remainder negative": { try op(.remainder, i, .int(-3)) },
      "floor divide floats": { try op(.floorDivide, x, .float(1.5)) },
      "remainder floats": { try op(.remainder, x, .float(-1.5)) },
      "odd // 2": { try op(.floorDivide, odd, .int(2)) },
      "odd % 2": { try op(.remainder, odd, .int(2)) },
      "1 // 0": { try op(.floorDivide, i, .int(0)) }, "x / 0": { try op(.divide, x, .int(0)) },
      "x // 0": { try op(.floorDivide, x, .int(0)) },
      "power": { try op(.power, x + 2.5, .float(1.5)) },
      "int power": { try op(.power, i, .int(3)) }, "square": { try op(.power, i, .int(2)) },
      "sqrt by power": { try op(.power, x + 3, .float(0.5)) },
      "maximum": { try Tensor.maximum(x, 0.5) },
      "minimum nan": { try op(.minimum, odd, .int(0)) },
      "maximum nan": { try Tensor.binary(.maximum, .int(0), odd) },
      "and": { try op(.and, i, .int(6)) }, "or": { try op(.or, i, .int(1)) },
      "xor": { try op(.xor, b, .bool(true)) }, "shift left": { try op(.shiftLeft, i, .int(2)) },
      "shift right": { try op(.shiftRight, i, .int(1)) },
      "arctan2": { try op(.atan2, x, .float(2)) }, "invert": { try i.unary(.invert) },
      "not bool": { try b.unary(.invert) }, "abs": { try i.abs() }, "sign": { try odd.sign() },
      "negative": { try -f }, "floor": { try x.floor() }, "ceil": { try x.unary(.ceil) },
      "round": { try x.unary(.round) }, "trunc": { try x.unary(.trunc) },
      "round 1": { try (x / 3).rounded(decimals: 1) },
      "round -1": { try op(.multiply, i, .int(7)).rounded(decimals: -1) },
      "exp": { try x.exp() }, "exp f32": { try f.exp() }, "log": { try (x.abs() + 1).log() },
      "tanh": { try x.tanh() }, "sin": { try x.sin() }, "cos": { try x.cos() },
      "expm1": { try x.expm1() }, "log1p": { try x.abs().log1p() },
      "sqrt": { try x.abs().sqrt() }, "sqrt int": { try op(.add, i, .int(4)).sqrt() },
      "exp int": { try i.exp() }, "isnan": { try odd.unary(.isnan) },
      "isinf": { try odd.unary(.isinf) }, "isfinite": { try odd.unary(.isfinite) },
      "less": { try x.less(0.5) }, "equal": { try Tensor.compare(.equal, i, .int(3)) },
      "not equal": { try Tensor.compare(.notEqual, i, f) },
      "greater equal": { try Tensor.compare(.greaterOrEqual, x, f) },
      "less nan": { try Tensor.compare(.less, odd, .int(1)) },
      "broadcast": { try x[.all, .range(nil, 1)] + x[.at(0), .at(0)] },
      "where": { try Tensor.select(b, x, Tensor(scalar: -1.0)) },
      "where i": { try Tensor.select(b, i, f) },
      "clip": { try x.clip(.int(-1), .int(1)) },
    ]
  }

  var folds: [String: () throws -> Tensor] {
    [
      "sum": { try x.sum() }, "sum 0": { try x.sum(0) }, "sum 1": { try x.sum(1) },
      "sum -1": { try x.sum(-1) }, "sum 0 2": { try x.sum(axes: [0, 2]) },
      "sum keep": { try x.sum(1, keepdims: true) }, "sum bool": { try b.sum() },
      "sum i32": { try s.sum(1) }, "sum u8": { try u.sum() }, "mean": { try x.mean() },
      "mean f32": { try f.mean(0) }, "mean int": { try i.mean(1) },
      "var": { try x.variance() }, "var 1": { try x.variance(axes: [1], ddof: 1) },
      "std": { try f.deviation(axes: [2]) }, "max": { try x.max() },
      "max 1": { try i.max(axes: [1]) }, "min 0 1": { try x.min(axes: [0, 1]) },
      "max nan": { try odd.max() }, "argmax": { try x.argmax() }, "argmax 1": { try x.argmax(1) },
      "argmin 2": { try i.argmin(2) }, "argmax nan": { try odd.argmax() },
      "prod": { try (x + 3).product(axes: [1]) }, "prod int": { try i.product() },
      "any": { try b.any(axes: [1]) }, "all": { try b.all(axes: [0, 2]) },
      "all none": { try b.all() }, "cumsum": { try x.cumulativeSum() },
      "cumsum 1": { try i.cumulativeSum(1) }, "cumprod": { try x.cumulativeProduct(2) },
      "norm": { try m.norm() }, "norm axis": { try m.norm(axes: [1]) },
      "norm 1": { try m[.at(0)].norm(1) }, "norm inf": { try m[.at(0)].norm(.infinity) },
      "sum empty": { try Tensor.zeros([0, 3], dtype: .f64).sum(0) },
      "mean empty": { try Tensor.zeros([0, 3], dtype: .f64).mean(0) },
      "big sum": { try (Tensor.arange(0, 100_003) * 0.1).sum() },
      "big sum f32": { try (Tensor.arange(0, 100_003) * 0.1).astype(.f32).sum() },
      "strided sum": {
        try (Tensor.arange(0, 1000) * 0.1)[.slice(from: nil, to: nil, step: 3)].sum()
      },
      "columns": { try (Tensor.arange(0, 3000) * 0.1).reshape([1000, 3]).sum(0) },
      "transposed sum": {
        try (Tensor.arange(0, 3000) * 0.1).reshape([1000, 3]).transposed.sum(1)
      },
      "sort": { try x.sorted() }, "sort 0": { try i.sorted(0) }, "sort nan": { try odd.sorted() },
      "argsort": { try x.argsort(2) }, "unique": { try i.unique().values },
      "unique counts": { try i.unique().counts }, "unique inverse": { try i.unique().inverse },
      "matmul": { try m.matmul(m.transposed) },
      "matmul stack": { try x.matmul(x.swapAxes(1, 2)) },
      "matmul vector": { try m.matmul(m[.at(0)]) },
      "vector matmul": { try m[.all, .at(0)].matmul(m) },
      "dot": { try m[.at(0)].dot(m[.at(1)]) },
      "matmul int": { try i[.at(0)].matmul(i[.at(0)].transposed) },
      "matmul mixed": { try s[.at(0)].matmul(f[.at(0)].transposed) },
      "matmul wide": { try x.matmul(m.transposed) },
      "outer": { try m[.at(0)].outer(m[.at(1)]) },
    ]
  }

  var shaping: [String: () throws -> Tensor] {
    [
      "reshape": { try x.reshape(sizes: [4, -1]) }, "transpose": { try x.transposed },
      "permute": { try x.permute([1, 2, 0]) }, "swap": { try x.swapAxes(0, 2) },
      "expand": { try x[.at(0), .range(nil, 1)] }, "flip": { try x.flip([0, 2]) },
      "flip all": { try m.flip() }, "concat": { try Tensor.concat([x, x * 2], axis: 1) },
      "concat mixed": { try Tensor.concat([i[.at(0)], f[.at(1)]]) },
      "stack": { try Tensor.stack([m, m + 1], axis: 1) },
      "stack last": { try Tensor.stack([m, m + 1], axis: -1) },
      "tile": { try m.tiled([2, 1, 2]) }, "repeat": { try m.repeated(2) },
      "repeat 1": { try m.repeated(2, axis: 1) }, "pad": { try m.padded([(1, 0), (0, 2)]) },
      "eye": { try Tensor.eye(3, 4, diagonal: 1, dtype: .f64) },
      "tril": { try m.triangle(upper: false) },
      "triu 1": { try m.triangle(upper: true, diagonal: 1) },
      "arange": { try Tensor.arange(3, 20, step: 4) },
      "arange back": { try Tensor.arange(5, -5, step: -3) },
      "arange float": { try Tensor.arange(0, 1, step: 0.15, dtype: .f64) },
      "linspace": { try Tensor.linspace(-1, 2, count: 7, dtype: .f64) },
      "linspace open": { try Tensor.linspace(0, 1, count: 4, endpoint: false, dtype: .f64) },
      "diag": { try m[.all, .range(nil, 3)].diagonal() }, "diag of": { try m[.at(0)].diagonal() },
      "float to int": { try odd[.range(5, nil)].astype(.i64) },
      "float to i32": { try (x * 3).astype(.i32) }, "int to u8": { try i.astype(.u8) },
      "int to bool": { try i.astype(.bool) }, "nan to bool": { try odd.astype(.bool) },
    ]
  }

  var indexing: [String: () throws -> Tensor] {
    [
      "index": { try x[.at(1), .at(2)] }, "index negative": { try x[.at(-1), .all, .at(-2)] },
      "slice": { try x[.all, .range(1, nil), .slice(from: nil, to: nil, step: 2)] },
      "slice back": {
        try x[.all, .slice(from: nil, to: nil, step: -2), .slice(from: 3, to: 0, step: -1)]
      },
      "slice empty": { try x[.all, .range(2, 1)] },
      "slice beyond": { try x[.range(5, nil), .range(-9, 2)] },
      "ellipsis": { try x[.ellipsis, .at(0)] },
      "new axis": { try x[.newAxis, .at(1), .ellipsis, .newAxis] }, "mask": { try x[.picks(b)] },
      "mask rows": { try m[.picks(Tensor([true, false, true]))] },
      "picks": { try x[.all, picks(2, 0, 2)] }, "picks pair": { try x[picks(0, 1), picks(2, 0)] },
      "picks apart": { try x[picks(0, 1), .all, picks(2, 0)] },
      "picks and int": { try x[.at(1), .all, picks(0, 3)] },
      "picks 2d": { try m[.all, .picks(ints(0, 1, 2, 3, shape: [2, 2]))] },
      "picks broadcast": { try x[.picks(ints(0, 1, shape: [2, 1])), picks(0, 2)] },
      "picks negative": { try m[picks(-1, -3)] },
      "picks slice": { try x[.range(1, nil), picks(0, 2), .range(1, 3)] },
      "empty picks": { try m[picks()] }, "take": { try x.take(ints(0, 5, -1)) },
      "take 1": { try x.take(ints(2, 0), axis: 1) },
      "along": { try m.takeAlong(m.argsort(1), axis: 1) },
      "nonzero 0": { try Tensor(b.ints.indices.filter { b.ints[$0] != 0 }.map { $0 / 12 }) },
      "assign number": {
        try changed(x) { try $0.assign([.at(0), .at(1)], Tensor(scalar: 9)) }
      },
      "assign slice": {
        try changed(x) { try $0.assign([.all, .range(1, 3), .at(0)], m[.at(0), .range(nil, 2)]) }
      },
      "assign mask": { try changed(x) { try $0.assign([.picks(b)], Tensor(scalar: 0)) } },
      "assign picks": {
        try changed(x) { try $0.assign([.at(0), picks(2, 0)], m[.range(nil, 2)]) }
      },
      "assign apart": {
        try changed(x) { try $0.assign([picks(0, 1), .all, picks(2, 0)], Tensor(scalar: 7)) }
      },
      "assign between": {
        try changed(x) {
          try $0.assign([.all, picks(0, 2), .range(1, 3)], m[.range(nil, 2), .range(nil, 2)])
        }
      },
      "assign twice": {
        try changed(x) { try $0.assign([picks(0, 0, 1)], ints(1, 2, 3, shape: [3, 1, 1])) }
      },
      "assign overlap": {
        try changed(x) { try $0.assign([.range(1, nil)], $0[.range(nil, -1)]) }
      },
      "assign shifted": {
        try changed(Tensor.arange(0, 8).astype(.f64)) {
          try $0.assign([.range(1, nil)], $0[.range(nil, -1)])
        }
      },
      "assign backwards": {
        try changed(Tensor.arange(0, 8).astype(.f64)) { try $0.assign([.all], $0.flip()) }
      },
      "assign to int": {
        try changed(Tensor.arange(0, 3)) { try $0.assign([.at(0)], Tensor(scalar: 2.7)) }
      },
      "in place add": { try changed(x) { try $0.updateInPlace(.add, .tensor(m)) } },
      "in place view": {
        try changed(x) { try $0[.all, .at(1)].updateInPlace(.multiply, .int(2)) }
      },
      "in place self": {
        try changed(x) { try $0.updateInPlace(.add, .tensor($0.flip([0]))) }
      },
    ]
  }
}

@Suite("NumPy's semantics")
struct SemanticsTests {
  @Test("every computation gives NumPy's dtype, shape and values")
  func golden() throws {
    let folder = "/" + "\(#filePath)".split(separator: "/").dropLast(2).joined(separator: "/")
    let data = try Data(contentsOf: URL(filePath: folder + "/Golden/numpy_semantics.json"))
    let json = try JSON(parsing: String(decoding: data, as: UTF8.self))
    let semantics = try Semantics()
    let ours = [semantics.arithmetic, semantics.folds, semantics.shaping, semantics.indexing]
      .reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    for (name, expected) in json.members ?? [] {
      let compute = try #require(ours[name], "no computation is called \(name)")
      let found = try compute()
      #expect(found.dtype.name == expected["dtype"]?.string, "\(name)")
      #expect(
        Array(found.shape) == (expected["shape"]?.array ?? []).compactMap(\.int), "\(name)")
      // Sums and products are the same bits; elementary functions within a few units.
      let tolerance = found.dtype == .f32 ? 3e-7 : 4e-15
      let values = (expected["values"]?.array ?? []).map { value -> Double in
        switch value.string {
        case "nan": .nan
        case "inf": .infinity
        case "-inf": -.infinity
        default: value.double ?? .nan
        }
      }
      #expect(found.doubles.count == values.count, "\(name)")
      for (a, b) in zip(found.doubles, values) {
        let isSame =
          a == b || (a.isNaN && b.isNaN) || abs(a - b) <= tolerance * abs(b)
        #expect(isSame, "\(name): \(a), NumPy \(b)")
        if name.contains("sum") { #expect(a == b, "\(name) to the bit") }
      }
    }
    #expect(json.members?.count == ours.count)
  }
}
