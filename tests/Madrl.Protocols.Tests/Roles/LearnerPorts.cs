using System.Security.Cryptography;
using System.Text;
using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Policies;
using Madrl.Protocols.Roles;

namespace Madrl.Protocols.Tests.Roles;

/// <summary>A learner whose state is the history of what it was given.</summary>
internal sealed class SummingCompute : ILearnerCompute
{
    public string History { get; private set; } = "";

    public string Device => "cpu";

    public ReplayDescription? Replay { get; init; }

    public Task<PolicySet> PoliciesAsync()
    {
        var policy = TestPolicies.Version(1, 1, seed: (ulong)History.Length);
        return Task.FromResult(new PolicySet(policy.Description, [policy.Weights]));
    }

    public async Task<LearnedPolicies> LearnAsync(IReadOnlyList<Rollout> rollouts, long iteration, double progress)
    {
        History += string.Join(' ', rollouts.Select(rollout => rollout.States.Length > 0 ? $"{rollout.States[0]}" : Drawn(rollout))) + " | ";
        return new LearnedPolicies(await PoliciesAsync(), new Dictionary<string, double>(), 1, null);
    }

    /// <summary>A replayed batch by what its rows observed.</summary>
    private static string Drawn(Rollout batch) => $"[{string.Join(' ', batch.Observations[0])}]";

    public Task<IReadOnlyList<(string Name, Block Tensor)>> SaveAsync()
    {
        var bytes = Encoding.UTF8.GetBytes(History);
        return Task.FromResult<IReadOnlyList<(string, Block)>>(
            [("history", new Block(ElementType.UInt8, [bytes.Length], bytes))]);
    }

    public Task LoadAsync(IReadOnlyDictionary<string, Block> tensors)
    {
        History = tensors.TryGetValue("history", out var block)
            ? Encoding.UTF8.GetString(block.Data)
            : throw new InvalidDataException("There is no history.");
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Checkpoint files in memory, checked against their hash like the real ones.</summary>
internal sealed class FileStore : ICheckpointStore
{
    public Dictionary<(Ticket Ticket, string Name), byte[]> Files { get; } = [];

    public bool Full { get; set; }

    public Task<CheckpointFile> WriteAsync(
        string run, Ticket ticket, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (Full) throw new IOException("The disk is full.");
        Files[(ticket, name)] = content.ToArray();
        return Task.FromResult(new CheckpointFile(ticket.Epoch, ticket.Iteration, name, content.Length, Hash(content.Span)));
    }

    public Task<byte[]> ReadAsync(string run, CheckpointFile file, CancellationToken cancellationToken) =>
        Files.TryGetValue((file.Ticket, file.Name), out var content) && Hash(content) == file.Sha256
            ? Task.FromResult(content)
            : throw new CheckpointDamagedException($"{file.Name} is damaged.");

    public Task RetainAsync(string run, IReadOnlyCollection<CheckpointFile> files, Ticket upTo, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
