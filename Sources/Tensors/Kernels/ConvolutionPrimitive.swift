internal import CKernels
internal import COneDNN
internal import Synchronization

/// A convolution of oneDNN for some images of one shape, with what its memory looks like.
///
/// oneDNN 2.6; version 3 has no operation descriptors, so their use stays in this file.
///
/// `@unchecked Sendable`: primitives do not change, and each run brings its own memory, scratchpad
/// included. `@safe`: the handles are made here and freed with the object.
@safe
final class ConvolutionPrimitive: @unchecked Sendable {
  enum Pass: Hashable {
    case forward(bias: Bool, rectifies: Bool)
    case inputGradient
    case kernelGradient(bias: Bool)
  }

  private struct Key: Hashable {
    let pass: Pass
    let window: Window
  }

  /// Making one takes up to half a millisecond, so they are kept, as oneDNN itself does.
  private static let kept = Mutex<[Key: ConvolutionPrimitive]>([:])
  private static let largest = 256

  /// The one for this shape; nil when oneDNN has no kernel for it.
  static func of(_ pass: Pass, _ window: Window, images: Int) -> ConvolutionPrimitive? {
    var window = window
    window.batch = images
    let key = Key(pass: pass, window: window)
    if let known = kept.withLock({ $0[key] }) { return known }
    gk_one_thread()
    guard let made = ConvolutionPrimitive(pass, window) else { return nil }
    kept.withLock { table in
      if table.count >= largest { table = [:] }
      table[key] = made
    }
    return made
  }

  /// The processor; it has no state.
  ///
  /// `@safe`: the handle lives as long as the process.
  @safe
  private final class Engine: @unchecked Sendable {
    static let processor = OneDNN.loaded.flatMap { Engine($0.call) }
    let handle: dnnl_engine_t
    let dnn: onednn

    private init?(_ dnn: onednn) {
      var made: dnnl_engine_t?
      guard unsafe dnn.engine_create(&made, dnnl_cpu, 0) == dnnl_success, let made = unsafe made
      else { return nil }
      unsafe handle = unsafe made
      self.dnn = dnn
    }
  }

  let pass: Pass
  let images: Int
  private let primitive: dnnl_primitive_t
  private let engine: dnnl_engine_t
  private let dnn: onednn
  private let input: dnnl_memory_desc_t
  private let output: dnnl_memory_desc_t
  private let bias: dnnl_memory_desc_t
  /// The kernel as tensors hold it, and as the primitive wants it.
  private let plain: dnnl_memory_desc_t
  private let wanted: dnnl_memory_desc_t
  private let scratch: dnnl_memory_desc_t
  /// From one to the other; nil: they are equal.
  private let reorder: dnnl_primitive_t?

  private init?(_ pass: Pass, _ w: Window) {
    guard let processor = Engine.processor,
      let made = unsafe Made(pass, w, engine: processor.handle, processor.dnn)
    else { return nil }
    self.pass = pass
    images = w.batch
    unsafe engine = unsafe processor.handle
    dnn = processor.dnn
    unsafe primitive = unsafe made.primitive
    input = made.input
    output = made.output
    bias = made.bias
    plain = made.plain
    wanted = made.wanted
    scratch = made.scratch
    unsafe reorder = unsafe made.reorder
  }

  deinit {
    _ = unsafe dnn.primitive_destroy(primitive)
    if let reorder = unsafe reorder { _ = unsafe dnn.primitive_destroy(reorder) }
  }

  /// Memory for a kernel as the primitive wants it.
  func room() throws -> Tensor {
    var wanted = wanted
    let bytes = unsafe dnn.memory_desc_get_size(&wanted)
    return try Tensor(uninitialized: Shape([(Int(bytes) + 3) / 4]), .f32)
  }

  /// A kernel as the primitive wants it.
  func packed(_ kernel: Tensor) throws -> Tensor {
    guard let reorder = unsafe reorder else { return kernel }
    let result = try room()
    unsafe execute(
      reorder,
      [Operand(DNNL_ARG_FROM, plain, kernel.pointer), Operand(DNNL_ARG_TO, wanted, result.pointer)])
    return result
  }

  /// The reverse, for gradients.
  func unpack(_ packed: Tensor, into kernel: Tensor) {
    guard let reorder = unsafe reorder else {
      unsafe kernel.pointer.copyMemory(from: packed.pointer, byteCount: kernel.count * 4)
      return
    }
    unsafe execute(
      reorder,
      [Operand(DNNL_ARG_FROM, wanted, packed.pointer), Operand(DNNL_ARG_TO, plain, kernel.pointer)])
  }

