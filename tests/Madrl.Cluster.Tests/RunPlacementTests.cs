using Madrl.Grains.Abstractions;
using Madrl.Grains.Placement;
using Madrl.Protocols;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Orleans.Placement.Rebalancing;
using Orleans.Placement.Repartitioning;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Madrl.Cluster.Tests;

public interface IShardProbe : IPlaceProbe;

public interface IShardMemberProbe : IPlaceProbe;

public interface IRunProbe : IPlaceProbe;

public interface ILearnerProbe : IPlaceProbe;

[ShardPlacement]
public sealed class ShardProbe(ILocalSiloDetails silo) : PlaceProbe(silo), IShardProbe;

[ShardPlacement]
public sealed class ShardMemberProbe(ILocalSiloDetails silo) : PlaceProbe(silo), IShardMemberProbe;

[RunPlacement]
public sealed class RunProbe(ILocalSiloDetails silo) : PlaceProbe(silo), IRunProbe;

[LearnerPlacement]
public sealed class LearnerProbe(ILocalSiloDetails silo) : PlaceProbe(silo), ILearnerProbe;

/// <summary>Where the grains of runs are placed, when silos come and go.</summary>
public class RunPlacementTests(TwoSilos twoSilos)
{
    private static readonly string[] AgentsSilos = ["Silo_0", "Silo_1", "Silo_2"];

    [Fact]
    public async Task Everybody_goes_where_the_roles_and_the_hash_say()
    {
        await using var silos = new DeclaringSilos(
            [DeclaringSilos.Agents, DeclaringSilos.Agents, DeclaringSilos.Learners(), DeclaringSilos.Learners("cuda:0")]);
        await silos.StartAsync();
        foreach (var shard in Enumerable.Range(0, 32))
        {
            var expected = Picked($"run/{shard}", AgentsSilos[..2]);
            Assert.Equal(expected, await WhereAsync<IShardProbe>(silos, GrainKeys.Environment("run", shard), from: shard % 4));
            foreach (var agent in Enumerable.Range(0, 3))
                Assert.Equal(expected, await WhereAsync<IShardMemberProbe>(silos, GrainKeys.Replica("run", shard, agent), from: agent));
        }

        foreach (var run in Enumerable.Range(0, 16).Select(number => $"run-{number}"))
        {
            Assert.Equal(Picked(run, AgentsSilos[..2]), await WhereAsync<IRunProbe>(silos, run));
            Assert.Equal(3, await WhereAsync<ILearnerProbe>(silos, run));
        }

        var shards = Enumerable.Range(0, 32).Select(shard => Picked($"run/{shard}", AgentsSilos[..2]));
        Assert.Equal([0, 1], shards.Distinct().Order());
        Assert.Equal(["cuda:0"], silos.Services(3).GetRequiredService<SiloResources>().Accelerators);
        Assert.Equal(["agents"], silos.Services(0).GetRequiredService<SiloResources>().Roles);
    }

    [Fact]
    public async Task A_migration_goes_where_it_is_told_but_not_to_a_silo_without_the_role()
    {
        await using var silos = new DeclaringSilos([DeclaringSilos.Agents, DeclaringSilos.Agents, DeclaringSilos.Learners()]);
        await silos.StartAsync();
        var grain = silos.From(0).GetGrain<IShardProbe>("run/0");
        var before = silos.NumberOf(await grain.Where());
        await silos.Cluster.MigrateAsync(grain, silos.Address(1 - before)).SoonAsync();
        Assert.Equal(1 - before, silos.NumberOf(await grain.Where()));
        await silos.Cluster.MigrateAsync(grain, silos.Address(2)).SoonAsync();
        Assert.Equal(before, silos.NumberOf(await grain.Where()));
    }

    [Fact]
    public async Task A_lost_silos_shards_move_and_the_others_stay_also_when_it_is_back()
    {
        await using var silos = new DeclaringSilos([DeclaringSilos.Agents, DeclaringSilos.Agents, DeclaringSilos.Agents]);
        await silos.StartAsync();
        var shards = Enumerable.Range(0, 32).Select(shard => GrainKeys.Environment("run", shard)).ToArray();
        var before = await WhereAsync(silos, shards);
        Assert.Equal(shards.Select(shard => Picked(shard, AgentsSilos)), before);
        Assert.Contains(2, before);

        await silos.KillAsync(2);
        var after = await WhereAsync(silos, shards);
        Assert.Equal(shards.Select(shard => Picked(shard, AgentsSilos[..2])), after);
        Assert.All(shards.Index(), shard => Assert.True(before[shard.Index] == 2 || before[shard.Index] == after[shard.Index]));

        // Its shards do not come home: a placement is asked only for an activation. Whoever is placed now, comes to it.
        await silos.StartAgainAsync(2);
        Assert.Equal(after, await WhereAsync(silos, shards));
        var others = shards.Select(shard => $"another-{shard}").ToArray();
        Assert.Equal(others.Select(shard => Picked(shard, AgentsSilos)), await WhereAsync(silos, others));
    }

