using Madrl.Clustering.Tests.Servers;

namespace Madrl.EndToEnd.Tests;

/// <summary>The silo program on ports of its own; killed and started again, it has the same ones.</summary>
public sealed class SiloProcess : IDisposable
{
    private readonly Workplace _work;
    private readonly IReadOnlyDictionary<string, string>? _settings;
    private readonly int[] _ports = [Ports.Free(), Ports.Free(), Ports.Free()];
    private MadrlProcess? _process;

    public SiloProcess(Workplace work, IReadOnlyDictionary<string, string>? settings = null) => (_work, _settings) = (work, settings);

    public string Gateway => $"127.0.0.1:{_ports[0]}";

    public HttpClient Http => field ??= new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_ports[2]}") };

    public IEnumerable<string> Arguments =>
        ["--gateway-port", $"{_ports[0]}", "--silo-port", $"{_ports[1]}", "--http-port", $"{_ports[2]}"];

    public MadrlProcess Process => _process!;

    /// <summary>Starts it and waits until it has said all that it says at its start.</summary>
    /// <returns>What it said.</returns>
    public async Task<IReadOnlyList<string>> StartAsync()
    {
        _process?.Dispose();
        _process = MadrlProcess.StartSilo(_work.Folder, Arguments, _settings);
        var lines = new List<string>();
        do lines.Add(await _process.ReadLineAsync() ?? throw new InvalidOperationException((await _process.EndAsync()).Error));
        while (!lines[^1].StartsWith("Ctrl-C", StringComparison.Ordinal));
        return lines;
    }

    public void Dispose()
    {
        _process?.Dispose();
        Http.Dispose();
    }
}
