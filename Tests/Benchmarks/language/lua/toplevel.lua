total = 0
i = 0
x = 0.5
while i < 6000000 do
  x = x * 3.7 * (1.0 - x)
  if x > 0.5 then
    total = total + i % 7
  else
    total = total - 1
  end
  i = i + 1
end
print(string.format("%d %.6f", total, x))
