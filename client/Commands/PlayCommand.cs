using System.CommandLine;
using Madrl.Environments;
using Madrl.Hosting;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Evaluation;
using Madrl.Terminal.Output;
using Madrl.Terminal.Playing;
using Spectre.Console;

namespace Madrl.Terminal.Commands;

/// <summary><c>play TASK</c>: shows test episodes.</summary>
internal static class PlayCommand
{
    private const int MaxEpisodes = 1000, DefaultDelay = 100, MaxDelay = 10_000;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var task = new Argument<string>("TASK") { Description = "what is played; 'list tasks' names them" };
        var policy = new Option<string>("--policy")
        {
            Description = "who plays: scripted, random, or the policies of a run by its id or folder",
            HelpName = "RUN|random|scripted", DefaultValueFactory = _ => Players.Scripted,
        };
        var (checkpoint, folder) = (SavedPolicies.Option(), CommonOptions.Out());
        var rules = new Option<string?>("--rules") { Description = "variant of the rules; a run has its own", HelpName = "NAME" };
        var set = CommonOptions.Set("option of the task; repeatable; a run has its own");
        var seed = new Option<ulong?>("--seed") { Description = "seed of the episodes; the run's own, otherwise 1", HelpName = "N" };
        var episodes = new Option<int>("--episodes") { Description = "test episodes to play, the first ones of those that 'evaluate' plays", HelpName = "N", DefaultValueFactory = _ => 1 };
        var svg = new Option<string?>("--svg") { Description = "file for an animated SVG, instead of a picture in the terminal", HelpName = "FILE" };
        var delay = new Option<int>("--delay") { Description = "milliseconds that each picture is shown", HelpName = "MS", DefaultValueFactory = _ => DefaultDelay };
        var json = CommonOptions.Json();
        var command = new ExampleCommand(
            "play", "Shows episodes: live in the terminal, or as an animated SVG; in a pipe a line for each.",
            "play simple-spread", "play simple-spread --policy simple-spread-mappo-s1-20261122-173205 --checkpoint best --svg spread.svg",
            "play rendezvous --set agents=8 --policy random --episodes 5 --json")
        {
            task, policy, checkpoint, folder, rules, set, seed, episodes, svg, delay, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            var count = Checked("--episodes", parsed.GetRequiredValue(episodes), 1, MaxEpisodes);
            var pace = TimeSpan.FromMilliseconds(Checked("--delay", parsed.GetRequiredValue(delay), 1, MaxDelay));
            var film = parsed.GetValue(svg) is { } path ? new FilmFile(path) : null;
            var players = await ChooseAsync();
            return await RunAsync(players, new PlayOrder(parsed.GetValue(seed) ?? players.Seed, count, pace, parsed.GetValue(json)), film);

            Task<Players> ChooseAsync()
            {
                var (name, options) = (parsed.GetRequiredValue(policy), CommonOptions.Settings(parsed, set));
                if (string.IsNullOrWhiteSpace(name)) throw new UsageException($"--policy needs a value: --policy {policy.HelpName}.");
                var game = UsageException.Check(() => new GameChoice(parsed.GetRequiredValue(task), parsed.GetValue(rules), options));
                if (Players.OfEveryGame(name, game) is { } players)
                {
                    return IsGiven(checkpoint) || IsGiven(folder)
                        ? throw new UsageException($"--checkpoint and --out belong to the policies of a run, not to --policy {name}.")
                        : Task.FromResult(players);
                }

                if (options.Count > 0 || IsGiven(rules)) throw new UsageException("--rules and --set exclude the policies of a run, which play by the run's own.");
                SavedPolicies.Check(parsed.GetRequiredValue(checkpoint));
                return Players.OfRunAsync(name, game.Task, parsed.GetRequiredValue(folder), parsed.GetRequiredValue(checkpoint));
            }

            bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };
        });
        return command;
    }

    private static int Checked(string name, int value, int least, int most) =>
        value >= least && value <= most ? value : throw new UsageException($"'{value}' is not a value of {name}: it takes a whole number from {least} to {most}.");

    private static async Task<int> RunAsync(Players players, PlayOrder order, FilmFile? film)
    {
        var session = new PlaySession(players, order, Console.Out);
        using var interruption = new Interruption { Answer = null, Committed = "nothing was saved" };
        using var stop = new CancellationTokenSource();
        var stopping = interruption.Requested.ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        try
        {
            await PlayAsync();
            return ExitCodes.Ok;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await stopping;
            Console.Error.WriteLine($"stopped after {session.Played} of {order.Episodes} episodes{(film is null ? "" : "; no film was written")}");
            return ExitCodes.Interrupted;
        }

        Task PlayAsync()
        {
            if (film is not null) return session.FilmAsync(film, stop.Token);
            if (order.Json || !Screen.IsLive) return session.TellAsync(stop.Token);

            // A second Ctrl-C ends the process at once, wherever the picture is.
            interruption.Ending = AnsiConsole.Cursor.Show;
            return session.ShowAsync(AnsiConsole.Console, TimeProvider.System, stop.Token);
        }
    }
}
