using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Grains;

/// <summary>Where the runs of this silo and their reports lie, whatever the storage: run folders, by default.</summary>
public interface IRunArchive : IRunReports
{
    /// <summary>Checks a request and makes a run from it.</summary>
    /// <exception cref="ArgumentException">The request is wrong. Nothing was made.</exception>
    /// <exception cref="IOException">The disk is full or read-only.</exception>
    Task<RunSpecification> CreateAsync(RunRequest request);

    /// <summary>What decides a run, which this silo has from now on.</summary>
    /// <exception cref="UnknownRunException">There is no such run.</exception>
    /// <exception cref="RunUnavailableException">Another process has it, or its folder is damaged.</exception>
    Task<RunSpecification> OpenAsync(string run);

    /// <summary>The runs, by id; <c>Here</c> is true for those that this silo has.</summary>
    Task<IReadOnlyList<(RunEntry Entry, bool Here)>> ListAsync();

    /// <summary>Deletes everything about a run that this silo has.</summary>
    /// <exception cref="IOException">The disk is read-only.</exception>
    Task DeleteAsync(string run);
}
