namespace Madrl.Protocols.Runs;

/// <summary>There is no run of that id here; the message names the nearest ones.</summary>
public sealed class UnknownRunException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The run cannot be used in its present state: another process has it, it is training, or its folder is damaged.</summary>
public sealed class RunUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
