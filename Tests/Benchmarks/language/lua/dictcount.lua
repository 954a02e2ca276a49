local function count(n)
  local counts, order = {}, {}
  local state = 42
  for _ = 1, n do
    state = (state * 1103515245 + 12345) % 2147483648
    local key = state % 1000
    local known = counts[key]
    if known then
      counts[key] = known + 1
    else
      counts[key] = 1
      order[#order + 1] = key
    end
  end
  local names = {}
  local sum = 0
  for _, key in ipairs(order) do
    local name = "k" .. key % 100
    names[name] = (names[name] or 0) + counts[key]
    sum = sum + counts[key]
  end
  local most = 0
  for _, value in pairs(names) do most = math.max(most, value) end
  return #order, most, sum
end

print(string.format("(%d, %d, %d)", count(4000000)))
