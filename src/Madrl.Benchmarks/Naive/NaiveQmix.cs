using Madrl.Benchmarks.Cases;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Madrl.Benchmarks.Naive;

/// <summary>QMIX with recurrent agents as one writes it with modules: a GRU cell step by step, a mixer of hypernetworks.</summary>
internal sealed class NaiveQmix : LocalContender
{
    private readonly RecurrentAgent _agent;
    private readonly RecurrentAgent _targetAgent;
    private readonly Mixer _mixer;
    private readonly Mixer _targetMixer;
    private readonly Parameter[] _parameters;
    private readonly optim.Optimizer _optimiser;
    private readonly Tensor _observations;
    private readonly Tensor _states;
    private readonly Tensor _actions;
    private readonly Tensor _oneHot;
    private readonly Tensor _rewards;
    private readonly Tensor _terminated;
    private readonly Tensor _mask;
    private readonly double _discount;
    private readonly double _tau;
    private readonly double _maxNorm;
    private double[] _measured = [];

    /// <summary>Networks with the weights of a case, and its episodes.</summary>
    public NaiveQmix(CaseData data)
    {
        using var scope = NewDisposeScope();
        (_discount, _tau, _maxNorm) = (data.Number("discount"), data.Number("tau"), data.Number("max_norm"));
        _observations = data.Tensor("observations").DetachFromDisposeScope();
        _states = data.Tensor("states").DetachFromDisposeScope();
        _actions = data.Tensor("actions").to(int64).unsqueeze(3).DetachFromDisposeScope();
        _oneHot = nn.functional.one_hot(_actions.squeeze(3), 5).to(float32).DetachFromDisposeScope();
        _rewards = data.Tensor("rewards").DetachFromDisposeScope();
        _terminated = data.Tensor("terminated").DetachFromDisposeScope();
        _mask = data.Tensor("mask").DetachFromDisposeScope();
        var (agents, inputs) = (_observations.shape[2], _observations.shape[3] + 5 + _observations.shape[2]);
        (_agent, _targetAgent) = (new RecurrentAgent(inputs, data.Tensor("agent")), new RecurrentAgent(inputs, data.Tensor("agent")));
        (_mixer, _targetMixer) = (new Mixer(agents, _states.shape[2], data.Tensor("mixer")), new Mixer(agents, _states.shape[2], data.Tensor("mixer")));
        _parameters = [.. _agent.parameters(), .. _mixer.parameters()];

        // A GRU cell makes its parameters' handles anew, in the scope that is open.
        foreach (var parameter in _parameters.Concat(_targetAgent.parameters())) parameter.DetachFromDisposeScope();
        _optimiser = optim.Adam(_parameters, data.Number("learning_rate"));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Measured => _measured;

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var part in (IDisposable[])
            [_optimiser, _agent, _targetAgent, _mixer, _targetMixer, _observations, _states, _actions, _oneHot, _rewards, _terminated, _mask])
        {
            part.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void Update()
    {
        using var scope = NewDisposeScope();
        var steps = _actions.shape[1];
        var inputs = Inputs();
        var values = _agent.Unroll(inputs);
        var chosen = values.narrow(1, 0, steps).gather(3, _actions).squeeze(3);
        Tensor targets;
        using (no_grad())
        {
            var best = values.narrow(1, 1, steps).argmax(3, true);
            var following = _targetAgent.Unroll(inputs).narrow(1, 1, steps).gather(3, best).squeeze(3);
            var value = _targetMixer.Mix(following, _states.narrow(1, 1, steps));
            targets = _rewards + _discount * (1 - _terminated) * value;
        }

        var errors = (_mixer.Mix(chosen, _states.narrow(1, 0, steps)) - targets) * _mask;
        var loss = errors.pow(2).sum() / _mask.sum();
        _optimiser.zero_grad();
        loss.backward();
        nn.utils.clip_grad_norm_(_parameters, _maxNorm);
        _optimiser.step();
        Modules.Follow(_targetAgent, _agent, _tau);
        Modules.Follow(_targetMixer, _mixer, _tau);
        _measured = [loss.item<float>()];
    }

    /// <summary>Observation, previous action (zeros at the start), agent id [B, T+1, n, I].</summary>
    private Tensor Inputs()
    {
        var (batch, agents, actions) = (_oneHot.shape[0], _oneHot.shape[2], _oneHot.shape[3]);
        var previous = cat([zeros(batch, 1, agents, actions), _oneHot], 1);
        var ids = eye(agents).expand(batch, previous.shape[1], agents, agents);
        return cat([_observations, previous, ids], 3);
    }

    private sealed class RecurrentAgent : nn.Module
    {
        private readonly Linear fc1;
        private readonly GRUCell rnn;
        private readonly Linear fc2;

        public RecurrentAgent(long inputs, Tensor weights)
            : base(nameof(RecurrentAgent))
        {
            (fc1, rnn, fc2) = (nn.Linear(inputs, 64), nn.GRUCell(64, 64), nn.Linear(64, 5));
            RegisterComponents();
            Modules.Load(this, weights);
        }

        /// <summary>Values [B, T, n, A] for inputs [B, T, n, I], from the state zero.</summary>
        public Tensor Unroll(Tensor inputs)
        {
            var (batch, steps, agents) = (inputs.shape[0], inputs.shape[1], inputs.shape[2]);
            var hidden = zeros(batch * agents, 64);
            var values = new Tensor[steps];
            for (var t = 0; t < steps; t++)
            {
                hidden = rnn.forward(fc1.forward(inputs.select(1, t).reshape(batch * agents, -1)).relu(), hidden);
                values[t] = fc2.forward(hidden).view(batch, agents, -1);
            }

            return stack(values, 1);
        }
    }

    private sealed class Mixer : nn.Module
    {
        private const long Embed = 32;
        private readonly long _agents;
        private readonly Sequential hyper_w_1;
        private readonly Sequential hyper_w_final;
        private readonly Linear hyper_b_1;
        private readonly Sequential V;

        public Mixer(long agents, long state, Tensor weights)
            : base(nameof(Mixer))
        {
            _agents = agents;
            hyper_w_1 = nn.Sequential(nn.Linear(state, 64), nn.ReLU(), nn.Linear(64, agents * Embed));
            hyper_w_final = nn.Sequential(nn.Linear(state, 64), nn.ReLU(), nn.Linear(64, Embed));
            hyper_b_1 = nn.Linear(state, Embed);
            V = nn.Sequential(nn.Linear(state, Embed), nn.ReLU(), nn.Linear(Embed, 1));
            RegisterComponents();
            Modules.Load(this, weights);
        }

        /// <summary>Q_tot [B, T] from values [B, T, n] and states [B, T, S].</summary>
        public Tensor Mix(Tensor values, Tensor states)
        {
            var (batch, steps) = (values.shape[0], values.shape[1]);
            var flat = states.reshape(batch * steps, -1);
            var w1 = hyper_w_1.forward(flat).abs().view(-1, _agents, Embed);
            var b1 = hyper_b_1.forward(flat).view(-1, 1, Embed);
            var hidden = nn.functional.elu(bmm(values.reshape(-1, 1, _agents), w1) + b1, 1.0);
            var final = hyper_w_final.forward(flat).abs().view(-1, Embed, 1);
            return (bmm(hidden, final) + V.forward(flat).view(-1, 1, 1)).view(batch, steps);
        }
    }
}
