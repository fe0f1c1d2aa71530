namespace Madrl.Terminal;

/// <summary>A command failed for a reason that is known; the message is one line.</summary>
internal sealed class RunFailedException(string message, Exception? inner = null) : Exception(message, inner);
