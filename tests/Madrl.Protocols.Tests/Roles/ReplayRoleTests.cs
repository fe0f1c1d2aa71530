using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Tests.Roles;

/// <summary>Replay over shards, and through checkpoints: the learner sees the same batches, and nothing is written twice.</summary>
public class ReplayRoleTests
{
    private const int Copies = 6, Limit = 4, Rounds = 5;

    private static readonly GameSpec Game =
        new("game", "rules", [new AgentSpec("a", 1, new ActionSpace.Discrete(2))], 1, Limit, "sum");

    private static readonly ReplayDescription Replay = new(
        Rounds * Copies * Limit, Batch: 7, WholeEpisodes: false, UpdateEvery: 10, WarmUp: 30, KeepsStates: false);

    private readonly FileStore store = new();

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public async Task The_batches_do_not_depend_on_the_shards(int shards) =>
        Assert.Equal(await HistoryAsync(1, 12), await HistoryAsync(shards, 12));

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(11)]
    public async Task A_resumed_run_draws_what_it_would_have_drawn(int saved)
    {
        var expected = await HistoryAsync(2, 14);
        var first = new Shard(this, 2);
        await first.PlayAsync(0, saved);
        var checkpoint = await first.SaveAsync(saved);
        var second = new Shard(this, 2);
        await second.RestoreAsync(checkpoint);
        await second.PlayAsync(saved, 14);
        Assert.Equal(expected, second.History);
    }

    [Fact]
    public async Task A_checkpoint_writes_only_what_came_since_the_last()
    {
        var shard = new Shard(this, 1);
        var written = new List<int>();
        Checkpoint checkpoint = null!;
        for (var iteration = 1; iteration <= 9; iteration++)
        {
            await shard.PlayAsync(iteration - 1, iteration);
            var before = store.Files.Keys.ToHashSet();
            checkpoint = await shard.SaveAsync(iteration);
            written.Add(store.Files.Keys.Except(before).Count(file => file.Name.StartsWith("replay", StringComparison.Ordinal)));
        }

        Assert.All(written, count => Assert.Equal(1, count));
        // Five iterations are kept, each in the file of its checkpoint; what fell out of the ring is not named any more.
        Assert.Equal([5L, 6, 7, 8, 9], checkpoint.Files.Where(file => file.Name.StartsWith("replay", StringComparison.Ordinal)).Select(file => file.Iteration));

        // Segments have the same size however much is kept.
        var sizes = checkpoint.Files.Where(file => file.Name.StartsWith("replay", StringComparison.Ordinal)).Select(file => file.Bytes).Distinct();
        Assert.Single(sizes);
    }

    [Fact]
    public async Task A_damaged_or_missing_segment_makes_the_checkpoint_damaged()
    {
        var shard = new Shard(this, 1);
        await shard.PlayAsync(0, 2);
        var checkpoint = await shard.SaveAsync(2);
        var name = checkpoint.Files.Single(file => file.Name.StartsWith("replay", StringComparison.Ordinal)).Name;
        var missing = checkpoint with { Files = [.. checkpoint.Files.Where(file => file.Name != name)] };
        await Assert.ThrowsAsync<CheckpointDamagedException>(() => new Shard(this, 1).RestoreAsync(missing));
        store.Files[(new Ticket(1, 2), name)][^1] ^= 1;
        var error = await Assert.ThrowsAsync<CheckpointDamagedException>(() => new Shard(this, 1).RestoreAsync(checkpoint));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_appended_iteration_may_be_appended_again()
    {
        var role = new ReplayRole(Specification(1), Game, Replay, 0, store);
        role.Append(0, 0, Episodes(0, 0, Copies));
        role.Append(0, 0, Episodes(0, 0, Copies));
        role.Append(1, 2, Episodes(1, 2, Copies - 2));
        Assert.Equal(0, role.Latest);
        role.Append(1, 0, Episodes(1, 0, 2));
        Assert.Equal(1003, role.Gather([new ReplayPick(1, 0, 3)]).Observations[0][0]);
        Assert.Throws<ArgumentException>(() => role.Append(3, 0, Episodes(3, 0, Copies)));
        Assert.Single(await role.SaveAsync(new Ticket(1, 2), default));
    }

    private async Task<string> HistoryAsync(int shards, int iterations)
    {
        var shard = new Shard(this, shards);
        await shard.PlayAsync(0, iterations);
        return shard.History;
    }

    private static RunSpecification Specification(int shards) => TestSpecification.Create(shards: shards) with { Copies = Copies };

    /// <summary>Episodes of several lengths whose observations name iteration, copy and step.</summary>
    private static Rollout Episodes(long iteration, int first, int count)
    {
        var rollout = new Rollout(Game, count);
        for (var copy = 0; copy < count; copy++)
        {
            rollout.Lengths[copy] = iteration % 2 == 0 ? 1 + (first + copy) % Limit : Limit;
            rollout.Terminated[copy] = rollout.Lengths[copy] < Limit;
            for (var step = 0; step <= rollout.Lengths[copy]; step++)
                rollout.Observations[0][copy * (Limit + 1) + step] = 1000 * iteration + 10 * (first + copy) + step;
        }

        return rollout;
    }

    /// <summary>A learner with its shards.</summary>
    private sealed class Shard
    {
        private readonly RunSpecification _run;
        private readonly ReplayRole[] _replays;
        private readonly LearnerRole _learner;
        private readonly SummingCompute _compute = new() { Replay = Replay };

        public Shard(ReplayRoleTests test, int shards)
        {
            _run = Specification(shards);
            _replays = [.. Enumerable.Range(0, shards).Select(shard => new ReplayRole(_run, Game, Replay, shard, test.store))];
            _learner = new LearnerRole(_run, Game, _compute, shard => new ReplayInMemory(_replays[shard]), test.store);
        }

        public string History => _compute.History;

        public async Task PlayAsync(int from, int to)
        {
            for (var iteration = from; iteration < to; iteration++)
            {
                var ticket = new Ticket(1, iteration);
                for (var shard = _run.Shards - 1; shard >= 0; shard--)
                {
                    var (first, count) = Sharding.Range(Copies, _run.Shards, shard);
                    var rollout = Episodes(iteration, first, count);
                    _replays[shard].Append(iteration, 0, rollout);
                    _learner.Stored(ticket, shard, rollout.Lengths);
                }

                await _learner.LearnAsync(ticket, 0);
            }
        }

        public async Task<Checkpoint> SaveAsync(long iteration)
        {
            var saved = await _learner.SaveAsync(new Ticket(1, iteration), default);
            var files = new List<CheckpointFile>(saved.Files);
            foreach (var replay in _replays) files.AddRange(await replay.SaveAsync(new Ticket(1, iteration), default));
            return new Checkpoint(iteration, 0, 0, new ReturnEstimate(0, 0), saved.WeightsHash, files);
        }

        public async Task RestoreAsync(Checkpoint checkpoint)
        {
            await _learner.RestoreAsync(checkpoint, default);
            foreach (var replay in _replays) await replay.RestoreAsync(checkpoint, default);
        }
    }
}
