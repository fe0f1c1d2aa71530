using System.Text.Json.Nodes;

namespace Madrl.EndToEnd.Tests.Cluster;

/// <summary>A small run in four shards: of MAPPO, or of MADDPG with a replay whose ring goes round.</summary>
/// <param name="Seed">Its seed; even ones are of MADDPG.</param>
/// <param name="Iterations">Iterations of 400 environment steps.</param>
internal sealed record ClusterRun(ulong Seed, int Iterations)
{
    /// <summary>More iterations than any machine makes before whatever disturbs the run.</summary>
    public const int Endless = 1_000_000;

    private const int Copies = 16, StepsPerIteration = Copies * 25, SaveEvery = 10;

    private bool IsOffPolicy => Seed % 2 == 0;

    private string Algorithm => IsOffPolicy ? "maddpg" : "mappo";

    /// <summary>With a constant step size the weights after k iterations do not depend on how many were to come.</summary>
    private Dictionary<string, string> Settings => IsOffPolicy
        ? new() { ["anneal"] = "false", ["hidden"] = "16", ["capacity"] = "16000", ["batch"] = "64", ["update-every"] = "200", ["warm-up"] = "400" }
        : new() { ["anneal"] = "false", ["hidden"] = "16", ["epochs"] = "2" };

    /// <summary>The body of a request that starts it.</summary>
    public JsonObject Request() => new()
    {
        ["task"] = "simple-spread", ["algorithm"] = Algorithm, ["steps"] = Iterations * StepsPerIteration, ["seed"] = Seed,
        ["copies"] = Copies, ["shards"] = 4, ["threads"] = 1,
        ["checkpointEvery"] = SaveEvery * StepsPerIteration, ["evaluateEvery"] = Iterations * StepsPerIteration,
        ["settings"] = new JsonObject(Settings.Select(setting => KeyValuePair.Create(setting.Key, (JsonNode?)setting.Value))),
    };

    /// <summary>The command line that does the same in one process.</summary>
    public IEnumerable<string> Arguments() =>
    [
        "train", "simple-spread", "--algorithm", Algorithm, "--steps", $"{Iterations * StepsPerIteration}", "--seed", $"{Seed}",
        "--copies", $"{Copies}", "--shards", "1", "--threads", "1", .. Settings.SelectMany(setting => (string[])["--set", $"{setting.Key}={setting.Value}"]),
    ];
}
