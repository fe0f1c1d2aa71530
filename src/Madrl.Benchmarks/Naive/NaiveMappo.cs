using Madrl.Benchmarks.Cases;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Benchmarks.Naive;

/// <summary>An epoch of MAPPO: all rows through the actor and the critic, a step of each.</summary>
internal sealed class NaiveMappo : LocalContender
{
    private readonly nn.Module<Tensor, Tensor> _actor;
    private readonly nn.Module<Tensor, Tensor> _critic;
    private readonly optim.Optimizer _actorOptimiser;
    private readonly optim.Optimizer _criticOptimiser;
    private readonly Tensor _actorInputs;
    private readonly Tensor _criticInputs;
    private readonly Tensor _actions;
    private readonly Tensor _oldLogProbability;
    private readonly Tensor _advantages;
    private readonly Tensor _targets;
    private readonly double _clip;
    private readonly double _entropy;
    private readonly double _maxNorm;
    private double[] _measured = [];

    /// <summary>The networks and rows of a case.</summary>
    public NaiveMappo(CaseData data)
    {
        (_clip, _entropy, _maxNorm) = (data.Number("clip"), data.Number("entropy"), data.Number("max_norm"));
        (_actorInputs, _criticInputs) = (data.Tensor("actor_inputs"), data.Tensor("critic_inputs"));
        _actions = data.Tensor("actions").to(int64).unsqueeze(1);
        (_oldLogProbability, _advantages, _targets) = (data.Tensor("old_log_probability"), data.Tensor("advantages"), data.Tensor("targets"));
        _actor = Modules.Mlp(_actorInputs.shape[1], 5, data.Tensor("actor"));
        _critic = Modules.Mlp(_criticInputs.shape[1], 1, data.Tensor("critic"));
        _actorOptimiser = optim.Adam(_actor.parameters(), data.Number("learning_rate"), eps: data.Number("epsilon"));
        _criticOptimiser = optim.Adam(_critic.parameters(), data.Number("learning_rate"), eps: data.Number("epsilon"));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Measured => _measured;

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var part in (IDisposable[])[_actorOptimiser, _criticOptimiser, _actor, _critic]) part.Dispose();
        foreach (var tensor in (Tensor[])[_actorInputs, _criticInputs, _actions, _oldLogProbability, _advantages, _targets]) tensor.Dispose();
    }

    /// <inheritdoc/>
    protected override void Update()
    {
        using var scope = NewDisposeScope();
        var log = nn.functional.log_softmax(_actor.forward(_actorInputs), 1);
        var ratio = (log.gather(1, _actions).squeeze(1) - _oldLogProbability).exp();
        var policyLoss = -minimum(ratio * _advantages, ratio.clamp(1 - _clip, 1 + _clip) * _advantages).mean();
        var entropy = -(log.exp() * log).sum(1).mean();
        Step(_actor, _actorOptimiser, policyLoss - _entropy * entropy);
        var valueLoss = nn.functional.mse_loss(_critic.forward(_criticInputs).squeeze(1), _targets);
        Step(_critic, _criticOptimiser, valueLoss);
        _measured = [policyLoss.item<float>(), valueLoss.item<float>(), entropy.item<float>()];
    }

    private void Step(nn.Module module, optim.Optimizer optimiser, Tensor loss)
    {
        optimiser.zero_grad();
        loss.backward();
        nn.utils.clip_grad_norm_(module.parameters(), _maxNorm);
        optimiser.step();
    }
}
