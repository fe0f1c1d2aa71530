using System.Net;
using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Madrl.Client.Tests;

/// <summary>A silo that is not there, or goes away.</summary>
public sealed class SilenceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("madrl-silence-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Nobody_at_the_address_is_said_at_once()
    {
        var error = await Assert.ThrowsAsync<SiloUnreachableException>(() => MadrlGateway.ConnectAsync([new IPEndPoint(IPAddress.Loopback, 1)]));
        Assert.Contains("No silo answers at 127.0.0.1:1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_follower_waits_says_so_and_gives_up_after_its_patience()
    {
        using var runs = new RunDirectory(_directory);
        var silo = await EmbeddedSilo.StartAsync(runs);
        await using var gateway = await MadrlGateway.ConnectAsync([silo.Gateway]);
        var run = await gateway.Client.StartAsync(new RunRequest { Task = "simple-spread", Threads = 1 });
        await silo.DisposeAsync();

        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        await using var events = new MadrlClient(gateway.Grains, time).FollowAsync(run).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(MadrlClient.Unreachable, events.Current.Type);
        Assert.Contains("Waiting 120 s", events.Current.Json, StringComparison.Ordinal);
        var end = events.MoveNextAsync().AsTask();
        while (!end.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await Assert.ThrowsAsync<SiloUnreachableException>(() => end);
        Assert.InRange(time.GetUtcNow() - time.Start, MadrlClient.Patience, TimeSpan.MaxValue);
    }
}