    /// <summary>
    /// Deactivation alone does not bring the learner back, since its caller remembers where it was; MigrateOnIdle asks the placement.
    /// </summary>
    [Fact]
    public async Task A_learner_without_its_accelerator_goes_on_elsewhere_until_it_migrates()
    {
        await using var silos = new DeclaringSilos([DeclaringSilos.Agents, DeclaringSilos.Learners(), DeclaringSilos.Learners("cuda:0")]);
        await silos.StartAsync();
        var learner = silos.From(0).GetGrain<ILearnerProbe>("run");
        Assert.Equal(2, silos.NumberOf(await learner.Where()));
        await silos.KillAsync(2);
        Assert.Equal(1, silos.NumberOf(await learner.Where().SoonAsync()));

        await silos.StartAgainAsync(2);
        Assert.Equal(1, silos.NumberOf(await learner.Where()));
        Assert.Equal(2, await WhereAsync<ILearnerProbe>(silos, "another-run"));
        await silos.Cluster.DeactivateAsync(learner).SoonAsync();
        Assert.Equal(1, silos.NumberOf(await learner.Where()));
        var gone = silos.Cluster.WaitForDeactivationAsync(learner);
        await learner.AsReference<IGrainManagementExtension>().MigrateOnIdle();
        await gone.SoonAsync();
        Assert.Equal(2, silos.NumberOf(await learner.Where()));
    }

    [Fact]
    public async Task Without_a_silo_of_its_role_a_placement_waits_for_one_and_then_says_so()
    {
        var clock = new Clock();
        await using var silos = new DeclaringSilos([DeclaringSilos.Agents], clock);
        await silos.StartAsync();
        var failed = silos.From(0).GetGrain<ILearnerProbe>("run").Where();
        await RetryAsync(clock, RendezvousDirector.MaxAttempts - 1);
        var error = await Assert.ThrowsAsync<RoleMissingException>(() => failed.SoonAsync());
        Assert.Equal(
            "No silo has the role 'learners', which learnerprobe/run needs: start one with 'learners' among its Madrl:Silo:Roles.", error.Message);

        var waits = silos.From(0).GetGrain<ILearnerProbe>("run").Where();
        await clock.SetForAsync(RendezvousDirector.RetryDelay);
        var joined = await silos.JoinAsync(DeclaringSilos.Learners());
        await clock.AdvanceUntilAsync(waits, RendezvousDirector.RetryDelay);
        Assert.Equal(joined, silos.NumberOf(await waits));
    }

    [Fact]
    public async Task A_silo_that_has_just_joined_is_asked_first_what_it_is_but_not_for_ever()
    {
        var clock = new Clock();
        await using var silos = new DeclaringSilos([DeclaringSilos.Agents, DeclaringSilos.Learners()], clock);
        await silos.StartAsync();
        silos.Known = [silos.Address(0), silos.Address(1)];
        var joined = await silos.JoinAsync(DeclaringSilos.Learners("cuda:0"));
        var late = silos.From(0).GetGrain<ILearnerProbe>("late").Where();
        await clock.SetForAsync(RendezvousDirector.RetryDelay);
        silos.Known = null;
        await clock.AdvanceUntilAsync(late, RendezvousDirector.RetryDelay);
        Assert.Equal(joined, silos.NumberOf(await late));

        silos.Known = [silos.Address(0), silos.Address(1)];
        var start = clock.GetUtcNow();
        var never = silos.From(0).GetGrain<ILearnerProbe>("never").Where();
        await clock.AdvanceUntilAsync(never, RendezvousDirector.RetryDelay);
        Assert.Equal(1, silos.NumberOf(await never));
        Assert.True(clock.GetUtcNow() - start >= (RendezvousDirector.MaxAttempts - 1) * RendezvousDirector.RetryDelay);
    }

    [Theory]
    [InlineData(typeof(IRunCatalogGrain), typeof(RunPlacement))]
    [InlineData(typeof(IRunGrain), typeof(RunPlacement))]
    [InlineData(typeof(IMetricsGrain), typeof(RunPlacement))]
    [InlineData(typeof(IAgentGrain), typeof(ShardPlacement))]
    [InlineData(typeof(IEnvironmentGrain), typeof(ShardPlacement))]
    [InlineData(typeof(IAgentReplicaGrain), typeof(ShardPlacement))]
    [InlineData(typeof(IReplayGrain), typeof(LearnerPlacement))]
    [InlineData(typeof(ILearnerGrain), typeof(LearnerPlacement))]
    public void The_grains_of_a_run_are_placed_so(Type grain, Type placement)
    {
        var type = twoSilos.Client.GetGrain(grain, "run").GetGrainId().Type;
        Assert.IsType(placement, twoSilos.Services(0).GetRequiredService<PlacementStrategyResolver>().GetPlacementStrategy(type));
    }

    [Fact]
    public void Orleans_moves_no_grains_by_load()
    {
        Assert.Null(twoSilos.Services(0).GetService<IActivationRebalancer>());
        Assert.Null(twoSilos.Services(0).GetService<IImbalanceToleranceRule>());
    }

    private static int Picked(string key, string[] names) => Array.IndexOf(AgentsSilos, Rendezvous.Pick(key, names));

    private static async Task<int> WhereAsync<T>(DeclaringSilos silos, string key, int from = 0)
        where T : IPlaceProbe =>
        silos.NumberOf(await silos.From(from).GetGrain<T>(key).Where().SoonAsync());

    private static Task<int[]> WhereAsync(DeclaringSilos silos, string[] shards) =>
        Task.WhenAll(shards.Select(shard => WhereAsync<IShardProbe>(silos, shard)));

    private static async Task RetryAsync(Clock clock, int times)
    {
        foreach (var _ in Enumerable.Range(0, times))
        {
            await clock.SetForAsync(RendezvousDirector.RetryDelay);
            clock.Advance(RendezvousDirector.RetryDelay);
        }
    }
}