  /// Runs it; which of the four is written depends on the pass.
  func run(
    _ x: UnsafeMutableRawPointer, _ k: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer?,
    _ y: UnsafeMutableRawPointer
  ) {
    var needed = scratch
    let memory = Scratch(bytes: Int(unsafe dnn.memory_desc_get_size(&needed)))
    var arguments: [Operand]
    switch pass {
    case .forward:
      arguments = unsafe [
        Operand(DNNL_ARG_SRC, input, x), Operand(DNNL_ARG_WEIGHTS, wanted, k),
        Operand(DNNL_ARG_DST, output, y),
      ]
      if let b = unsafe b { unsafe arguments.append(Operand(DNNL_ARG_BIAS, bias, b)) }
    case .inputGradient:
      arguments = unsafe [
        Operand(DNNL_ARG_DIFF_SRC, input, x), Operand(DNNL_ARG_WEIGHTS, wanted, k),
        Operand(DNNL_ARG_DIFF_DST, output, y),
      ]
    case .kernelGradient:
      arguments = unsafe [
        Operand(DNNL_ARG_SRC, input, x), Operand(DNNL_ARG_DIFF_WEIGHTS, wanted, k),
        Operand(DNNL_ARG_DIFF_DST, output, y),
      ]
      if let b = unsafe b { unsafe arguments.append(Operand(DNNL_ARG_DIFF_BIAS, bias, b)) }
    }
    unsafe arguments.append(Operand(DNNL_ARG_SCRATCHPAD, scratch, memory.base))
    withExtendedLifetime(memory) { unsafe execute(primitive, arguments) }
  }

  /// One argument of a primitive.
  ///
  /// `@safe`: whoever makes it keeps the memory alive.
  @safe
  private struct Operand {
    let place: Int32
    let layout: dnnl_memory_desc_t
    let base: UnsafeMutableRawPointer

    init(_ place: Int32, _ layout: dnnl_memory_desc_t, _ base: UnsafeMutableRawPointer) {
      self.place = place
      self.layout = layout
      unsafe self.base = unsafe base
    }
  }

  private func execute(_ primitive: dnnl_primitive_t, _ arguments: [Operand]) {
    gk_one_thread()
    var stream: dnnl_stream_t?
    var isRight =
      unsafe dnn.stream_create(&stream, engine, dnnl_stream_default_flags.rawValue)
      == dnnl_success
    var handles = unsafe [dnnl_exec_arg_t]()
    for argument in arguments {
      var memory: dnnl_memory_t?
      var layout = argument.layout
      if unsafe dnn.memory_create(&memory, &layout, engine, argument.base) != dnnl_success {
        isRight = false
      }
      unsafe handles.append(dnnl_exec_arg_t(arg: argument.place, memory: memory))
    }
    if isRight {
      isRight =
        unsafe dnn.primitive_execute(primitive, stream, Int32(handles.count), handles)
        == dnnl_success
      if isRight { isRight = unsafe dnn.stream_wait(stream) == dnnl_success }
    }
    for index in arguments.indices { _ = unsafe dnn.memory_destroy(handles[index].memory) }
    _ = unsafe dnn.stream_destroy(stream)
    precondition(isRight, "oneDNN refused a convolution of checked shapes")
  }
}

/// The handles of a primitive while it is made.
@safe
private struct Made {
  let primitive: dnnl_primitive_t
  let input: dnnl_memory_desc_t
  let output: dnnl_memory_desc_t
  let bias: dnnl_memory_desc_t
  let plain: dnnl_memory_desc_t
  let wanted: dnnl_memory_desc_t
  let scratch: dnnl_memory_desc_t
  let reorder: dnnl_primitive_t?

