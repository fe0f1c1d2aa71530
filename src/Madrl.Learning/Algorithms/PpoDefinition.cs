using Madrl.Environments;
using Madrl.Environments.Settings;
using Madrl.Learning.Networks;

namespace Madrl.Learning.Algorithms;

/// <summary>What MAPPO and IPPO share: everything but what the critic sees.</summary>
public abstract class PpoDefinition : AlgorithmDefinition
{
    /// <summary>What the critic of this project's form sees.</summary>
    protected abstract CriticView View { get; }

    /// <summary>What EPyMARL's critic sees.</summary>
    protected abstract CriticView EpymarlView { get; }

    /// <summary>EPyMARL's tuned settings.</summary>
    protected abstract EpymarlPpoOptions EpymarlPreset { get; }

    /// <inheritdoc/>
    public sealed override LearnerOptions Options(IReadOnlyDictionary<string, string> settings)
    {
        var options = SettingsBinder.Bind(new PpoOptions(), settings);
        return options.Fidelity == Fidelity.Epymarl ? SettingsBinder.Bind(EpymarlPreset, settings) : options;
    }

    /// <inheritdoc/>
    public sealed override void Check(GameSpec game, IReadOnlyDictionary<string, string> settings)
    {
        DemandEqualAgents(game);
        if (Options(settings) is EpymarlPpoOptions) DemandDiscreteActions(game);
    }

    /// <inheritdoc/>
    protected sealed override Learner Create(
        GameSpec game, IReadOnlyDictionary<string, string> settings, int copies, ulong seed, int threads) => Options(settings) switch
    {
        EpymarlPpoOptions epymarl => new EpymarlPpoLearner(game, EpymarlView, epymarl, seed, threads),
        var options => new PpoLearner(game, View, (PpoOptions)options, copies, seed, threads),
    };
}
