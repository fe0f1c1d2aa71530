namespace Madrl.Benchmarks;

/// <summary>A benchmark cannot go on for a reason that is known; the message is one line.</summary>
public sealed class BenchmarkException(string message, Exception? inner = null) : Exception(message, inner);
