namespace Madrl.Environments.Tests.Games;

/// <summary>Every game of the catalogue by each of its rules, and with each kind of actions where it has several.</summary>
internal static class GameCases
{
    public static TheoryData<string, string, string> All { get; } = [.. Cases()];

    /// <summary>Makes a case's game.</summary>
    /// <param name="options"><c>name=value</c>, separated by blanks.</param>
    public static IMarkovGame Create(int copies, string task, string rules, string options) => GameCatalog.Find(task).Create(
        copies, rules, options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(option => option.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]));

    private static IEnumerable<(string Task, string Rules, string Options)> Cases()
    {
        foreach (var game in GameCatalog.All)
        {
            foreach (var rules in game.Rules)
            {
                yield return (game.Task, rules, "");
                if (rules == "mpe2") yield return (game.Task, rules, "actions=continuous");
                if (rules == "openai") yield return (game.Task, rules, "actions=soft");
            }
        }
    }
}
