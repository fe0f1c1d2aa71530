using System.Text.Json;
using Madrl.Environments;
using Madrl.Learning.Algorithms;
using Madrl.Learning.Networks;
using Madrl.Policies;
using Madrl.Tests.Shared;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests;

/// <summary>One folder of the reference data `updates/`: EPyMARL's learner before and after training on a batch.</summary>
internal sealed class UpdateCase
{
    private readonly string _folder;
    private readonly JsonElement _case;

    public UpdateCase(string folder)
    {
        _folder = folder;
        _case = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "case.json"))).RootElement;
        Algorithm = _case.GetProperty("algorithm").GetString()!;
    }

    public string Algorithm { get; }

    public IReadOnlyList<IReadOnlyDictionary<string, double>> Logged =>
        [.. _case.GetProperty("logged").EnumerateArray().Select(call => call.EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetDouble()))];

    public bool Shared => !Algorithm.EndsWith("_ns", StringComparison.Ordinal);

    public GameSpec Game
    {
        get
        {
            var agent = new AgentSpec("agent", Dimension("O"), new ActionSpace.Discrete(Dimension("A")));
            return new GameSpec("reference", "epymarl", [.. Enumerable.Repeat(agent, Dimension("n"))], Dimension("S"), Dimension("T"), "none");
        }
    }

    public EpymarlPpoOptions Ppo => new()
    {
        LearningRate = Number("lr"),
        Epochs = (int)Number("epochs"),
        Clip = Number("eps_clip"),
        Entropy = Number("entropy_coef"),
        Discount = Number("gamma"),
        NStep = (int)Number("q_nstep"),
        AddValueLastStep = Flag("add_value_last_step"),
        TargetUpdate = Number("target_update_interval_or_tau"),
        StandardiseRewards = Flag("standardise_rewards"),
        StandardiseReturns = Flag("standardise_returns"),
        CommonReward = Flag("common_reward"),
        MaxGradientNorm = Number("grad_norm_clip"),
        Hidden = Dimension("hidden"),
        ShareParameters = Shared,
    };

    public EpymarlMaddpgOptions Maddpg => new()
    {
        LearningRate = Number("lr"),
        Discount = Number("gamma"),
        TargetUpdate = Number("target_update_interval_or_tau"),
        Regularisation = Number("reg"),
        StandardiseRewards = Flag("standardise_rewards"),
        CommonReward = Flag("common_reward"),
        MaxGradientNorm = Number("grad_norm_clip"),
        Hidden = Dimension("hidden"),
        ShareParameters = Shared,
    };

    public QOptions Q => new()
    {
        LearningRate = Number("lr"),
        Discount = Number("gamma"),
        DoubleQ = Flag("double_q"),
        TargetUpdate = Number("target_update_interval_or_tau"),
        StandardiseRewards = Flag("standardise_rewards"),
        StandardiseReturns = Flag("standardise_returns"),
        CommonReward = Flag("common_reward"),
        MaxGradientNorm = Number("grad_norm_clip"),
        Hidden = Dimension("hidden"),
        Recurrent = Flag("use_rnn"),
        LastAction = Flag("obs_last_action"),
        ShareParameters = Shared,
        MixerHidden = Mixing == ValueMixing.Monotonic ? (int)Number("mixing_embed_dim") : 1,
        HypernetLayers = Mixing == ValueMixing.Monotonic ? (int)Number("hypernet_layers") : 1,
        HypernetHidden = Mixing == ValueMixing.Monotonic ? (int)Number("hypernet_embed") : 1,
    };

    public ValueMixing Mixing => _case.GetProperty("config").GetProperty("mixer").GetString() switch
    {
        null => ValueMixing.None,
        "vdn" => ValueMixing.Sum,
        "qmix" => ValueMixing.Monotonic,
        var other => throw new InvalidDataException($"No mixer is called {other}."),
    };

    /// <summary>Every case of one of EPyMARL's learners in the reference data.</summary>
    public static IEnumerable<string> All(string learner) => Find(learner, _ => true);

    /// <summary>Every feed-forward case of one of EPyMARL's learners in the reference data.</summary>
    public static IEnumerable<string> FeedForward(string learner) => Find(learner, config => !config.GetProperty("use_rnn").GetBoolean());

    public IReadOnlyDictionary<string, Block> Read(string file) =>
        Safetensors.Read(File.ReadAllBytes(Path.Combine(_folder, file + ".safetensors"))).Tensors;

    /// <summary>The batch, with the agents moved to the front; rewards [1 or n, B, T].</summary>
    public TrainingBatch Batch()
    {
        var tensors = Read("batch").ToDictionary(item => item.Key, item => Tensors.FromBlock(item.Value));
        var steps = Dimension("T");
        var actions = tensors["actions"].narrow(1, 0, steps).permute(2, 0, 1, 3).to(ScalarType.Float32).contiguous();
        var terminated = tensors["terminated"].narrow(1, 0, steps).squeeze(-1).to(ScalarType.Float32);
        var filled = tensors["filled"].narrow(1, 0, steps).squeeze(-1).to(ScalarType.Float32);
        var before = cat([zeros(filled.shape[0], 1), terminated.narrow(1, 0, steps - 1)], 1);
        return new TrainingBatch
        {
            Observations = tensors["obs"].permute(2, 0, 1, 3).contiguous(),
            States = tensors["state"],
            Actions = actions,
            Rewards = tensors["reward"].narrow(1, 0, steps).permute(2, 0, 1).contiguous(),
            Mask = filled * (1 - before),
            Acted = filled,
            Terminated = terminated,
            Available = tensors["avail_actions"].permute(2, 0, 1, 3).to(ScalarType.Bool),
        };
    }

    /// <summary>The Gumbel noise of a call [n, B, T, A].</summary>
    public Tensor Noise(int call) => Tensors.FromBlock(Read("noise")["gumbel"])[call - 1].squeeze(2).permute(2, 1, 0, 3).contiguous();

    /// <summary>Puts the parameters of a reference file into networks, given with their names in the file.</summary>
    public void Import(string file, params (TorchNetwork Network, string Label)[] networks)
    {
        var tensors = Read(file);
        foreach (var (network, label) in networks)
        {
            for (var member = 0; member < network.Members; member++) network.Import(member, Flat(tensors, network, label, member));
        }
    }

    /// <summary>Compares networks with the parameters of a reference file.</summary>
    public void AssertEqual(string file, float tolerance, params (TorchNetwork Network, string Label)[] networks)
    {
        var tensors = Read(file);
        foreach (var (network, label) in networks)
        {
            for (var member = 0; member < network.Members; member++)
            {
                var ours = network.Export(member).AsSingles();
                var theirs = Flat(tensors, network, label, member).AsSingles();
                for (var index = 0; index < theirs.Length; index++)
                    Assert.True(MathF.Abs(ours[index] - theirs[index]) <= tolerance, $"{label} {member}, parameter {index}: {ours[index]} instead of {theirs[index]}");
            }
        }
    }

    /// <summary>Compares the running statistics of a reference file with those of a learner's state.</summary>
    public void AssertEqual(string file, float tolerance, IReadOnlyList<(string Name, Block Tensor)> state)
    {
        var ours = state.ToDictionary(item => item.Name, item => item.Tensor);
        var statistics = Read(file).Where(item => item.Key.Contains("_ms.", StringComparison.Ordinal)).ToArray();
        Assert.Equal(Flag("standardise_rewards") || Flag("standardise_returns"), statistics.Length > 0);
        foreach (var (name, expected) in statistics) AssertEqual(name, expected, ours[name], tolerance);
    }

    /// <summary>Puts the parameters of a reference file into a mixer.</summary>
    public void Import(string file, QmixMixer mixer, string label)
    {
        var tensors = Read(file);
        using var scope = NewDisposeScope();
        foreach (var (name, target) in mixer.Named()) target.copy_(Tensors.FromBlock(tensors[$"{label}.{name}"]));
    }

    /// <summary>Compares a mixer with the parameters of a reference file.</summary>
    public void AssertEqual(string file, float tolerance, QmixMixer mixer, string label)
    {
        var theirs = Read(file).Where(item => item.Key.StartsWith(label + ".", StringComparison.Ordinal)).ToDictionary();
        using var scope = NewDisposeScope();
        var ours = mixer.Named().ToDictionary(item => $"{label}.{item.Name}", item => Tensors.ToBlock(item.Tensor));
        Assert.Equal(theirs.Keys.Order(StringComparer.Ordinal), ours.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, expected) in theirs) AssertEqual(name, expected, ours[name], tolerance);
    }

    private static IEnumerable<string> Find(string learner, Predicate<JsonElement> matches) =>
        Directory.EnumerateDirectories(Path.Combine(ReferenceData.Root, "updates"))
            .Where(folder => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "case.json"))).RootElement is var item
                && item.GetProperty("learner").GetString() == learner
                && matches(item.GetProperty("config")))
            .Select(folder => Path.GetFileName(folder)!)
            .Order(StringComparer.Ordinal);

    private static void AssertEqual(string name, Block expected, Block actual, float tolerance)
    {
        var (theirs, ours) = (Values(expected), Values(actual));
        Assert.Equal(theirs.Length, ours.Length);
        for (var index = 0; index < theirs.Length; index++)
            Assert.True(Math.Abs(ours[index] - theirs[index]) <= tolerance * Math.Max(1, Math.Abs(theirs[index])), $"{name}, number {index}: {ours[index]} instead of {theirs[index]}");
    }

    private static double[] Values(Block block) =>
        block.Type == ElementType.Float64 ? block.AsDoubles().ToArray() : [.. block.AsSingles().ToArray().Select(value => (double)value)];

    /// <summary>The flat weights of one member of a network in a reference file: EPyMARL's layers in our order.</summary>
    private Block Flat(IReadOnlyDictionary<string, Block> tensors, TorchNetwork ours, string network, int member)
    {
        var prefix = (Shared, network) switch
        {
            (true, _) => $"{network}.",
            (false, "agent" or "target_agent") => $"{network}.agents.{member}.",
            _ => $"{network}.{member}.",
        };
        string[] layers = network is "agent" or "target_agent" ? ["fc1", "rnn", "fc2"] : ["fc1", "fc2", "fc3"];
        float[] values = [.. ours.Description.Layers.Zip(layers).SelectMany(pair => pair.First.Parameters()
            .SelectMany(parameter => tensors[prefix + pair.Second + parameter.Name[pair.First.Name.Length..]].AsSingles().ToArray()))];
        return Block.From(values, values.Length);
    }

    private int Dimension(string name) => _case.GetProperty("dims").GetProperty(name).GetInt32();

    private double Number(string name) => _case.GetProperty("config").GetProperty(name).GetDouble();

    private bool Flag(string name) => _case.GetProperty("config").GetProperty(name).GetBoolean();
}
