local function work(n)
  local items = {}
  for i = 0, n - 1 do items[#items + 1] = i * 3 % 1000 end
  local total = 0
  for round = 0, 7 do
    for i = 1, #items do items[i] = items[i] + round end
    for _, item in ipairs(items) do
      if item > 500 then total = total + item end
    end
  end
  return total
end

print(work(1200000))
