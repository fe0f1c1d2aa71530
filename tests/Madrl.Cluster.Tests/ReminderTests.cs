using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Runtime;

namespace Madrl.Cluster.Tests;

public interface IRemindedProbe : IGrainWithStringKey
{
    Task Remind(TimeSpan due, TimeSpan period);

    Task Forget();
}

[Orleans.Placement.RandomPlacement]
public sealed class RemindedProbe(Stage stage, ILocalSiloDetails silo) : Grain, IRemindedProbe, IRemindable
{
    private int _received;

    public Task Remind(TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder("wake", due, period);

    public async Task Forget() => await this.UnregisterReminder((await this.GetReminder("wake"))!);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        var key = this.GetPrimaryKeyString();
        stage.Note(key, $"{reminderName} {++_received} on {silo.SiloAddress}");
        stage.Reach($"{key}/{stage.Notes(key).Length}");
        return Task.CompletedTask;
    }
}

/// <summary>Reminders that outlive silos, as a database keeps them; Orleans' in-memory table is a grain on one of them.</summary>
internal sealed class SharedReminderTable : IReminderTable
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Name), ReminderEntry> _rows = new();
    private int _version;

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Task.FromResult(Data(row => row.GrainId == grainId));

    /// <summary>Those whose hash is in (begin, end], which may go round.</summary>
    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Task.FromResult(Data(row =>
    {
        var hash = row.GrainId.GetUniformHashCode();
        return begin < end ? begin < hash && hash <= end : begin < hash || hash <= end;
    }));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        Task.FromResult(_rows.GetValueOrDefault((grainId, reminderName)));

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        entry.ETag = $"{Interlocked.Increment(ref _version)}";
        _rows[(entry.GrainId, entry.ReminderName)] = entry;
        return Task.FromResult<string?>(entry.ETag);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        Task.FromResult(_rows.TryRemove((grainId, reminderName), out _));

    public Task TestOnlyClearTable() => throw new NotSupportedException();

    private ReminderTableData Data(Func<ReminderEntry, bool> chosen) => new(_rows.Values.Where(chosen));
}

/// <summary>Two silos with reminders, which run on a clock that the test moves.</summary>
public sealed class RemindedSilos : TwoSilos
{
    private readonly SharedReminderTable _table = new();

    public Clock Reminders { get; } = new();

    protected override void Configure(ISiloBuilder silo)
    {
        silo.AddReminders();
        silo.Services.AddSingleton<IReminderTable>(_table);
        silo.Services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, Reminders);
    }
}

/// <summary>
/// A reminder calls its grain at its time, whether the grain is active or not, on whatever silo lives: it will resume runs of a
/// cluster whose silo was lost. Its clock is the TimeProvider with the key ReminderTimeProviderNames.Reminders. A period of less
/// than a minute is refused (ReminderOptions.MinimumReminderPeriod).
/// </summary>
public class ReminderTests
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(67);

    [Fact]
    public async Task It_calls_its_grain_activates_it_and_outlives_its_silo()
    {
        await using var silos = new RemindedSilos();
        await silos.InitializeAsync();
        var (clock, stage) = (silos.Reminders, silos.Stage);
        var grain = silos.Client.GetGrain<IRemindedProbe>("reminded");
        await grain.Remind(_period, _period);
        await TickAsync(silos, 1);

        // Not active: the next one activates it, which shows in its count.
        await silos.Cluster.DeactivateAsync(grain).SoonAsync();
        await TickAsync(silos, 2);
        Assert.All(stage.Notes("reminded"), note => Assert.StartsWith("wake 1 on", note, StringComparison.Ordinal));
        await TickAsync(silos, 3);
        Assert.StartsWith("wake 2 on", stage.Notes("reminded")[2], StringComparison.Ordinal);

        // Each silo is stopped in turn, and a new one started, so the one that fires it has been among them.
        foreach (var silo in silos.Silos)
        {
            await silos.Cluster.StopSiloAsync(silo).SoonAsync();
            await silos.Cluster.StartAdditionalSiloAsync().SoonAsync();
            var before = stage.Notes("reminded").Length;
            await clock.AdvanceUntilAsync(stage.WaitAsync($"reminded/{before + 1}"), _period);
            Assert.DoesNotContain($"{silo.SiloAddress}", stage.Notes("reminded")[before], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Forgotten_it_calls_no_more_and_a_period_below_a_minute_is_refused()
    {
        await using var silos = new RemindedSilos();
        await silos.InitializeAsync();
        var grain = silos.Client.GetGrain<IRemindedProbe>("forgotten");
        await Assert.ThrowsAsync<ArgumentException>(() => grain.Remind(_period, TimeSpan.FromSeconds(59)));
        await grain.Remind(_period, _period);
        await silos.Reminders.SetForAsync(_period);
        await grain.Forget();

        // A second one shows that the time of the first has passed.
        await silos.Client.GetGrain<IRemindedProbe>("reminded").Remind(_period, _period);
        await TickAsync(silos, 1);
        Assert.Empty(silos.Stage.Notes("forgotten"));
    }

    private static async Task TickAsync(RemindedSilos silos, int tick)
    {
        await silos.Reminders.SetForAsync(_period);
        silos.Reminders.Advance(_period);
        await silos.Stage.WaitAsync($"reminded/{tick}");
    }
}
