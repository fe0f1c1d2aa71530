using System.Globalization;
using Madrl.Environments.Settings;
using Microsoft.Extensions.Configuration;

namespace Madrl.Clustering;

/// <summary>Reads the settings of a section one by one, and refuses those given that nobody has asked for.</summary>
/// <param name="configuration">All settings of the program.</param>
public sealed class SettingsReader(IConfiguration configuration)
{
    /// <summary>The section that all settings of this program are in.</summary>
    public const string Section = "Madrl";

    private readonly IConfigurationSection _section = configuration.GetSection(Section);
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The full name of a setting, as errors call it.</summary>
    /// <param name="key">Its name within the section, such as <c>Cluster:Storage</c>.</param>
    public static string NameOf(string key) => $"{Section}:{key}";

    /// <summary>A text.</summary>
    /// <returns>The text, perhaps blank; null where it is not given.</returns>
    public string? Text(string key)
    {
        _known.Add(key);
        return _section[key];
    }

    /// <summary>A port.</summary>
    /// <exception cref="SettingsException">It is missing or not a port.</exception>
    public int Port(string key)
    {
        var text = Text(key);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= ushort.MaxValue
            ? port
            : throw new SettingsException($"{NameOf(key)} is {text ?? "missing"}: it takes a port from 1 to {ushort.MaxValue}.");
    }

    /// <summary>One of the names of an enumeration, in any case.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="fallback">What holds where it is not given.</param>
    /// <exception cref="SettingsException">It is none of them.</exception>
    public T Choice<T>(string key, T fallback)
        where T : struct, Enum
    {
        var text = Text(key);
        if (text is null) return fallback;
        var names = Enum.GetNames<T>();
        var found = Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return found >= 0
            ? Enum.GetValues<T>()[found]
            : throw new SettingsException($"{NameOf(key)} is '{text}': choose one of {string.Join(", ", names)}.");
    }

    /// <summary>Names separated by commas; spaces around them do not count, nor does the order or a repetition.</summary>
    /// <returns>The names; null where the setting is not given.</returns>
    public IReadOnlyList<string>? List(string key) =>
        Text(key) is { } text ? [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().Order()] : null;

    /// <summary>Refuses settings of the section that have not been read by now.</summary>
    /// <exception cref="SettingsException">There is one.</exception>
    public void CheckUnknown()
    {
        var unknown = _section.AsEnumerable(makePathsRelative: true)
            .FirstOrDefault(setting => setting.Value is not null && !_known.Contains(setting.Key)).Key;
        if (unknown is null) return;
        var nearest = NearestNames.Of(unknown, _known);
        throw new SettingsException($"There is no setting {NameOf(unknown)}: "
            + (nearest.Count > 0 ? $"did you mean {NameOf(nearest[0])}?" : "docs/cluster.md has a table of all."));
    }
}
