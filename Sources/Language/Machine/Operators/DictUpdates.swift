import Catalog

/// What `dict(…)`, `d.update(…)` and `**` take their entries from.
extension Machine {
  /// `d.update(source)`.
  func update(_ dict: DictCell, from source: RawValue) throws(Thrown) {
    if source.isDict {
      let other = DictCell(source)
      if other.isSame(as: dict) { return }
      try checkRoom(for: other.count, of: 96)
      if dict.count == 0, other.isDense { return try fill(dict, from: other) }
      var index = 0
      while index < other.used {
        if other.isPresent(index) { try setItem(other.key(index), other.value(index), in: dict) }
        index += 1
      }
      return
    }
    if source.tag == RawValue.Tag.instance, plain(source).isDict,
      InstanceCell(source).type.own(names.iterate) == nil
    {
      return try update(dict, from: plain(source))
    }
    if source.tag == RawValue.Tag.instance || source.tag == RawValue.Tag.native {
      let keys = try attribute(source, names.keys, isOptional: true)
      if !keys.isUndefined {
        let scope = HandleScope(self)
        scope.keep(dict.value)
        let all = try call(keys, [])
        scope.keep(all)
        try forEach(all) { key throws(Thrown) in
          try setItem(key, try item(source, key), in: dict)
          return true
        }
        return
      }
    }
    let scope = HandleScope(self)
    scope.keep(dict.value)
    var number = 0
    try forEach(source) { element throws(Thrown) in
      if let pair = Row(element), pair.count == 2 {
        try setItem(pair[0], pair[1], in: dict)
        number += 1
        return true
      }
      guard isIterable(element) else {
        throw error(
          .type, "cannot convert dictionary update sequence element #\(number) to a sequence")
      }
      let pair = try elements(element)
      guard pair.count == 2 else {
        throw error(
          .value,
          "dictionary update sequence element #\(number) has length \(pair.count); 2 is required")
      }
      try setItem(pair[0], pair[1], in: dict)
      number += 1
      return true
    }
  }
}
