namespace Madrl.Hosting.Storage;

/// <summary>A run's folder cannot be made, opened or used. The message is one line that names it and the remedy.</summary>
/// <param name="message">The line.</param>
/// <param name="inner">What led to it.</param>
public sealed class RunFolderException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>Whether there is no such run at all: the caller named a wrong one.</summary>
    public bool IsMissing { get; init; }
}
