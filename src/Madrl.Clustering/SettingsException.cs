namespace Madrl.Clustering;

/// <summary>The program cannot start as it is set up; the message is one line that says what to change.</summary>
/// <param name="message">The line.</param>
public sealed class SettingsException(string message) : Exception(message);
