local function matmul(a, b, n)
  local c = {}
  for i = 1, n do
    local row = {}
    for j = 1, n do
      local s = 0.0
      for k = 1, n do s = s + a[i][k] * b[k][j] end
      row[j] = s
    end
    c[i] = row
  end
  return c
end

local n = 250
local a, b = {}, {}
for i = 0, n - 1 do
  a[i + 1], b[i + 1] = {}, {}
  for j = 0, n - 1 do
    a[i + 1][j + 1] = (i * j) % 7 + 0.5
    b[i + 1][j + 1] = (i + j) % 5 - 1.5
  end
end
local c = matmul(a, b, n)
local sum = 0
for i = 1, n do sum = sum + c[i][i] end
print(string.format("%s %s", sum, c[4][6]))
