using System.Text.Json.Nodes;
using Madrl.Terminal.Output;
using Spectre.Console;

namespace Madrl.Terminal.Playing;

/// <summary>What is played and for whom.</summary>
/// <param name="Seed">Seed of the episodes.</param>
/// <param name="Episodes">How many are played.</param>
/// <param name="Pace">How long a picture is shown.</param>
/// <param name="Json">Whether the caller reads NDJSON.</param>
internal sealed record PlayOrder(ulong Seed, int Episodes, TimeSpan Pace, bool Json);

/// <summary>Plays episodes and tells of them: as a live picture on a terminal, as lines elsewhere, as a film in a file.</summary>
/// <param name="players">The game and who plays.</param>
/// <param name="order">What is played.</param>
/// <param name="output">Where it is told.</param>
internal sealed class PlaySession(Players players, PlayOrder order, TextWriter output)
{
    private readonly Playback _playback = new(players, order.Seed);
    private readonly Captions _captions = new(players, order.Seed, order.Episodes);

    private PlayedText Text => new(players, order.Seed, _captions);

    /// <summary>Episodes that were played to their end.</summary>
    public int Played { get; private set; }

    /// <summary>Plays, and writes what was played below the picture once that stands still.</summary>
    /// <param name="console">The terminal of the picture.</param>
    /// <param name="time">By which pictures are shown.</param>
    /// <param name="stop">Ends it at once.</param>
    /// <exception cref="OperationCanceledException">It was stopped; the episodes up to then are told.</exception>
    public async Task ShowAsync(IAnsiConsole console, TimeProvider time, CancellationToken stop)
    {
        List<PlayedEpisode> played = [];
        var picture = new LivePicture(console);
        try
        {
            await PlayAsync(
                moment =>
                {
                    picture.Show(_captions.Frame(moment));
                    return Task.Delay(order.Pace, time, stop);
                },
                played.Add, stop);
        }
        finally
        {
            picture.End();
            foreach (var episode in played) Tell(episode);
            if (Played > 0) TellScale();
        }
    }

    /// <summary>Plays for a film.</summary>
    /// <param name="film">Receives the pictures, and is written at the end.</param>
    /// <param name="stop">Ends it at once.</param>
    /// <exception cref="OperationCanceledException">It was stopped; the film is not written.</exception>
    public async Task FilmAsync(FilmFile film, CancellationToken stop)
    {
        await PlayAsync(
            moment =>
            {
                if (!film.IsFull) film.Add(_captions.Frame(moment));
                return Task.CompletedTask;
            },
            Tell, stop);
        film.Write(order.Pace);
        output.WriteLine(order.Json
            ? new JsonObject { ["type"] = "film", ["file"] = film.Name, ["episodes"] = film.Episodes, ["cutAfter"] = film.CutAfter }.ToCompactString()
            : $"film of {Content(film)}: {film.Name}");
        TellScale();
    }

    /// <summary>Plays and tells of each episode.</summary>
    /// <param name="stop">Ends it at once.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task TellAsync(CancellationToken stop)
    {
        await PlayAsync(_ => Task.CompletedTask, Tell, stop);
        TellScale();
    }

    private async Task PlayAsync(Func<Moment, Task> show, Action<PlayedEpisode> tell, CancellationToken stop)
    {
        for (; Played < order.Episodes; Played++)
        {
            tell(await _playback.PlayAsync(Played, moment =>
            {
                stop.ThrowIfCancellationRequested();
                return show(moment);
            }));
        }
    }

    private void Tell(PlayedEpisode episode) => output.WriteLine(order.Json ? Text.ToJson(episode) : Text.ToLine(episode));

    private void TellScale()
    {
        if (!order.Json) output.WriteLine($"A return is the {players.Game.Spec.ReturnScale}.");
    }

    private string Content(FilmFile film)
    {
        var limit = $", all that {Format.Count(FilmFile.MaxPictures)} pictures hold";
        if (film.CutAfter is { } step) return $"the first {Format.Count(step)} steps of {(order.Episodes == 1 ? "the" : "the first")} episode{limit}";
        if (film.Episodes < order.Episodes) return $"the first {film.Episodes} of {order.Episodes} episodes{limit}";
        return order.Episodes == 1 ? "the episode" : $"{order.Episodes} episodes";
    }
}
