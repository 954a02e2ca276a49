local function build(n)
  local pieces = {}
  for i = 0, n - 1 do
    pieces[#pieces + 1] = tostring(i)
    pieces[#pieces + 1] = ","
  end
  local text = table.concat(pieces)
  local parts = {}
  for i = 0, n - 1 do parts[#parts + 1] = "item" .. i % 97 end
  local joined = table.concat(parts, "-")
  local _, found = joined:gsub("item9", "%0")
  return #text, #joined, found, text:sub(1001, 1020)
end

print(string.format("(%d, %d, %d, '%s')", build(2000000)))
