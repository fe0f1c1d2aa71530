namespace Madrl.Environments.Tests.Games;

/// <summary>Every game of the catalogue by each of its rules, and with options that lead to other code.</summary>
internal static class GameCases
{
    public static TheoryData<string, string, string> All { get; } = [.. Cases()];

    /// <summary>Makes a case's game.</summary>
    /// <param name="options"><c>name=value</c>, separated by blanks.</param>
    public static IMarkovGame Create(int copies, string task, string rules, string options) =>
        GameCatalog.Find(task).Create(copies, rules, Values(options));

    /// <summary>Options by their names.</summary>
    /// <param name="options"><c>name=value</c>, separated by blanks.</param>
    public static Dictionary<string, string> Values(string options) => options
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(option => option.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

    private static IEnumerable<(string Task, string Rules, string Options)> Cases()
    {
        foreach (var game in GameCatalog.All)
        {
            foreach (var rules in game.Rules)
            {
                yield return (game.Task, rules, "");
                foreach (var options in Options(game.Task, rules)) yield return (game.Task, rules, options);
            }
        }
    }

    private static string[] Options(string task, string rules) => (task, rules) switch
    {
        ("simple-spread" or "simple-adversary", "mpe2") => ["actions=continuous", "agents=1", "agents=5"],
        ("simple-tag", "mpe2") => ["actions=continuous", "good=2 adversaries=1 obstacles=0"],
        ("simple-world-comm", "mpe2") => ["actions=continuous", "forests=0 adversaries=1", "good=3 food=1 forests=3 obstacles=2"],
        (_, "mpe2") => ["actions=continuous"],
        (_, "openai") => ["actions=soft"],
        ("matrix", _) => ["game=rock-paper-scissors observe-last=true episode-limit=5"],
        ("graph-world", _) => ["agents=11 targets=3 radius=0.8"],
        ("rendezvous", _) => ["agents=5 evaders=2 cooperation=0.4 graph=ring"],
        ("target-reach", _) => ["level=4"],
        ("drones", _) => ["drones=5 absent=2 join=0.1 leave=0.05 kind=surveillance allocation=arrival task-rate=0.5"],

        // Crowded, so that players meet.
        ("lbf", _) =>
        [
            "rows=5 columns=6 players=4 foods=3 penalty=0.1",
            "rows=6 columns=5 players=3 foods=3 sight=2 observe-levels=false",
            "rows=7 columns=7 players=5 foods=5 sight=1 cooperative=true max-player-level=3",
            "players=1 foods=1 max-food-level=1",
        ],
        ("rware", _) =>
        [
            "agents=40 difficulty=hard reward-type=two-stage",
            "size=small agents=9 sensor-range=3 column-height=2 reward-type=global",
            "sensor-range=5",
        ],
        _ => [],
    };
}
