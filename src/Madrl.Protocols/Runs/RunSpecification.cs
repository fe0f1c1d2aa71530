using System.Text.Json;
using Madrl.Environments;
using Madrl.Protocols.Runs;

namespace Madrl.Protocols;

/// <summary>
/// Everything that decides a run, complete with the defaults that were in force: what <c>run.json</c> keeps and what
/// travels to the grains as one canonical JSON text.
/// </summary>
public sealed record RunSpecification
{
    /// <summary>Version of this format; a run of another version is refused.</summary>
    public const int CurrentFormat = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Version of the format that this record was written in.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Id of the run; the first part of every grain key.</summary>
    public required string Run { get; init; }

    /// <summary>Task.</summary>
    public required string Task { get; init; }

    /// <summary>Variant of the task's rules.</summary>
    public required string Rules { get; init; }

    /// <summary>Algorithm.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Seed of every random draw.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Environment steps to train for; the last iteration is completed.</summary>
    public required long Steps { get; init; }

    /// <summary>Environment copies in all.</summary>
    public required int Copies { get; init; }

    /// <summary>Environment grains that the copies are spread over; does not change the result.</summary>
    public required int Shards { get; init; }

    /// <summary>Learner threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Environment steps between checkpoints; does not change the result.</summary>
    public required long CheckpointEvery { get; init; }

    /// <summary>Environment steps between evaluations; does not change the result.</summary>
    public required long EvaluateEvery { get; init; }

    /// <summary>All options of the game, by name, in ordinal order.</summary>
    public required SortedDictionary<string, string> Game { get; init; }

    /// <summary>All settings of the algorithm, by name, in ordinal order.</summary>
    public required SortedDictionary<string, string> Learning { get; init; }

    /// <summary>A batch of copies of the run's game.</summary>
    /// <param name="copies">Copies, at least 1.</param>
    /// <exception cref="RunUnavailableException">The game is not loaded here, or is not what it was when the run was made.</exception>
    public IMarkovGame CreateGame(int copies)
    {
        if (GameCatalog.All.FirstOrDefault(game => game.Task == Task) is not { } game)
        {
            throw new RunUnavailableException(
                $"Run {Run} is of the task '{Task}', which is not loaded here: name its assembly (--assembly; where a silo starts, --assemblies).");
        }

        try
        {
            return game.Create(copies, Rules, Game);
        }
        catch (ArgumentException error)
        {
            throw new RunUnavailableException(ChangedGame($"it does not take the run's rules and options any more ({error.Message.TrimEnd('.')})"), error);
        }
    }

    /// <summary>What to tell whoever wants to use a run whose game is another by now, as one of a user may be.</summary>
    /// <param name="difference">What differs.</param>
    public string ChangedGame(string difference) =>
        $"{Run} was trained when '{Task}' was another game: {difference}. Use the program or the assembly that it was trained with, or train a new run.";

    /// <summary>The canonical text: fixed property order, no white space.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not a specification.</exception>
    public static RunSpecification FromJson(string json) =>
        JsonSerializer.Deserialize<RunSpecification>(json, Json) ?? throw new JsonException("The run specification is null.");
}
