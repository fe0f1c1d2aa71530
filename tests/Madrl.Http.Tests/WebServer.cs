using System.Net;
using Madrl.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Madrl.Http.Tests;

/// <summary>The API over a client in a web server of its own: real Kestrel on a free port of this machine.</summary>
public sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebServer(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Http = NewHttp();
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public TestHealth Health => (TestHealth)Services.GetRequiredService<ISiloHealth>();

    public static async Task<WebServer> StartAsync(IMadrlClient client, LogCollector logs, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(logs.Least);
        builder.Services.AddSingleton(client);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<ISiloHealth>(new TestHealth());
        builder.Services.AddMadrlHttp();
        var app = builder.Build();
        app.UseMadrlHttp();
        await app.StartAsync();
        return new WebServer(app);
    }

    /// <summary>A client with connections of its own.</summary>
    public HttpClient NewHttp() => new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        BaseAddress = Address, Timeout = Limits.Hang,
    };

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>What the probes are told.</summary>
public sealed class TestHealth : ISiloHealth
{
    public SiloReport Report => new("here", "madrl", ["agents", "learners"], [], 5, 2, 3);

    public bool HasStarted { get; set; } = true;

    public bool IsReady { get; set; } = true;
}

internal static class Limits
{
    /// <summary>After this a test hangs rather than works.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    /// <summary>Waits for something that no event tells.</summary>
    public static async Task UntilAsync(Func<Task<bool>> happened, string what)
    {
        using var hang = new CancellationTokenSource(Hang);
        while (!await happened())
        {
            Assert.False(hang.IsCancellationRequested, $"This did not happen: {what}.");
            await Task.Delay(20);
        }
    }
}
