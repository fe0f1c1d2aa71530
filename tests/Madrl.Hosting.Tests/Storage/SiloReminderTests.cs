using System.Collections.Concurrent;
using Madrl.Hosting.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Reminders;
using Orleans.Runtime;

namespace Madrl.Hosting.Tests.Storage;

/// <summary>The reminder table behind Orleans, and the files that stop a silo's start.</summary>
public sealed class SiloReminderTests : IDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(67);

    private readonly TemporaryFolder _folder = new();
    private readonly RunDirectory _runs;
    private readonly FakeTimeProvider _clock = new(StoppedClock.Now);
    private readonly ReceivedReminders _received = new();

    public SiloReminderTests() => _runs = new RunDirectory(_folder.File("runs"));

    private string Database => _folder.File("reminders.db");

    public void Dispose()
    {
        _runs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_reminder_outlives_the_silo_until_it_is_removed()
    {
        await using (var first = await StartAsync()) await Grain(first).RemindAsync("wake", _period);
        await using (var second = await StartAsync())
        {
            Assert.Empty(_received.All);
            await ReceiveAsync("wake of sleeper");
            Assert.True(await Grain(second).ForgetAsync("wake"));
            await Grain(second).RemindAsync("other", _period);
        }

        _received.All.Clear();
        await using var third = await StartAsync();
        await ReceiveAsync("other of sleeper");
        Assert.DoesNotContain("wake of sleeper", _received.All);
        Assert.False(await Grain(third).ForgetAsync("wake"));
    }

    [Fact]
    public async Task The_services_may_say_where_the_table_lies()
    {
        await using var silo = await EmbeddedSilo.StartAsync(_runs, silo => silo.UseSqliteReminders(
            services => Path.Combine(services.GetRequiredService<RunDirectory>().Path, "reminders.db")));
        Assert.True(File.Exists(Path.Combine(_runs.Path, "reminders.db")));
    }

    [Fact]
    public async Task A_damaged_table_stops_the_start()
    {
        await File.WriteAllTextAsync(Database, new string('x', 8192));
        await AssertRefused("is damaged: it is not a database; restore it from a copy or delete it, which forgets all reminders");
    }

    [Fact]
    public async Task A_read_only_table_stops_the_start()
    {
        await CreateAsync();
        // Root may write to any file, so the mark is SQLite's own: bytes 18 and 19 are the versions of the format that a program
        // must know to write and to read, and it reads a file whose first it does not know.
        await using (var file = new FileStream(Database, FileMode.Open))
        {
            file.Seek(18, SeekOrigin.Begin);
            file.Write([3, 1]);
        }

        await AssertRefused("cannot be opened for writing; let this user write to the file and its folder");
    }

    [Fact]
    public async Task A_newer_schema_stops_the_start()
    {
        await CreateAsync();
        StorageFixture.Execute(Database, "PRAGMA user_version = 2");
        await AssertRefused("written by a newer version (schema 2); this program reads schema 1");
    }

    [Fact]
    public async Task Grain_state_is_no_reminder_table()
    {
        using (var storage = StorageFixture.Open(Database)) await StorageFixture.ReadAsync<ControlState>(storage);
        await AssertRefused("is a database of another program or kind; name another file for the reminder table");
    }

    private static ISleepingGrain Grain(EmbeddedSilo silo) => silo.Client.GetGrain<ISleepingGrain>("sleeper");

    /// <summary>Moves the reminders' clock on until one arrives: Orleans sets its timers in its own time.</summary>
    private async Task ReceiveAsync(string reminder)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!_received.All.Contains(reminder))
        {
            _clock.Advance(_period);
            await poll.WaitForNextTickAsync(deadline.Token);
        }
    }

    private async Task CreateAsync()
    {
        using var table = new SqliteReminderTable(Database);
        await table.StartAsync();
    }

    private async Task AssertRefused(string message)
    {
        var error = await Assert.ThrowsAsync<StorageException>(StartAsync);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{Database}'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private Task<EmbeddedSilo> StartAsync() => EmbeddedSilo.StartAsync(_runs, silo =>
    {
        silo.UseSqliteReminders(Database);
        silo.Services.AddSingleton(_received);
        silo.Services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, _clock);
    });
}

public sealed class ReceivedReminders
{
    public ConcurrentQueue<string> All { get; } = [];
}

public interface ISleepingGrain : IGrainWithStringKey
{
    Task RemindAsync(string name, TimeSpan period);

    Task<bool> ForgetAsync(string name);
}

public sealed class SleepingGrain(ReceivedReminders received) : Grain, ISleepingGrain, IRemindable
{
    public Task RemindAsync(string name, TimeSpan period) => this.RegisterOrUpdateReminder(name, period, period);

    public async Task<bool> ForgetAsync(string name)
    {
        if (await this.GetReminder(name) is not { } reminder) return false;
        await this.UnregisterReminder(reminder);
        return true;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        received.All.Enqueue($"{reminderName} of {this.GetPrimaryKeyString()}");
        return Task.CompletedTask;
    }
}
