using Madrl.Grains.Abstractions;
using Madrl.Protocols.Runs;

namespace Madrl.Client;

/// <summary>
/// Trains teams of agents and asks them for actions, in the same process (<see cref="MadrlClient"/> over a silo's own client)
/// or over a gateway (<see cref="MadrlGateway"/>). Safe to be used from several threads.
/// Every method throws <see cref="SiloUnreachableException"/> when no silo answers.
/// </summary>
public interface IMadrlClient
{
    /// <summary>Makes a run and starts it.</summary>
    /// <param name="request">What to train.</param>
    /// <param name="cancellationToken">Gives up waiting; the run may have been started all the same.</param>
    /// <returns>The run's id.</returns>
    /// <exception cref="ArgumentException">The request is wrong; the message says what is valid. Nothing was made.</exception>
    Task<string> StartAsync(RunRequest request, CancellationToken cancellationToken = default);

    /// <summary>Goes on with a run from its last checkpoint. One that trains or has finished stays as it is.</summary>
    /// <param name="run">Id of the run.</param>
    /// <param name="onAccelerator">Null to learn on what the run began with; else whether it learns on an accelerator from now on.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentException">The device is to change under a run in training.</exception>
    /// <exception cref="UnknownRunException">There is no such run.</exception>
    /// <exception cref="RunUnavailableException">Another process has it, or its folder is damaged.</exception>
    Task ResumeAsync(string run, bool? onAccelerator = null, CancellationToken cancellationToken = default);

    /// <summary>Asks a run to save and stop at its next barrier; <see cref="FollowAsync"/> tells when it has.</summary>
    /// <param name="run">Id of the run.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="UnknownRunException">There is no such run.</exception>
    /// <exception cref="RunUnavailableException">Another process has it, or its folder is damaged.</exception>
    Task StopAsync(string run, CancellationToken cancellationToken = default);

    /// <summary>Deletes a run that does not train, with everything that belongs to it.</summary>
    /// <param name="run">Id of the run.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="UnknownRunException">There is no such run.</exception>
    /// <exception cref="RunUnavailableException">It trains, or another process has it.</exception>
    Task DeleteAsync(string run, CancellationToken cancellationToken = default);

    /// <summary>Where a run stands and what it has reached.</summary>
    /// <param name="run">Id of the run.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="UnknownRunException">There is no such run.</exception>
    /// <exception cref="RunUnavailableException">Another process has it, or its folder is damaged.</exception>
    Task<RunReport> GetAsync(string run, CancellationToken cancellationToken = default);

    /// <summary>The runs, by id.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyList<RunEntry>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// The events of a run, each once and in order, until it trains no more. What a crash undid comes again, with new numbers, after an
    /// event <c>restored</c>. A silo that goes away is waited for
    /// (<see cref="MadrlClient.Patience"/>); an event of type <see cref="MadrlClient.Unreachable"/>, which is not the run's, says so.
    /// </summary>
    /// <param name="run">Id of the run.</param>
    /// <param name="after">Sequence of the last event that is known; 0 for all that are kept.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="UnknownRunException">There is no such run.</exception>
    IAsyncEnumerable<EventMessage> FollowAsync(string run, long after = 0, CancellationToken cancellationToken = default);

    /// <summary>A run's agent: its version, and what it observes and does.</summary>
    /// <param name="run">Id of the run.</param>
    /// <param name="agent">Index of the agent.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="UnknownRunException">There is no such run.</exception>
    /// <exception cref="ArgumentException">The run has no such agent.</exception>
    /// <exception cref="RunUnavailableException">The run has no checkpoint yet.</exception>
    Task<AgentReport> GetAgentAsync(string run, int agent, CancellationToken cancellationToken = default);

    /// <summary>Asks an agent for its actions, chosen greedily with the weights in force or those of the last checkpoint.</summary>
    /// <param name="run">Id of the run.</param>
    /// <param name="agent">Index of the agent.</param>
    /// <param name="observations">One or more observations of the agent's size.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="UnknownRunException">There is no such run.</exception>
    /// <exception cref="ArgumentException">There is no such agent, or an observation does not fit, is not finite or is too large for the policy.</exception>
    /// <exception cref="RunUnavailableException">The run has no checkpoint yet.</exception>
    Task<AgentAnswer> ActAsync(
        string run, int agent, IReadOnlyList<float[]> observations, CancellationToken cancellationToken = default);
}

/// <summary>No silo answers where one was expected.</summary>
public sealed class SiloUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
