using Orleans.Placement;
using Orleans.Runtime;

namespace Madrl.Clustering.Tests.Postgres;

public interface IPostgresRemindedGrain : IGrainWithStringKey
{
    Task Remind();

    Task<bool> Forget();
}

/// <summary>Lives on the silo that calls it first, and says where a reminder reached it.</summary>
[PreferLocalPlacement]
public sealed class PostgresRemindedGrain(Sightings sightings, ILocalSiloDetails silo) : Grain, IPostgresRemindedGrain, IRemindable
{
    public Task Remind() => this.RegisterOrUpdateReminder("wake", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    public async Task<bool> Forget()
    {
        await this.UnregisterReminder((await this.GetReminder("wake"))!);
        return await this.GetReminder("wake") is null;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        sightings.Add(this.GetPrimaryKeyString(), $"{silo.SiloAddress}");
        return Task.CompletedTask;
    }
}

public class PostgresReminderTests(Databases databases)
{
    private const string CountRows = "SELECT count(*) FROM OrleansReminder";

    [Fact]
    public async Task A_reminder_fires_outlives_the_silo_that_registered_it_and_all_silos_and_ends_when_unregistered()
    {
        var sightings = new Sightings();
        var database = await databases.CreateAsync();
        await PostgresSchema.EnsureAsync(database);
        var first = await PostgresSilo.StartAsync(database, sightings);
        var second = await PostgresSilo.StartAsync(database, sightings);

        // Eight, so that both silos' parts of the ring serve some.
        var keys = Enumerable.Range(0, 8).Select(number => $"reminded {number}").ToArray();
        foreach (var key in keys) await second.Grains.GetGrain<IPostgresRemindedGrain>(key).Remind();
        Assert.Equal(keys.Length, await database.ScalarAsync<long>(CountRows));
        await SeenAsync("those who registered are reminded", sightings, keys, second);

        var lost = second.Address;
        await second.KillAsync();
        await SeenAsync("they are reminded on the silo that is left", sightings, keys, first);
        await first.StopAsync();

        await using var third = await PostgresSilo.StartAsync(database, sightings);
        await SeenAsync("they are reminded on a new silo", sightings, keys, third);
        foreach (var key in keys) Assert.True(await third.Grains.GetGrain<IPostgresRemindedGrain>(key).Forget());
        Assert.Equal(0, await database.ScalarAsync<long>(CountRows));
        Assert.All(keys, key => Assert.Contains($"{lost}", sightings.Of(key)));
    }

    private static Task SeenAsync(string what, Sightings sightings, string[] keys, PostgresSilo silo)
    {
        var address = $"{silo.Address}";
        return Eventually.IsAsync(what, () => Task.FromResult(keys.All(key => sightings.Of(key).Contains(address))));
    }
}
