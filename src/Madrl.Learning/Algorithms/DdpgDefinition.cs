using Madrl.Environments;
using Madrl.Environments.Settings;
using Madrl.Learning.Networks;

namespace Madrl.Learning.Algorithms;

/// <summary>What MADDPG and IDDPG share: everything but what the critic sees.</summary>
public abstract class DdpgDefinition : AlgorithmDefinition
{
    /// <summary>What the critic sees.</summary>
    protected abstract ActionCriticView View { get; }

    /// <inheritdoc/>
    public sealed override LearnerOptions Options(IReadOnlyDictionary<string, string> settings)
    {
        var options = SettingsBinder.Bind(new DdpgOptions(), settings);
        if (options.Fidelity == Fidelity.Madrl) return options;
        return HasEpymarlForm
            ? SettingsBinder.Bind(new EpymarlMaddpgOptions(), settings)
            : throw new ArgumentException($"EPyMARL has no {Name}: use fidelity=madrl, or maddpg.");
    }

    /// <inheritdoc/>
    public sealed override void Check(GameSpec game, IReadOnlyDictionary<string, string> settings)
    {
        DemandEqualAgents(game);
        if (Options(settings) is EpymarlMaddpgOptions) DemandDiscreteActions(game);
    }

    /// <inheritdoc/>
    protected sealed override Learner Create(
        GameSpec game, IReadOnlyDictionary<string, string> settings, int copies, ulong seed, int threads) => Options(settings) switch
    {
        EpymarlMaddpgOptions epymarl => new EpymarlMaddpgLearner(game, epymarl, seed, threads),
        var options => new DdpgLearner(game, View, (DdpgOptions)options, seed, threads),
    };
}
