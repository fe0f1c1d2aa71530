using System.Globalization;

namespace Madrl.Environments.Drawing;

/// <summary>When which picture of a film is shown.</summary>
internal sealed class Timeline
{
    /// <summary>How long the last picture of an episode stays.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1.5);

    private readonly long[] _begins;

    /// <summary>A film.</summary>
    /// <param name="frames">Its pictures, at least one.</param>
    /// <param name="pace">How long each is shown; the last of an episode longer.</param>
    public Timeline(IReadOnlyList<Frame> frames, TimeSpan pace)
    {
        Frames = frames;
        _begins = new long[frames.Count + 1];
        for (var i = 0; i < frames.Count; i++) _begins[i + 1] = _begins[i] + pace.Ticks + (frames[i].IsLast ? _pause.Ticks : 0);
        Duration = TimeSpan.FromTicks(_begins[^1]).TotalSeconds.ToString("0.###s", CultureInfo.InvariantCulture);
    }

    /// <summary>The pictures.</summary>
    public IReadOnlyList<Frame> Frames { get; }

    /// <summary>How long the film is, as SMIL writes it.</summary>
    public string Duration { get; }

    /// <summary>When a picture begins, as a part of the film's length.</summary>
    public string Begin(int frame) => ((double)_begins[frame] / _begins[^1]).ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>Joins consecutive pictures that have something in common, so that what stays is written once.</summary>
    /// <param name="part">What is asked of the picture of a number; null where it has none.</param>
    /// <returns>What they have, the first of them and the one after the last.</returns>
    public IEnumerable<(T Value, int From, int To)> Runs<T>(Func<int, T?> part)
    {
        for (int from = 0, to; from < Frames.Count; from = to)
        {
            var value = part(from);
            for (to = from + 1; to < Frames.Count && Equals(part(to), value); to++)
            {
            }

            if (value is not null) yield return (value, from, to);
        }
    }
}
