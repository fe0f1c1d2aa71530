using System.Text.Json;

namespace Madrl.Environments.Games.Matrix;

/// <summary>
/// Reads a game in normal form from JSON: <c>format</c> is <c>normal-form/1</c>; <c>players</c> lists each player's <c>name</c> and
/// <c>actions</c>; <c>payoffs</c> is nested, the first player's action outermost, down to what a joint action earns: a list with a number
/// for each player, or one number where all receive the same. Other fields are comments.
/// </summary>
internal sealed class NormalFormFile
{
    private const string Format = "normal-form/1";
    private const int MostPlayers = 32;
    private const int MostProfiles = 1 << 16;
    private const int MostPayoffs = 1 << 20;

    private readonly string _file;

    private NormalFormFile(string file) => _file = file;

    /// <summary>Reads a game.</summary>
    /// <param name="json">The text.</param>
    /// <param name="file">Its name, for errors.</param>
    /// <exception cref="ArgumentException">It holds no such game; names file, field and remedy.</exception>
    public static NormalFormGame Read(ReadOnlyMemory<byte> json, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new NormalFormFile(file).Game(document.RootElement);
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"{file} is not JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}): {Remedy}", error);
        }
        catch (InvalidOperationException error)
        {
            // Half of a surrogate pair, which the parser lets pass, in a text or in a field's name.
            throw new ArgumentException($"{file} has a text that is not Unicode, such as \\ud800 without its other half: {Remedy}", error);
        }
    }

    /// <summary>What a file must be, for errors.</summary>
    internal static string Remedy =>
        $"a game is a JSON object with the fields format (\"{Format}\"), players and payoffs; see docs/environments.md.";

    private NormalFormGame Game(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new ArgumentException($"{_file} is a JSON {Kind(root)}: {Remedy}");
        var format = Field(root, "", "format");
        if (format.ValueKind != JsonValueKind.String || format.GetString() != Format) throw Bad("format", $"must be \"{Format}\"");
        var players = List(Field(root, "", "players"), "players");
        if (players.Count is < 2 or > MostPlayers) throw Bad("players", $"lists {players.Count}; there must be 2 to {MostPlayers}");
        NormalFormPlayer[] described = [.. players.Select((player, index) => Player(player, $"players[{index}]"))];
        var profiles = described.Aggregate(1.0, (product, player) => product * player.Actions.Count);
        if (profiles > MostProfiles) throw Bad("players", $"have more than {MostProfiles} joint actions: leave out players or actions");
        if (profiles * players.Count > MostPayoffs)
            throw Bad("players", $"have more than {MostPayoffs} payoffs, {players.Count} for each joint action: leave out players or actions");
        var payoffs = Field(root, "", "payoffs");
        CheckLength(List(payoffs, "payoffs"), "payoffs", described[0]); // Before there is room made for them.
        var game = new NormalFormGame(described);
        ReadPayoffs(game, payoffs, "payoffs", player: 0, profile: 0);
        return game;
    }

    private NormalFormPlayer Player(JsonElement player, string path)
    {
        if (player.ValueKind != JsonValueKind.Object) throw Bad(path, "must be an object with the fields name and actions");
        var actions = List(Field(player, path, "actions"), $"{path}.actions");
        if (actions.Count == 0) throw Bad($"{path}.actions", "is empty; a player needs at least one action");
        return new(
            Text(Field(player, path, "name"), $"{path}.name"),
            [.. actions.Select((action, index) => Text(action, $"{path}.actions[{index}]"))]);
    }

    private void ReadPayoffs(NormalFormGame game, JsonElement element, string path, int player, int profile)
    {
        if (player < game.Players.Count)
        {
            var entries = List(element, path);
            CheckLength(entries, path, game.Players[player]);
            for (var action = 0; action < entries.Count; action++)
                ReadPayoffs(game, entries[action], $"{path}[{action}]", player + 1, profile + action * game.Stride(player));
            return;
        }

        if (element.ValueKind == JsonValueKind.Number)
        {
            foreach (var payoffs in game.Payoffs) payoffs[profile] = Number(element, path);
            return;
        }

        var own = List(element, path);
        if (own.Count != game.Players.Count)
            throw Bad(path, $"has {own.Count} entries; it needs a payoff for each of the {game.Players.Count} players, or one number for all");
        for (var i = 0; i < own.Count; i++) game.Payoffs[i][profile] = Number(own[i], $"{path}[{i}]");
    }

    private void CheckLength(IReadOnlyList<JsonElement> entries, string path, NormalFormPlayer player)
    {
        var actions = player.Actions.Count;
        if (entries.Count != actions) throw Bad(path, $"has {entries.Count} entries; it needs {actions}, one for each action of {player.Name}");
    }

    private JsonElement Field(JsonElement parent, string path, string name) =>
        parent.TryGetProperty(name, out var field) ? field : throw Bad(path.Length > 0 ? $"{path}.{name}" : name, "is missing");

    private IReadOnlyList<JsonElement> List(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : throw Bad(path, $"must be a list, not a {Kind(element)}");

    private string Text(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text
            ? text
            : throw Bad(path, "must be a text that is not empty");

    /// <summary>Learners keep rewards as float32.</summary>
    private double Number(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && float.IsFinite((float)number)
            ? number
            : throw Bad(path, "must be a number between -3.4e38 and 3.4e38");

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "list",
        JsonValueKind.True or JsonValueKind.False => "truth value",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private ArgumentException Bad(string field, string what) => new($"{_file}: {field} {what}.");
}
