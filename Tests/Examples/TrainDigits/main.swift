// A program that trains a network with nothing but `import Neural`: no kernel, no language.
import Neural

let context = Context(sink: Recording(), seed: 42)
var stream = RandomStream(seed: 42, name: "data")
let digits = try Digits.make(2500, from: &stream)
let data = try digits.split(train: 2000, validation: 500, from: &stream)

let net = try Sequential(Dense(100, .relu), Dropout(0.2), Dense(10, .softmax))
let run = try net.fit(
  Examples(data.train), validation: data.validation.map { Examples($0) },
  Training(epochs: 5, optimizer: .adam(.constant(0.002))), context: context)

print(net.summaryText)
print(run.display(context).text)
