import Catalog

/// A function's parameters as people read them.
extension Code {
  /// Its parameters as facts, for completion and help.
  var parameterFacts: [ParameterFacts] {
    var all: [ParameterFacts] = []
    for (index, name) in signature.names.enumerated() {
      let passing: Passing
      if index < signature.positionalOnlyCount {
        passing = .positionalOnly
      } else if index < signature.positionalCount {
        passing = .positional
      } else if index < signature.restRegister {
        passing = .keywordOnly
      } else {
        passing = index == signature.restRegister && signature.hasRest ? .rest : .restNamed
      }
      all.append(
        ParameterFacts(
          name: name, passing: passing, shownDefault: signature.shownDefaults[index]))
    }
    return all
  }

  /// `f(a, b=2, *rest)`.
  var shownSignature: String {
    var parts: [String] = []
    let facts = parameterFacts
    for (index, parameter) in facts.enumerated() {
      if index == signature.positionalCount, signature.hasRest {
        parts.append("*" + signature.names[signature.restRegister])
      } else if index == signature.positionalCount, signature.keywordOnlyCount > 0 {
        parts.append("*")
      }
      switch parameter.passing {
      case .rest: break
      case .restNamed: parts.append("**" + parameter.name)
      default: parts.append(parameter.name + (parameter.shownDefault.map { "=\($0)" } ?? ""))
      }
      if index + 1 == signature.positionalOnlyCount { parts.append("/") }
    }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }
}
