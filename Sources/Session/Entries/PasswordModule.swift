internal import Catalog
internal import FoundationEssentials

/// `import getpass`: a question whose answer does not show, and the user's name.
enum PasswordModule {
  static let module = ModuleFacts("getpass", "Asks for what others should not read.") {
    [getpass, getuser]
  }

  private static let getpass = Entry(
    "getpass", "Asks the user for a line of text that does not show while it is typed.",
    Parameter("prompt", String.self, "shown before the answer") { "Password: " }, .context,
    returns: "str", example: "from getpass import getpass\nkey = getpass(\"Key? \")"
  ) { prompt, context in
    .string(try context.sink.ask(prompt, isSecret: true))
  }

  private static let getuser = Entry(
    "getuser", "The user's name: the first of LOGNAME, USER, LNAME and USERNAME that is set.",
    returns: "str", example: "from getpass import getuser\ngetuser()"
  ) {
    let variables = ProcessInfo.processInfo.environment
    let set = ["LOGNAME", "USER", "LNAME", "USERNAME"].compactMap { variables[$0] }
    guard let name = set.first(where: { !$0.isEmpty }) ?? Descriptor.userName else {
      throw Failure(.os, "No username set in the environment")
    }
    return .string(name)
  }
}
