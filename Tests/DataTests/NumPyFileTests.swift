import Data
import FoundationEssentials
import Glibc
import Tensors
import Testing

/// A Python with NumPy: `$GRADUS_PYTHON`, or python3; tests that need it say so when it is missing.
enum NumPy {
  static let python = ProcessInfo.processInfo.environment["GRADUS_PYTHON"] ?? "python3"
  static let isThere = unsafe system("\(python) -c 'import numpy' 2>/dev/null") == 0

  /// Runs a program in a folder; returns what it writes to `out`.
  static func run(_ code: String, in folder: String) throws -> String {
    try Foundation.write(code, to: folder + "/program.py")
    #expect(unsafe system("cd '\(folder)' && \(python) program.py > out 2>&1") == 0)
    return String(decoding: try FileBytes.read(folder + "/out"), as: UTF8.self)
  }

  private enum Foundation {
    static func write(_ text: String, to path: String) throws {
      try FileBytes.write(Array(text.utf8), to: path)
    }
  }
}

@Suite("NumPy's files", .enabled(if: NumPy.isThere, "needs a Python with NumPy"))
struct NumPyFileTests {
  private func folder() throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/gradus-numpy-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  @Test("What NumPy writes is read")
  func reading() throws {
    let place = try folder()
    defer { try? FileManager.default.removeItem(atPath: place) }
    _ = try NumPy.run(
      """
      import numpy as np
      x = np.arange(24).reshape(2, 3, 4)
      for t in '?bBhHiIqQefd':
          np.save(f'c_{ord(t)}.npy', (x % 2 if t == '?' else x).astype(t))
          np.save(f'f_{ord(t)}.npy', np.asfortranarray((x % 2 if t == '?' else x).astype(t)))
          np.save(f'b_{ord(t)}.npy', (x % 2 if t == '?' else x).astype(np.dtype(t).newbyteorder('>')))
      np.savez('plain.npz', a=x.astype('f4'), b=np.zeros((0, 3)))
      np.savez_compressed('packed.npz', a=np.ones((100, 100)), s=np.float64(2.5))
      with open('v2.npy', 'wb') as f: np.lib.format.write_array(f, x, version=(2, 0))
      with open('v3.npy', 'wb') as f: np.lib.format.write_array(f, x, version=(3, 0))
      """, in: place)
    for letter in "?bBhHiIqQefd" {
      let code = letter.asciiValue ?? 0
      for prefix in ["c", "f", "b"] {
        let x = try NPY.read("\(place)/\(prefix)_\(code).npy")
        let wanted = (0..<24).map { Double(letter == "?" ? $0 % 2 : $0) }
        #expect(x.shape == [2, 3, 4] && x.doubles == wanted, "\(letter) \(prefix)")
      }
    }
    for version in ["v2", "v3"] {
      #expect(try NPY.read("\(place)/\(version).npy").ints == Array(0..<24))
    }
    let plain = try NPZ.read("\(place)/plain.npz")
    #expect(plain.map(\.name) == ["a", "b"] && plain[1].tensor.shape == [0, 3])
    let packed = try NPZ.read("\(place)/packed.npz")
    #expect(packed[0].tensor.count == 10_000 && packed[1].tensor.doubles == [2.5])
  }

  @Test("What is written NumPy reads, and an array's bytes are NumPy's own")
  func writing() throws {
    let place = try folder()
    defer { try? FileManager.default.removeItem(atPath: place) }
    let x = try Tensor((0..<6).map { Float($0) }, shape: [2, 3])
    try FileBytes.write(NPY.encoded(x), to: place + "/x.npy")
    let arrays: [NPZ.Named] = [("x", x), ("y", try Tensor([1, 2, 3]))]
    try FileBytes.write(NPZ.encoded(arrays), to: place + "/plain.npz")
    try FileBytes.write(NPZ.encoded(arrays, isCompressed: true), to: place + "/packed.npz")
    let output = try NumPy.run(
      """
      import numpy as np, io
      x = np.load('x.npy')
      buffer = io.BytesIO(); np.save(buffer, x)
      print(buffer.getvalue() == open('x.npy', 'rb').read(), x.tolist())
      for name in ['plain.npz', 'packed.npz']:
          with np.load(name) as f: print(f.files, f['x'].dtype, f['y'].tolist())
      """, in: place)
    #expect(
      output == """
        True [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
        ['x', 'y'] float32 [1, 2, 3]
        ['x', 'y'] float32 [1, 2, 3]

        """)
  }
}
