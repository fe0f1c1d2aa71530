using System.Globalization;
using System.Text;
using System.Text.Json;
using Madrl.Environments;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Tests.Runs;

/// <summary>
/// Everything around a run's machine, in memory: what survives a crash (journal, files, report) and a team that counts.
/// Every port call passes <see cref="Ports"/>, where a test makes it fail.
/// </summary>
internal sealed class World : TimeProvider, IRunReporter
{
    private readonly RunSpecification _run;
    private int _machines;

    public World(RunSpecification? run = null)
    {
        _run = run ?? TestSpecification.Create();
        Ports = new Ports();
        Store = new MemoryStore(Ports);
        Stored = JsonSerializer.Serialize(new RunState { Specification = _run.ToJson() });
    }

    public Ports Ports { get; }

    public MemoryStore Store { get; }

    /// <summary>The journal as it lies in storage.</summary>
    public string Stored { get; set; }

    public RunState State => JsonSerializer.Deserialize<RunState>(Stored)!;

    public List<RunEvent> Events { get; } = [];

    public TestTeam Team { get; private set; } = null!;

    public long Now { get; set; }

    public IEnumerable<string> Messages(string type) =>
        Events.Where(happened => happened.Type == type).Select(happened => (string)happened.Values["message"]!);

    /// <summary>The journal as a new process reads it.</summary>
    public IRunJournal Journal() => new MemoryJournal(this);

    /// <summary>A machine as a new process makes it, from what is stored alone.</summary>
    public RunMachine Machine(IRunJournal? journal = null)
    {
        Team = new TestTeam(Ports, Store);
        var agent = new AgentSpec("agent", 1, new ActionSpace.Discrete(2));
        var game = new GameSpec(_run.Task, _run.Rules, [agent], 1, EpisodeLimit: 25, "sum");
        return new RunMachine(_run, game, journal ?? Journal(), Team, this, Store, this, opener: $"machine {++_machines}");
    }

    public override long GetTimestamp() => ++Now * TimestampFrequency;

    public Task OpenAsync(Ticket ticket) => Ports.CallAsync($"report.open {ticket.Iteration}", () =>
        Events.RemoveAll(happened => happened.Iteration > ticket.Iteration));

    public Task ReportAsync(Ticket ticket, RunEvent happened) =>
        Ports.CallAsync($"report {happened.Type} {ticket.Iteration}", () =>
        {
            Events.Add(happened);
            return true;
        });

    public Task FlushAsync(Ticket ticket) => Ports.CallAsync("report.flush", () => true);

    private sealed class MemoryJournal(World world) : IRunJournal
    {
        private string _read = world.Stored;

        public RunState State { get; private set; } = world.State;

        public Task ReadAsync() => world.Ports.CallAsync("journal.read", () =>
        {
            _read = world.Stored;
            return State = world.State;
        });

        public Task WriteAsync() => world.Ports.CallAsync("journal.write", () =>
        {
            if (world.Stored != _read) throw new StaleEpochException(State.Epoch, world.State.Epoch);
            return world.Stored = _read = JsonSerializer.Serialize(State);
        });
    }
}

/// <summary>A team whose weights are a text: the history of what it learned from.</summary>
internal sealed class TestTeam(Ports ports, MemoryStore store) : IRunTeam
{
    private Ticket? _open;
    private Ticket? _collected;

    public string Weights { get; private set; } = "";

    public Func<long, string?> NonFinite { get; set; } = _ => null;

    public Func<Player, EpisodeSet, double> Return { get; set; } = (_, _) => 1;

    public Task<Opened> OpenAsync(Ticket ticket, Checkpoint? from, bool? onAccelerator) =>
        ports.CallAsync($"team.open {ticket.Iteration}", () =>
        {
            Assert.Equal(from?.Iteration ?? 0, ticket.Iteration);
            Assert.True(_open is null || ticket.Epoch > _open.Value.Epoch);
            if (from is not null && store.Read(from) is not { } weights) return new Opened("it is torn", "cpu", null);
            else Weights = from is null ? "" : store.Read(from)!;
            _open = ticket;
            return new Opened(null, "cpu", null);
        });

    public Task<Collected> CollectAsync(Ticket ticket) => ports.CallAsync($"collect {ticket.Iteration}", () =>
    {
        Assert.Equal(_open, ticket);
        _collected = ticket;
        return new Collected(TestSpecification.StepsPerIteration);
    });

    public Task<Learned> LearnAsync(Ticket ticket, double progress) => ports.CallAsync($"learn {ticket.Iteration}", () =>
    {
        Assert.Equal(_collected, ticket);
        if (NonFinite(ticket.Iteration) is { } quantity) return new Learned(new Dictionary<string, double>(), 0, quantity);
        Weights += string.Create(CultureInfo.InvariantCulture, $"{ticket.Iteration}@{progress:F2} ");
        _open = ticket with { Iteration = ticket.Iteration + 1 };
        return new Learned(new Dictionary<string, double> { ["loss"] = 1 }, 10 * (ticket.Iteration + 1), null);
    });

    public Task<IReadOnlyList<double>> EvaluateAsync(Ticket ticket, Player player, EpisodeSet set, int episodes) =>
        ports.CallAsync($"evaluate {player} {set} {ticket.Iteration}", () =>
        {
            Assert.Equal(_open, ticket);
            return (IReadOnlyList<double>)[.. Enumerable.Repeat(Return(player, set), episodes)];
        });

    public Task<SaveOutcome<SavedLearner>> SaveAsync(Ticket ticket) => ports.CallAsync($"save {ticket.Iteration}", () =>
    {
        Assert.Equal(_open, ticket);
        return new SaveOutcome<SavedLearner>(new SavedLearner([store.Write(ticket.Iteration, Weights)], Weights), null);
    });

    public Task CloseAsync(Ticket ticket) => ports.CallAsync("team.close", () => true);
}

/// <summary>Checkpoint files in memory.</summary>
internal sealed class MemoryStore(Ports ports) : ICheckpointStore
{
    public Dictionary<long, string> Files { get; } = [];

    public CheckpointFile Write(long iteration, string content)
    {
        Files[iteration] = content;
        return new CheckpointFile(1, iteration, "weights", Encoding.UTF8.GetByteCount(content), content);
    }

    /// <summary>The content, or null where it is missing or not what was written.</summary>
    public string? Read(Checkpoint checkpoint) =>
        Files.TryGetValue(checkpoint.Iteration, out var content) && content == checkpoint.Files[0].Sha256 ? content : null;

    public Task RetainAsync(string run, IReadOnlyCollection<CheckpointFile> files, Ticket upTo, CancellationToken cancellationToken) =>
        ports.CallAsync($"retain {string.Join(' ', files.Select(file => file.Iteration))}", () =>
        {
            foreach (var gone in Files.Keys.Except(files.Select(file => file.Iteration)).ToArray()) Files.Remove(gone);
            return true;
        });

    public Task<CheckpointFile> WriteAsync(
        string run, Ticket ticket, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The machine writes no files: the team does.");

    public Task<byte[]> ReadAsync(string run, CheckpointFile file, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The machine reads no files: the team does.");
}
