namespace Madrl.Environments;

/// <summary>
/// A game's hand-written player. It sees the game's state rather than the observations, so it must be given the batch
/// that is being played.
/// </summary>
public sealed class ScriptedActors : IActors
{
    private readonly IMarkovGame _game;

    /// <summary>Scripted actors.</summary>
    /// <param name="game">The batch that they play.</param>
    public ScriptedActors(IMarkovGame game)
    {
        ArgumentNullException.ThrowIfNull(game);
        _game = game;
    }

    /// <inheritdoc/>
    public ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions)
    {
        ArgumentNullException.ThrowIfNull(actions);
        for (var agent = 0; agent < actions.Length; agent++) _game.ActScripted(agent, actions[agent]);
        return ValueTask.CompletedTask;
    }
}
