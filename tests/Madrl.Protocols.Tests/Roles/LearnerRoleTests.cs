using Madrl.Environments;
using Madrl.Policies;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Tests.Roles;

public class LearnerRoleTests
{
    private static readonly GameSpec Game =
        new("game", "rules", [new AgentSpec("a", 1, new ActionSpace.Discrete(2))], 1, 2, "sum");

    /// <summary>Three shards of one copy.</summary>
    private static readonly RunSpecification Run = TestSpecification.Create(shards: 3) with { Copies = 3 };

    private readonly FileStore store = new();
    private readonly SummingCompute compute = new();
    private readonly LearnerRole role;

    public LearnerRoleTests() => role = new LearnerRole(Run, Game, compute, NoReplay.Of, store);

    [Fact]
    public async Task A_missing_shard_is_refused()
    {
        Submit(1, 0, 2);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => role.LearnAsync(new Ticket(1, 1), 0));
        Assert.Contains("2 of 3", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => role.LearnAsync(new Ticket(1, 2), 0));
        Assert.Equal("", compute.History);
    }

    [Fact]
    public async Task Order_and_repetition_of_submissions_do_not_matter()
    {
        Submit(1, 2, 0, 2, 1, 0);
        await role.LearnAsync(new Ticket(1, 1), 0);
        Assert.Equal("0 1 2 | ", compute.History);
    }

    [Fact]
    public async Task A_late_repetition_does_not_disturb_the_next_iteration()
    {
        Submit(1, 0, 1, 2);
        await role.LearnAsync(new Ticket(1, 1), 0);
        Submit(2, 0, 1);
        Submit(1, 0);
        Submit(2, 2);
        await role.LearnAsync(new Ticket(1, 2), 0);
        Assert.Equal("0 1 2 | 0 1 2 | ", compute.History);
    }

    [Fact]
    public async Task A_rollout_may_come_in_parts_in_any_order_and_repeatedly()
    {
        var run = TestSpecification.Create(shards: 1) with { Copies = 3 };
        var learner = new LearnerRole(run, Game, compute, NoReplay.Of, store);
        var ticket = new Ticket(1, 1);
        foreach (var copy in (int[])[2, 1, 2])
        {
            learner.Submit(ticket, 0, copy, Part(copy));
            await Assert.ThrowsAsync<InvalidOperationException>(() => learner.LearnAsync(ticket, 0));
        }

        learner.Submit(ticket, 0, 0, Part(7));
        await learner.LearnAsync(ticket, 0);
        Assert.Equal("7 | ", compute.History);
        Assert.Throws<ArgumentException>(() => learner.Submit(new Ticket(1, 2), 0, 3, Part(1)));
    }

    [Fact]
    public async Task What_was_saved_is_restored()
    {
        Submit(1, 0, 1, 2);
        await role.LearnAsync(new Ticket(1, 1), 0);
        var saved = await role.SaveAsync(new Ticket(1, 2), default);
        Assert.Equal([LearnerRole.StateFile, LearnerRole.PolicyFile], saved.Files.Select(file => file.Name));

        var fresh = new SummingCompute();
        var restored = new LearnerRole(Run, Game, fresh, NoReplay.Of, store);
        await restored.RestoreAsync(Checkpoint(saved), default);
        Assert.Equal("0 1 2 | ", fresh.History);
        Assert.Equal(saved.WeightsHash, (await restored.SaveAsync(new Ticket(1, 2), default)).WeightsHash);
        Assert.Equal(WeightsHash.Compute((await restored.PoliciesAsync()).Named()), saved.WeightsHash);
        var file = Safetensors.Read(store.Files[(new Ticket(1, 2), LearnerRole.PolicyFile)]);
        Assert.Equal(saved.WeightsHash, WeightsHash.Compute(file.Tensors.Select(tensor => (tensor.Key, tensor.Value))));
        Assert.Equal(("test-run", "2"), (file.Metadata["run"], file.Metadata["iteration"]));
    }

    [Theory]
    [InlineData(LearnerRole.StateFile)]
    [InlineData(LearnerRole.PolicyFile)]
    public async Task A_damaged_file_makes_the_checkpoint_damaged(string name)
    {
        var saved = await role.SaveAsync(new Ticket(1, 2), default);
        store.Files[(new Ticket(1, 2), name)][^1] ^= 1;
        var error = await Assert.ThrowsAsync<CheckpointDamagedException>(() => role.RestoreAsync(Checkpoint(saved), default));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_that_does_not_fit_makes_the_checkpoint_damaged()
    {
        var file = await store.WriteAsync("test-run", new Ticket(1, 2), LearnerRole.StateFile,
            Safetensors.Write([], new Dictionary<string, string>()), default);
        var checkpoint = Checkpoint(new SavedLearner([file], ""));
        var error = await Assert.ThrowsAsync<CheckpointDamagedException>(() => role.RestoreAsync(checkpoint, default));
        Assert.Contains("no history", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_that_names_no_state_is_damaged()
    {
        var saved = await role.SaveAsync(new Ticket(1, 2), default);
        var checkpoint = Checkpoint(saved with { Files = [saved.Files[1]] });
        await Assert.ThrowsAsync<CheckpointDamagedException>(() => role.RestoreAsync(checkpoint, default));
    }

    [Fact]
    public async Task A_store_that_is_full_says_so()
    {
        store.Full = true;
        await Assert.ThrowsAsync<IOException>(() => role.SaveAsync(new Ticket(1, 2), default));
    }

    private static Checkpoint Checkpoint(SavedLearner saved) =>
        new(2, 0, 0, new ReturnEstimate(0, 0), saved.WeightsHash, saved.Files);

    /// <summary>One copy's episode that carries a number.</summary>
    private static Rollout Part(int number)
    {
        var rollout = new Rollout(Game, 1);
        (rollout.States[0], rollout.Lengths[0]) = (number, 2);
        return rollout;
    }

    /// <summary>Submits shards whose rollouts carry the shard's number.</summary>
    private void Submit(long iteration, params int[] shards)
    {
        foreach (var shard in shards) role.Submit(new Ticket(1, iteration), shard, 0, Part(shard));
    }
}