  /// nil when oneDNN has no kernel for this shape.
  init?(_ pass: ConvolutionPrimitive.Pass, _ w: Window, engine: dnnl_engine_t, _ dnn: onednn) {
    let (rows, columns) = (w.rows, w.columns)
    let groups = Int64(w.groups)
    func layout(_ sizes: [Int], _ steps: [Int]?) -> dnnl_memory_desc_t? {
      var made = dnnl_memory_desc_t()
      let dims = sizes.map { Int64($0) }
      let status: dnnl_status_t
      if let steps {
        status = unsafe dnn.memory_desc_init_by_strides(
          &made, Int32(dims.count), dims, dnnl_f32, steps.map { Int64($0) })
      } else {
        status = unsafe dnn.memory_desc_init_by_tag(
          &made, Int32(dims.count), dims, dnnl_f32, dnnl_format_tag_any)
      }
      return status == dnnl_success ? made : nil
    }
    // oneDNN names axes batch, channels, height, width, whatever the order in memory.
    func images(_ height: Int, _ width: Int, _ channels: Int) -> dnnl_memory_desc_t? {
      layout(
        [w.batch, channels, height, width],
        [height * width * channels, 1, width * channels, channels])
    }
    let kernelSizes = [w.groupFilters, w.groupChannels, rows.kernel, columns.kernel]
    let kernelSteps = [
      1, w.filters, columns.kernel * w.groupChannels * w.filters, w.groupChannels * w.filters,
    ]
    let isGrouped = groups > 1
    let sizes = isGrouped ? [w.groups] + kernelSizes : kernelSizes
    guard var x = images(rows.size, columns.size, w.channels),
      var y = images(rows.outputs, columns.outputs, w.filters),
      var open = layout(sizes, nil),
      var own = layout(
        sizes, isGrouped ? [w.groupFilters] + kernelSteps : kernelSteps),
      var b = layout([w.filters], [1])
    else { return nil }
    let steps = [Int64(rows.stride), Int64(columns.stride)]
    let spread = [Int64(rows.dilation - 1), Int64(columns.dilation - 1)]
    let low = [Int64(rows.low), Int64(columns.low)]
    let high = [Int64(rows.high), Int64(columns.high)]
    var settings: dnnl_primitive_attr_t?
    guard unsafe dnn.primitive_attr_create(&settings) == dnnl_success else { return nil }
    defer { _ = unsafe dnn.primitive_attr_destroy(settings) }
    _ = unsafe dnn.primitive_attr_set_scratchpad_mode(settings, dnnl_scratchpad_mode_user)
    if case .forward(_, rectifies: true) = pass {
      var after: dnnl_post_ops_t?
      guard unsafe dnn.post_ops_create(&after) == dnnl_success else { return nil }
      defer { _ = unsafe dnn.post_ops_destroy(after) }
      _ = unsafe dnn.post_ops_append_eltwise(after, 1, dnnl_eltwise_relu, 0, 0)
      _ = unsafe dnn.primitive_attr_set_post_ops(settings, after)
    }
    var forward = dnnl_convolution_desc_t()
    let hasBias: Bool =
      switch pass {
      case .forward(let bias, _), .kernelGradient(let bias): bias
      case .inputGradient: false
      }
    var status = unsafe withUnsafePointer(to: &b) { b in
      unsafe dnn.dilated_convolution_forward_desc_init(
        &forward, dnnl_forward_training, dnnl_convolution_direct, &x, &open,
        hasBias ? b : nil, &y, steps, spread, low, high)
    }
    var hint: dnnl_primitive_desc_t?
    guard status == dnnl_success,
      unsafe dnn.primitive_desc_create(&hint, &forward, settings, engine, nil) == dnnl_success
    else { return nil }
    var chosen = unsafe hint
    defer {
      if unsafe chosen != hint { _ = unsafe dnn.primitive_desc_destroy(chosen) }
      _ = unsafe dnn.primitive_desc_destroy(hint)
    }
    if pass != .forward(bias: hasBias, rectifies: false),
      pass != .forward(bias: hasBias, rectifies: true)
    {
      var backward = dnnl_convolution_desc_t()
      status =
        pass == .inputGradient
        ? unsafe dnn.dilated_convolution_backward_data_desc_init(
          &backward, dnnl_convolution_direct, &x, &open, &y, steps, spread, low, high)
        : unsafe withUnsafePointer(to: &b) { b in
          unsafe dnn.dilated_convolution_backward_weights_desc_init(
            &backward, dnnl_convolution_direct, &x, &open, hasBias ? b : nil, &y, steps, spread,
            low, high)
        }
      var made: dnnl_primitive_desc_t?
      guard status == dnnl_success,
        unsafe dnn.primitive_desc_create(&made, &backward, settings, engine, hint)
          == dnnl_success
      else { return nil }
      unsafe chosen = unsafe made
    }
    let isKernel = if case .kernelGradient = pass { true } else { false }
    guard
      let best = unsafe dnn.primitive_desc_query_md(
        chosen, isKernel ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0),
      let room = unsafe dnn.primitive_desc_query_md(chosen, dnnl_query_scratchpad_md, 0)
    else { return nil }
    var goal = unsafe best.pointee
    scratch = unsafe room.pointee
    var ready: dnnl_primitive_t?
    guard unsafe dnn.primitive_create(&ready, chosen) == dnnl_success,
      let ready = unsafe ready
    else { return nil }
    var turn: dnnl_primitive_t?
    if unsafe dnn.memory_desc_equal(&goal, &own) == 0 {
      var plan: dnnl_primitive_desc_t?
      let isMade =
        isKernel
        ? unsafe dnn.reorder_primitive_desc_create(&plan, &goal, engine, &own, engine, nil)
        : unsafe dnn.reorder_primitive_desc_create(&plan, &own, engine, &goal, engine, nil)
      guard isMade == dnnl_success, unsafe dnn.primitive_create(&turn, plan) == dnnl_success
      else {
        _ = unsafe dnn.primitive_destroy(ready)
        return nil
      }
      _ = unsafe dnn.primitive_desc_destroy(plan)
    }
    unsafe primitive = unsafe ready
    unsafe reorder = unsafe turn
    input = x
    output = y
    bias = b
    plain = own
    wanted = goal
  }
}
