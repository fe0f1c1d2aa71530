using Madrl.Benchmarks.Cases;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Benchmarks.Naive;

/// <summary>MADDPG as the paper's algorithm 1 reads: agent by agent, each with its networks, its optimisers and its sample.</summary>
internal sealed class NaiveMaddpg : LocalContender
{
    private readonly Agent[] _agents;
    private readonly Sample[] _samples;
    private readonly Tensor? _noise;
    private readonly double _discount;
    private readonly double _tau;
    private readonly double _regularisation;
    private readonly double _maxNorm;
    private long _update;
    private double[] _measured = [];

    /// <summary>The agents with the weights of a case.</summary>
    public NaiveMaddpg(CaseData data)
    {
        using var scope = NewDisposeScope();
        (_discount, _tau) = (data.Number("discount"), data.Number("tau"));
        (_regularisation, _maxNorm) = (data.Number("regularisation"), data.Number("max_norm"));
        var (actors, critics, learningRate) = (data.Tensor("actor"), data.Tensor("critic"), data.Number("learning_rate"));
        var (observations, actions) = (data.Tensor("observations"), nn.functional.one_hot(data.Tensor("actions").to(int64), 5).to(float32));
        var (rewards, terminated) = (data.Tensor("rewards"), data.Tensor("terminated"));
        _agents = [.. Enumerable.Range(0, (int)actors.shape[0]).Select(agent => new Agent(actors[agent], critics[agent], learningRate))];
        _samples =
        [
            .. Enumerable.Range(0, (int)rewards.shape[0]).Select(sample => new Sample(
                Split(observations[sample].select(2, 0)), Split(observations[sample].select(2, 1)), Split(actions[sample]),
                Split(rewards[sample].unsqueeze(-1)), terminated[sample].unsqueeze(-1).clone().DetachFromDisposeScope())),
        ];
        if (data.Has("noise")) _noise = data.Tensor("noise").DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Measured => _measured;

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var agent in _agents) agent.Dispose();
        foreach (var sample in _samples) sample.Dispose();
        _noise?.Dispose();
    }

    /// <inheritdoc/>
    protected override void Update()
    {
        using var scope = NewDisposeScope();
        var (criticLoss, actorLoss) = (0.0, 0.0);
        for (var agent = 0; agent < _agents.Length; agent++)
        {
            var sample = _samples[agent % _samples.Length];
            criticLoss += CriticStep(agent, sample);
            actorLoss += ActorStep(agent, sample);
        }

        foreach (var agent in _agents)
        {
            Modules.Follow(agent.TargetCritic, agent.Critic, _tau);
            Modules.Follow(agent.TargetActor, agent.Actor, _tau);
        }

        _update++;
        _measured = [criticLoss / _agents.Length, actorLoss / _agents.Length];
    }

    private double CriticStep(int index, Sample sample)
    {
        var agent = _agents[index];
        Tensor target;
        using (no_grad())
        {
            var next = _agents.Select((other, i) => OneHot(Noisy(other.TargetActor.forward(sample.Next[i]), index, i, step: 1)));
            var value = agent.TargetCritic.forward(cat([.. sample.Next, .. next], 1));
            target = sample.Rewards[index] + _discount * (1 - sample.Terminated) * value;
        }

        var q = agent.Critic.forward(cat([.. sample.Observations, .. sample.Actions], 1));
        return Step(agent.Critic, agent.CriticOptimiser, nn.functional.mse_loss(q, target));
    }

    private double ActorStep(int index, Sample sample)
    {
        var agent = _agents[index];
        var logits = agent.Actor.forward(sample.Observations[index]);
        var soft = nn.functional.softmax(Noisy(logits, index, index, step: 0), 1);
        var own = OneHot(soft) - soft.detach() + soft;
        var actions = sample.Actions.Select((action, i) => i == index ? own : action);
        var q = agent.Critic.forward(cat([.. sample.Observations, .. actions], 1));
        return Step(agent.Actor, agent.ActorOptimiser, -q.mean() + _regularisation * logits.pow(2).mean());
    }

    private double Step(nn.Module module, optim.Optimizer optimiser, Tensor loss)
    {
        optimiser.zero_grad();
        loss.backward();
        nn.utils.clip_grad_norm_(module.parameters(), _maxNorm);
        optimiser.step();
        return loss.item<float>();
    }

    private static Tensor OneHot(Tensor scores) => nn.functional.one_hot(scores.argmax(1), scores.shape[1]).to(float32);

    /// <summary>Logits of an agent in a sample, with Gumbel noise.</summary>
    private Tensor Noisy(Tensor logits, int sample, int agent, int step) =>
        logits + (_noise is null ? -empty_like(logits).exponential_().log() : _noise[_update][sample][agent].select(1, step));

    private static Tensor[] Split(Tensor perAgent) =>
        [.. Enumerable.Range(0, (int)perAgent.shape[0]).Select(agent => perAgent[agent].clone().DetachFromDisposeScope())];

    private sealed class Agent : IDisposable
    {
        public Agent(Tensor actor, Tensor critic, double learningRate)
        {
            (Actor, TargetActor) = (Modules.Mlp(18, 5, actor), Modules.Mlp(18, 5, actor));
            (Critic, TargetCritic) = (Modules.Mlp(69, 1, critic), Modules.Mlp(69, 1, critic));
            ActorOptimiser = optim.Adam(Actor.parameters(), learningRate);
            CriticOptimiser = optim.Adam(Critic.parameters(), learningRate);
        }

        public nn.Module<Tensor, Tensor> Actor { get; }

        public nn.Module<Tensor, Tensor> TargetActor { get; }

        public nn.Module<Tensor, Tensor> Critic { get; }

        public nn.Module<Tensor, Tensor> TargetCritic { get; }

        public optim.Optimizer ActorOptimiser { get; }

        public optim.Optimizer CriticOptimiser { get; }

        public void Dispose()
        {
            foreach (var part in (IDisposable[])[ActorOptimiser, CriticOptimiser, Actor, TargetActor, Critic, TargetCritic]) part.Dispose();
        }
    }

    /// <summary>Transitions [B, …] of all agents, by agent.</summary>
    private sealed record Sample(Tensor[] Observations, Tensor[] Next, Tensor[] Actions, Tensor[] Rewards, Tensor Terminated) : IDisposable
    {
        public void Dispose()
        {
            foreach (var tensor in (Tensor[])[.. Observations, .. Next, .. Actions, .. Rewards, Terminated]) tensor.Dispose();
        }
    }
}
