using System.Text.Json;
using Madrl.Protocols.Roles;
using Madrl.Simulation.Checks;
using Madrl.Simulation.Cluster;
using Madrl.Simulation.Faults;
using Madrl.Simulation.Scenarios;
using Madrl.Simulation.Scheduling;
using Madrl.Simulation.Storage;

namespace Madrl.Simulation;

/// <summary>One seed: a cluster with a run on it, first disturbed, then healed.</summary>
internal sealed class Simulation
{
    /// <summary>Within this virtual time after it was healed the run must finish: a call that was lost before is given up after ten minutes.</summary>
    private static readonly TimeSpan Convergence = TimeSpan.FromMinutes(45);

    /// <summary>More steps than this mean that something goes round in circles.</summary>
    private const long MostSteps = 2_000_000;

    private readonly Scheduler _scheduler;
    private readonly FaultSource _faults;
    private readonly Findings _findings = new();
    private readonly StateCheck _check;
    private readonly StorageContents _storage;
    private readonly SimulatedCluster _cluster;
    private readonly Disturber _disturber;
    private readonly PacedComputes _computes;
    private readonly DecisionLog _log;
    private readonly TimeSpan _disturbed;
    private readonly string? _expected;
    private long _steps;

    /// <summary>The simulation of a seed.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="rates">How often faults fire; null for what the seed says.</param>
    /// <param name="computes">Makes the learner's compute.</param>
    /// <param name="parts">Parts that may be replaced.</param>
    /// <param name="expected">Hash of the final weights of the undisturbed run; null where this is that run.</param>
    /// <param name="log">Takes the decisions.</param>
    public Simulation(
        Scenario scenario, ulong seed, FaultRates? rates, ILearnerComputeFactory computes, SimulatedParts parts, string? expected, DecisionLog log)
    {
        (_expected, _log) = (expected, log);
        _scheduler = new Scheduler(new Chance(seed, ChanceStream.Order), log);
        var drawn = new Chance(seed, ChanceStream.Rates);
        Rates = rates ?? FaultRates.Draw(drawn);
        _disturbed = drawn.Seconds(20, 300);
        var latency = new Chance(seed, ChanceStream.Latency);
        _faults = new FaultSource(Rates, new Chance(seed, ChanceStream.Faults), _scheduler);
        var files = new CheckpointFiles();
        _check = new StateCheck(files, _findings);
        _storage = new StorageContents(new Disk(_scheduler, latency, _faults), new RunStates(_check.Written), files, new ReportFiles());
        _cluster = new SimulatedCluster(_scheduler, latency, _faults, _findings);
        _computes = new PacedComputes(parts.Computes(computes), _scheduler, latency);
        var reminder = new ReminderRow();
        _cluster.CreateMember = new Members(_cluster, scenario.Run, _storage, _computes, parts, reminder, _check.CheckFiles).CreateAsync;
        var theOperator = new Operator(_cluster, scenario.Run, _storage.States, reminder);
        _disturber = new Disturber(_cluster, _storage, _faults, theOperator);
        theOperator.Begin();
        new Watcher(_cluster).Begin();
    }

    /// <summary>How often faults fire.</summary>
    public FaultRates Rates { get; }

    /// <summary>Runs it to its end.</summary>
    public SeedResult Run(string scenario, ulong seed, bool isRealLearner)
    {
        using (_computes)
        {
            while (!IsDone() && _scheduler.Now < _disturbed) Step();
            _faults.Heal();
            _disturber.Heal();
            var end = _scheduler.Now + Convergence;
            while (!IsDone())
            {
                Step();
                if (_scheduler.Now > end) _findings.Fail($"The run is stuck: {Convergence.TotalMinutes} minutes after all faults it has not finished.");
            }

            CheckEnd();
        }

        return new SeedResult(
            scenario, seed, Rates.Temper, isRealLearner, _findings.First,
            _check.HasFinished ? _check.Stored.Checkpoints[^1].WeightsHash : null, _scheduler.Now, _steps, _log.Count, _log.Hash,
            _check.Stored.Epoch, _faults.Fired);
    }

    private void Step()
    {
        _disturber.Step();
        if (++_steps > MostSteps) _findings.Fail($"The run goes round in circles: {MostSteps} steps.");
        try
        {
            if (!_scheduler.Step()) _findings.Fail("Nothing is left to happen.");
        }
        catch (Exception error)
        {
            // Whatever nobody was prepared for is a finding too, with the seed that shows it.
            _findings.Fail($"{error.GetType().Name}: {error.Message}");
        }
    }

    private bool IsDone() => _findings.First is not null || (_check.HasFinished && _storage.Reports.Summary is not null);

    private void CheckEnd()
    {
        _check.CheckFiles();
        if (_findings.First is not null) return;
        var state = _check.Stored;
        using var summary = JsonDocument.Parse(_storage.Reports.Summary!);
        var told = summary.RootElement.GetProperty("weightsHash").GetString();
        foreach (var (where, hash) in new[] { ("summary", told), ("state", state.Checkpoints[^1].WeightsHash) })
        {
            if (hash != (_expected ?? told)) _findings.Fail($"The weights' hash is {hash} by the {where}, but {_expected ?? told} undisturbed.");
        }
    }
}
