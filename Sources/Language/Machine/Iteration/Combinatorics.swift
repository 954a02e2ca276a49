/// Products, permutations and combinations: `IteratorCell.other` has the indices that come next.
extension Machine {
  /// `source`: the pools; `other`: their indices and the tuple given last.
  func nextOfProduct(_ cell: IteratorCell) -> RawValue {
    guard cell.other.isList, cell.source.isTuple else { return .undefined }
    let (pools, state) = (TupleCell(cell.source), ListCell(cell.other))
    let count = pools.count
    if cell.position == 0 {
      cell.position = 1
      let first = heap.newTuple(count: count)
      for index in 0..<count {
        let pool = TupleCell(pools[index])
        if pool.count == 0 { return end(cell) }
        first[index] = pool[0]
      }
      state[count] = first.value
      return first.value
    }
    let result = heap.newTuple(copying: TupleCell(state[count]).elements, count: count)
    var place = count - 1
    while place >= 0 {
      let pool = TupleCell(pools[place])
      let index = state[place].int + 1
      if index < pool.count {
        state[place] = RawValue(index)
        result[place] = pool[index]
        state[count] = result.value
        return result.value
      }
      state[place] = RawValue(0)
      result[place] = pool[0]
      place -= 1
    }
    return end(cell)
  }

  /// `source`: the pool; `limit`: how many are chosen; `other`: the indices, then the cycles.
  func nextOfPermutations(_ cell: IteratorCell) -> RawValue {
    guard cell.other.isList, cell.source.isTuple else { return .undefined }
    let (pool, state) = (TupleCell(cell.source), ListCell(cell.other))
    let (count, chosen) = (pool.count, cell.limit)
    if cell.position == 0 {
      cell.position = 1
      return chosen > count ? end(cell) : pick(pool, state, chosen)
    }
    var place = chosen - 1
    while place >= 0 {
      let cycle = state[count + place].int - 1
      state[count + place] = RawValue(cycle)
      guard cycle == 0 else {
        let other = count - cycle
        (state[place], state[other]) = (state[other], state[place])
        return pick(pool, state, chosen)
      }
      let first = state[place]
      for index in place..<(count - 1) { state[index] = state[index + 1] }
      state[count - 1] = first
      state[count + place] = RawValue(count - place)
      place -= 1
    }
    return end(cell)
  }

  /// `source`: the pool; `limit`: how many are chosen; `other`: their indices.
  func nextOfCombinations(_ cell: IteratorCell, repeats: Bool) -> RawValue {
    guard cell.other.isList, cell.source.isTuple else { return .undefined }
    let (pool, state) = (TupleCell(cell.source), ListCell(cell.other))
    let (count, chosen) = (pool.count, cell.limit)
    if cell.position == 0 {
      cell.position = 1
      let isImpossible = repeats ? count == 0 && chosen > 0 : chosen > count
      return isImpossible ? end(cell) : pick(pool, state, chosen)
    }
    var place = chosen - 1
    while place >= 0, state[place].int == (repeats ? count - 1 : place + count - chosen) {
      place -= 1
    }
    if place < 0 { return end(cell) }
    var index = state[place].int + 1
    while place < chosen {
      state[place] = RawValue(index)
      if !repeats { index += 1 }
      place += 1
    }
    return pick(pool, state, chosen)
  }

  private func pick(_ pool: TupleCell, _ indices: ListCell, _ count: Int) -> RawValue {
    let result = heap.newTuple(count: count)
    for index in 0..<count { result[index] = pool[indices[index].int] }
    return result.value
  }
}
