using System.Text.Json.Nodes;
using Madrl.Terminal.Output;
using Spectre.Console;

namespace Madrl.Terminal.Playing;

/// <summary>Plays episodes and tells of them: as a live picture on a terminal, as lines elsewhere, as a film in a file.</summary>
/// <param name="players">The game and who plays.</param>
/// <param name="seed">Seed of the episodes.</param>
/// <param name="episodes">How many are played.</param>
/// <param name="pace">How long a picture is shown.</param>
/// <param name="json">Whether the caller reads NDJSON.</param>
internal sealed class PlaySession(Players players, ulong seed, int episodes, TimeSpan pace, bool json)
{
    private readonly Playback _playback = new(players, seed);
    private readonly Captions _captions = new(players, seed, episodes);

    private PlayedText Text => new(players, seed, _captions);

    private bool IsLive => !json && !Console.IsOutputRedirected && !Console.IsErrorRedirected
        && AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>Plays.</summary>
    /// <param name="path">File for a film; null to show a live picture where there is a terminal.</param>
    /// <param name="stop">Ends it at once.</param>
    public async Task RunAsync(string? path, CancellationToken stop)
    {
        if (path is not null) await FilmAsync(path, stop);
        else if (IsLive) await ShowAsync(stop);
        else await TellAsync(_ => { }, stop);
        if (!json) Console.Out.WriteLine($"A return is the {players.Game.Spec.ReturnScale}.");
    }

    private async Task ShowAsync(CancellationToken stop)
    {
        List<PlayedEpisode> played = [];
        var live = new LivePicture();
        await live.ShowAsync(async () =>
        {
            for (var episode = 0; episode < episodes; episode++)
            {
                played.Add(await _playback.PlayAsync(episode, moment =>
                {
                    live.Show(_captions.Frame(moment));
                    return Task.Delay(pace, TimeProvider.System, stop);
                }));
            }
        });
        foreach (var episode in played) Console.Out.WriteLine(Text.ToLine(episode));
    }

    private async Task FilmAsync(string path, CancellationToken stop)
    {
        var film = new FilmFile(path);
        var limit = players.Game.Spec.EpisodeLimit;
        var isFull = false;
        await TellAsync(
            moment =>
            {
                isFull |= moment.Step == 0 && !film.HasRoom(limit);
                if (!isFull) film.Add(_captions.Frame(moment));
            },
            stop);
        film.Write(pace);
        var content = film.Episodes < episodes ? $"the first {film.Episodes} of {episodes} episodes" : episodes == 1 ? "the episode" : $"{episodes} episodes";
        Console.Out.WriteLine(json
            ? new JsonObject { ["type"] = "film", ["file"] = path, ["episodes"] = film.Episodes }.ToCompactString()
            : $"film of {content}: {path}");
    }

    private async Task TellAsync(Action<Moment> look, CancellationToken stop)
    {
        for (var episode = 0; episode < episodes; episode++)
        {
            var played = await _playback.PlayAsync(episode, moment =>
            {
                stop.ThrowIfCancellationRequested();
                look(moment);
                return Task.CompletedTask;
            });
            Console.Out.WriteLine(json ? Text.ToJson(played) : Text.ToLine(played));
        }
    }
}
