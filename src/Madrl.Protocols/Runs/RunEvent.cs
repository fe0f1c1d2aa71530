namespace Madrl.Protocols.Runs;

/// <summary>Something that a run tells: a row of <c>metrics.jsonl</c> and of the console's <c>--json</c>.</summary>
/// <param name="Type"><c>progress</c>, <c>evaluation</c>, <c>checkpoint</c>, <c>restored</c>, <c>waiting</c>, <c>finished</c>, <c>stopped</c>, <c>suspended</c> or <c>error</c>.</param>
/// <param name="Iteration">Iterations completed.</param>
/// <param name="Values">What is told, by name in camel case; numbers, texts, or maps of numbers.</param>
public sealed record RunEvent(string Type, long Iteration, IReadOnlyDictionary<string, object?> Values);
