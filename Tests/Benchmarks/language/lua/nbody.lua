local function advance(bodies, dt, steps)
  local count = #bodies
  for _ = 1, steps do
    for i = 1, count do
      local a = bodies[i]
      for j = i + 1, count do
        local b = bodies[j]
        local dx = a[1] - b[1]
        local dy = a[2] - b[2]
        local dz = a[3] - b[3]
        local d2 = dx * dx + dy * dy + dz * dz
        local mag = dt / (d2 * d2 ^ 0.5)
        local am = a[7] * mag
        local bm = b[7] * mag
        a[4] = a[4] - dx * bm
        a[5] = a[5] - dy * bm
        a[6] = a[6] - dz * bm
        b[4] = b[4] + dx * am
        b[5] = b[5] + dy * am
        b[6] = b[6] + dz * am
      end
    end
    for i = 1, count do
      local b = bodies[i]
      b[1] = b[1] + dt * b[4]
      b[2] = b[2] + dt * b[5]
      b[3] = b[3] + dt * b[6]
    end
  end
end

local bodies = {
  {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.47841760435743},
  {4.84143144246472, -1.16032004402742, -0.10362204447112, 0.6063263929958, 2.8119868449163, -0.02521836165988, 0.0376936749475},
  {8.34336671824458, 4.1247985641243, -0.40352341711438, -1.01077434617879, 1.82566237123041, 0.00841576137658, 0.01128632613125},
  {12.8943695621391, -15.1111514016986, -0.22330757889266, 1.08279100644154, 0.86871301816961, -0.01083263740136, 0.0017237240570597},
  {15.3796971148509, -25.9193146099879, 0.17925877295037, 0.97909073224383, 0.59469899864767, -0.03475595555069, 0.0020336868699246},
}
advance(bodies, 0.01, 100000)
local sum = 0.0
for _, b in ipairs(bodies) do sum = sum + (b[1] * b[2] + b[3]) end
print(string.format("%.9f", sum))
