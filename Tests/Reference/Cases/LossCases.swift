internal import Catalog
internal import Neural

extension Operations {
  static let losses: [String: Check] = {
    @Sendable func plain(_ loss: Loss) -> Check {
      { c in
        guard (c.parameters["reduction"]?.string ?? "mean") == "mean" else {
          throw Unsupported("reduction other than the mean")
        }
        let target = try c.input("target")
        try c.differentiate(["pred"]) { try loss($0[0], .values(target), isLogits: false) }
      }
    }
    @Sendable func penalty(_ c: Case) throws {
      let own = Penalty(
        l1: c.number("l1") ?? 0, l2: c.number("l2") ?? (c.number("lambda") ?? 0) / 2)
      try c.differentiate(["W"]) { try own($0[0]) }
    }
    return [
      "mse": plain(.mse), "mae": plain(.mae),
      "huber": { c in try plain(Loss(.huber(c.number("delta") ?? 1)))(c) },
      "bce": { c in
        let target = try c.input("target")
        try c.differentiate(["prob"]) { try Loss.binary($0[0], .values(target), isLogits: false) }
      },
      "bce_logits": { c in
        guard c.parameters["pos_weight"] == nil else { throw Unsupported("pos_weight") }
        let loss = Loss(.binary, smoothing: c.number("label_smoothing") ?? 0)
        let target = try c.input("target")
        try c.differentiate(["logits"]) { try loss($0[0], .values(target), isLogits: true) }
      },
      "sparse_ce_logits": { c in
        guard (c.parameters["reduction"]?.string ?? "mean") == "mean",
          c.parameters["class_weights"] == nil, c.parameters["ignore_index"] == nil
        else { throw Unsupported("weights, ignored classes, other reductions") }
        let labels = try c.input("labels")
        try c.differentiate(["logits"]) {
          try Loss.categorical($0[0], .classes(labels), isLogits: true)
        }
      },
      "ce_logits": { c in
        let loss = Loss(.categorical, smoothing: c.number("label_smoothing") ?? 0)
        let target = try c.input("target")
        try c.differentiate(["logits"]) { try loss($0[0], .values(target), isLogits: true) }
      },
      "initial_loss": { c in
        let classes = c.parameters["classes"]?.int ?? 2
        let logits = try Tensor.zeros(Shape([4, classes]), dtype: c.dtype)
        let loss = try Loss.categorical(logits, .classes(Tensor([0, 0, 1, 1])), isLogits: true)
        c.expect(loss, "loss", in: "expect")
      },
      "reg_l1": penalty, "reg_l2": penalty, "reg_elastic": penalty, "reg_half_l2": penalty,
    ]
  }()
}
