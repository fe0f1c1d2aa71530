using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Foraging;

/// <summary>
/// Level-Based Foraging. Actions: 0 nothing, 1 north, 2 south, 3 west, 4 east, 5 load. A move off the field or onto a food, and a
/// load without a food beside the player, are nothing. Those who load a food together receive, if their levels sum to the food's,
/// r_i = level_i · level of the food / (sum of their levels · sum of the levels of all foods that the episode started with);
/// if they are too weak, r_i = -penalty.
/// </summary>
internal sealed class ForagingGame : BatchedGame
{
    private const double Half = 0.5;

    private readonly ForagingOptions _options;
    private readonly ForagingSight _sight;
    private readonly ForagingPlayer _player;
    private readonly (int Copy, int Player)[] _loads;

    /// <summary>Empty fields until they are reset.</summary>
    public ForagingGame(int copies, string rules, ForagingOptions options)
        : base(Describe(rules, options), copies)
    {
        _options = options;
        Field = new ForagingField(copies, options.Rows, options.Columns, options.Players, options.Foods);
        _loads = new (int, int)[copies * options.Players];
        _sight = new ForagingSight(Field, options);
        _player = new ForagingPlayer(Field, copies, options.Players, options.Foods);
    }

    /// <summary>The state, for tests that set and inspect it.</summary>
    internal ForagingField Field { get; }

    /// <inheritdoc/>
    protected override void Begin(int copy, ref KeyedRandom random)
    {
        _player.Forget();
        ForagingStart.Draw(Field, copy, _options, ref random);
    }

    /// <inheritdoc/>
    protected override void Advance(ReadOnlySpan<float[]> actions, Span<double> rewards, Span<bool> terminated)
    {
        _player.Forget();
        rewards.Clear();
        Span<int> wishes = stackalloc int[actions.Length];
        ReadOnlySpan<int> ways = Field.Ways;
        var loads = 0;
        for (var copy = 0; copy < Copies; copy++)
        {
            var players = Field.Players(copy);
            var levels = Field.Levels(copy);
            for (var player = 0; player < players.Length; player++)
            {
                // Without branches, which random players would make hard to predict.
                var action = (int)actions[player][copy];
                var way = ways[action];
                wishes[player] = players[player] + way * (levels[players[player] + way] == 0 ? 1 : 0);
                _loads[loads] = (copy, player);
                loads += action == ForagingAction.Load ? 1 : 0;
            }

            Move(players, wishes);
        }

        foreach (var (copy, player) in _loads.AsSpan(0, loads)) Load(copy, player, actions, rewards);
        for (var copy = 0; copy < Copies; copy++) terminated[copy] = Field.Foods(copy)[0] == ForagingField.Nowhere;
    }

    /// <summary>Whoever alone wishes to be in a cell gets there, even if the one who was there comes no further; the others stay.</summary>
    private static void Move(Span<int> players, ReadOnlySpan<int> wishes)
    {
        for (var player = 0; player < wishes.Length; player++)
        {
            var rivals = -1; // Itself.
            foreach (var wish in wishes) rivals += wish == wishes[player] ? 1 : 0;
            if (rivals == 0) players[player] = wishes[player];
        }
    }

    /// <summary>
    /// All players that load a food load it together, in the turn of the first of them by index; if they fail, the turns of the others
    /// say the same again. (lb-foraging takes loading players in no fixed order; it makes no difference, as foods begin so far apart
    /// that nobody ever stands beside two.)
    /// </summary>
    private void Load(int copy, int player, ReadOnlySpan<float[]> actions, Span<double> rewards)
    {
        var players = Field.Players(copy);
        var food = FoodBeside(copy, players[player]);
        if (food == ForagingField.Nowhere) return;
        var levels = Field.PlayerLevels(copy);
        var strength = 0;
        for (var other = 0; other < players.Length; other++)
        {
            if (actions[other][copy] != ForagingAction.Load || Field.Distance(players[other], food) != 1) continue;
            strength += levels[other];
        }

        int level = Field.Levels(copy)[food], total = strength * Field.Spawned(copy);
        for (var other = 0; other < players.Length; other++)
        {
            if (actions[other][copy] != ForagingAction.Load || Field.Distance(players[other], food) != 1) continue;

            // A difference, as -penalty is -0 without a penalty.
            rewards[other * Copies + copy] = strength >= level ? (double)(levels[other] * level) / total : 0 - _options.Penalty;
        }

        if (strength >= level) Field.RemoveFood(copy, food);
    }

    private int FoodBeside(int copy, int cell)
    {
        var levels = Field.Levels(copy);
        foreach (var way in Field.Neighbours)
        {
            if (levels[cell + way] > 0) return cell + way;
        }

        return ForagingField.Nowhere;
    }

    /// <inheritdoc/>
    protected override void WriteObservations(int agent, Span<float> rows, int rowLength)
    {
        var size = Spec.Agents[agent].ObservationSize;
        for (var copy = 0; copy < Copies; copy++) _sight.Write(copy, agent, rows.Slice(copy * rowLength, size));
    }

    /// <inheritdoc/>
    protected override void Play(int agent, Span<float> actions) => _player.Play(agent, actions);

    /// <inheritdoc/>
    protected override Picture Paint(int copy)
    {
        var players = Field.Players(copy);
        var strengths = Field.PlayerLevels(copy);
        List<Mark> marks = [];
        foreach (var food in Field.Foods(copy))
        {
            if (food != ForagingField.Nowhere) marks.Add(Mark(Form.Square, Ink.Target, food, 0.3, Field.Levels(copy)[food]));
        }

        for (var player = 0; player < players.Length; player++)
            marks.Add(Mark(Form.Disc, Ink.Agent, players[player], 0.4, strengths[player]));
        return new Picture(0, 0, Field.Columns, Field.Rows, marks);
    }

    /// <summary>A mark in the middle of a cell, which is 1 wide, with the level that matters in this game.</summary>
    private Mark Mark(Form form, Ink ink, int cell, double size, int level) =>
        new(form, ink, Field.Column[cell] + Half, Field.Rows - Field.Row[cell] - Half, size, $"{level}");

    private static GameSpec Describe(string rules, ForagingOptions options)
    {
        var size = ForagingSight.Size(options);
        var penalty = options.Penalty > 0 ? FormattableString.Invariant($", less {options.Penalty} per player and failed load") : "";
        return new GameSpec(
            "lbf", rules, AgentSpec.Alike(options.Players, size, new ActionSpace.Discrete(ForagingAction.Count)),
            options.Players * size, options.EpisodeLimit, $"sum over the {options.Players} players; 1 is all food of an episode{penalty}");
    }
}
