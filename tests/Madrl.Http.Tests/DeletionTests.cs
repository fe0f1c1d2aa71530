using System.Net.Http.Json;

namespace Madrl.Http.Tests;

/// <summary>A run that is deleted while others ask about it is there or not there, and nothing between.</summary>
public sealed class DeletionTests(LiveServer server)
{
    private const int Runs = 10, Askers = 6;

    [Fact]
    public async Task WhoAsksAboutARunThatIsDeletedIsToldSo()
    {
        var logged = server.Logs.Lines.Count;
        for (var index = 0; index < Runs; index++)
        {
            var run = await server.FinishAsync(await server.StartAsync());
            using var gone = new CancellationTokenSource();
            var askers = Enumerable.Range(0, Askers).Select(asker => Task.Run(() => AskAsync(run, asker, gone.Token))).ToArray();
            using var deleted = await server.Http.DeleteAsync($"/api/v1/runs/{run}");
            Assert.Equal(204, (int)deleted.StatusCode);
            await gone.CancelAsync();
            await Task.WhenAll(askers);
            Assert.False(Directory.Exists(Path.Combine(server.Runs, run)));
        }

        Assert.True(server.Logs.Lines.Count == logged, string.Join('\n', server.Logs.Lines.Skip(logged).Take(3)));
    }

    /// <summary>Asks everything again and again, and once after the run has gone.</summary>
    private async Task AskAsync(string run, int asker, CancellationToken gone)
    {
        using var http = server.Web.NewHttp();
        string[] addresses = ["", $"/{run}", $"/{run}/events", $"/{run}/agents", $"/{run}/agents/1", $"/{run}/agents/0/act"];
        var last = false;
        for (var turn = asker; !last; turn++)
        {
            last = gone.IsCancellationRequested;
            var address = "/api/v1/runs" + addresses[turn % addresses.Length];
            using var answer = address.EndsWith("act", StringComparison.Ordinal)
                ? await http.PostAsJsonAsync(address, new { observations = new[] { new float[1] } })
                : await http.GetAsync(address);
            Assert.True((int)answer.StatusCode is 200 or 400 or 404, $"{address}: {await answer.Content.ReadAsStringAsync()}\n{string.Join('\n', server.Logs.Lines.TakeLast(3))}");
        }
    }
}
