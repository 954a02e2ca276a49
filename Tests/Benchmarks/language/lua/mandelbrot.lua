local function mandelbrot(size, limit)
  local total = 0
  for py = 0, size - 1 do
    local y0 = 2.0 * py / size - 1.0
    for px = 0, size - 1 do
      local x0 = 3.0 * px / size - 2.0
      local x, y, n = 0.0, 0.0, 0
      while x * x + y * y <= 4.0 and n < limit do
        x, y = x * x - y * y + x0, 2.0 * x * y + y0
        n = n + 1
      end
      total = total + n
    end
  end
  return total
end

print(mandelbrot(500, 100))
