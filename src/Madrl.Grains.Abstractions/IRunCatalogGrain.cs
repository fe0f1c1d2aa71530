using Madrl.Protocols.Runs;

namespace Madrl.Grains.Abstractions;

/// <summary>The runs of a silo or cluster: makes them, finds them, ends them. Key: <see cref="Key"/>.</summary>
[Alias("madrl.IRunCatalogGrain")]
public interface IRunCatalogGrain : IGrainWithStringKey
{
    /// <summary>Key of the only one.</summary>
    const string Key = "runs";

    /// <summary>Makes a run and starts it.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="ArgumentException">The request is wrong; the message says what is valid. Nothing was made.</exception>
    [Alias("Start")]
    Task<string> Start(RunRequest request);

    /// <summary>Goes on with a run from its last checkpoint. One that trains or has finished stays as it is.</summary>
    /// <param name="run">Id of the run.</param>
    /// <param name="onAccelerator">Null to learn on what the run began with; else whether it learns on an accelerator from now on.</param>
    /// <exception cref="ArgumentException">The device is to change under a run in training.</exception>
    /// <exception cref="UnknownRunException">There is no such run.</exception>
    /// <exception cref="RunUnavailableException">Another process has it, or its folder is damaged.</exception>
    [Alias("Resume")]
    Task Resume(string run, bool? onAccelerator);

    /// <summary>Asks a run to save and stop at its next barrier.</summary>
    /// <exception cref="UnknownRunException">There is no such run.</exception>
    /// <exception cref="RunUnavailableException">Another process has it, or its folder is damaged.</exception>
    [Alias("Stop")]
    Task Stop(string run);

    /// <summary>Where a run stands.</summary>
    /// <exception cref="UnknownRunException">There is no such run.</exception>
    /// <exception cref="RunUnavailableException">Another process has it, or its folder is damaged.</exception>
    [Alias("GetStatus")]
    Task<StatusReply> GetStatus(string run);

    /// <summary>The runs, by id.</summary>
    [Alias("List")]
    Task<RunEntry[]> List();

    /// <summary>Deletes a run that does not train, with everything that belongs to it.</summary>
    /// <exception cref="UnknownRunException">There is no such run.</exception>
    /// <exception cref="RunUnavailableException">It trains, or another process has it.</exception>
    [Alias("Delete")]
    Task Delete(string run);
}

/// <summary>A run in a list.</summary>
/// <param name="Run">Its id.</param>
/// <param name="Task">Its task; null where its folder is damaged, as everything below.</param>
/// <param name="Rules">Variant of the task's rules.</param>
/// <param name="Algorithm">Its algorithm.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="State">
/// <c>new</c>, <c>running</c>, <c>stopped</c>, <c>suspended</c>, <c>interrupted</c> (its process ended without a word),
/// <c>finished</c>, <c>failed</c> or <c>damaged</c>.
/// </param>
/// <param name="EnvSteps">Environment steps completed, as far as they are known.</param>
/// <param name="ReturnMean">The last return that was measured.</param>
/// <param name="Error">What is wrong with it.</param>
[GenerateSerializer, Immutable, Alias("madrl.RunEntry")]
public sealed record RunEntry(
    [property: Id(0)] string Run, [property: Id(1)] string? Task, [property: Id(2)] string? Rules,
    [property: Id(3)] string? Algorithm, [property: Id(4)] ulong? Seed, [property: Id(5)] string State,
    [property: Id(6)] long? EnvSteps, [property: Id(7)] double? ReturnMean, [property: Id(8)] string? Error);
