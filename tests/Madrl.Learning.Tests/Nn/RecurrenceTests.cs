using FsCheck.Fluent;
using Madrl.Learning.Networks;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests.Nn;

/// <summary>What a recurrent network promises about resets and initial states.</summary>
public class RecurrenceTests
{
    private const int Inputs = 3;
    private const int Outputs = 2;

    private static readonly FsCheck.Gen<(int Members, int Sequences, int Steps, int Hidden)> Sizes =
        from members in Gen.Choose(1, 3) from sequences in Gen.Choose(1, 4) from steps in Gen.Choose(1, 9) from hidden in Gen.Choose(1, 5)
        select (members, sequences, steps, hidden);

    [Fact]
    public void Resets_cut_a_sequence_into_separate_ones() => RandomTensors.Check(Sizes, (size, random) =>
    {
        using var network = Create(NetworkDescription.Recurrent(Inputs, size.Hidden, Outputs), size.Members, random);
        var x = random.Normal(size.Members, size.Sequences, size.Steps, Inputs);
        var resets = random.Bits(0.3, size.Sequences, size.Steps);
        var whole = network.Unroll(x, resets);
        for (var sequence = 0; sequence < size.Sequences; sequence++)
        {
            var begins = resets[sequence].to(ScalarType.Float32).data<float>().ToArray();
            for (int first = 0, next; first < size.Steps; first = next)
            {
                for (next = first + 1; next < size.Steps && begins[next] == 0;) next++;
                var part = network.Unroll(x.narrow(1, sequence, 1).narrow(2, first, next - first));
                RandomTensors.AssertClose(part, whole.narrow(1, sequence, 1).narrow(2, first, next - first));
            }
        }
    });

    [Fact]
    public void What_comes_later_has_no_effect_on_what_was_before() => RandomTensors.Check(Sizes, (size, random) =>
    {
        using var network = Create(NetworkDescription.Recurrent(Inputs, size.Hidden, Outputs), size.Members, random);
        var x = random.Normal(size.Members, size.Sequences, size.Steps, Inputs);
        var padded = cat([x, random.Normal(size.Members, size.Sequences, 2, Inputs)], 2);
        RandomTensors.AssertClose(network.Unroll(x), network.Unroll(padded).narrow(2, 0, size.Steps));
    });

    [Fact]
    public void A_sequence_goes_on_from_its_state() => RandomTensors.Check(Sizes, (size, random) =>
    {
        using var network = Create(new NetworkDescription([Gru("rnn", Inputs, size.Hidden)]), size.Members, random);
        var x = random.Normal(size.Members, size.Sequences, size.Steps + 2, Inputs);
        var whole = network.Unroll(x);
        var state = whole.select(2, size.Steps - 1);
        RandomTensors.AssertClose(whole.narrow(2, size.Steps, 2), network.Unroll(x.narrow(2, size.Steps, 2), state: state));
    });

    [Fact]
    public void Every_recurrent_layer_begins_with_its_own_part_of_the_state() => RandomTensors.Check(Sizes, (size, random) =>
    {
        var (first, second) = (Gru("first", Inputs, size.Hidden), Gru("second", size.Hidden, Outputs));
        using var both = Create(new NetworkDescription([first, second]), size.Members, random);
        using var lower = new TorchNetwork(new NetworkDescription([first]), size.Members);
        using var upper = new TorchNetwork(new NetworkDescription([second]), size.Members);
        lower.Flat.copy_(both.Flat.narrow(1, 0, first.ParameterCount));
        upper.Flat.copy_(both.Flat.narrow(1, first.ParameterCount, second.ParameterCount));
        var x = random.Normal(size.Members, size.Sequences, size.Steps, Inputs);
        var states = (random.Normal(size.Members, size.Sequences, size.Hidden), random.Normal(size.Members, size.Sequences, Outputs));
        RandomTensors.AssertClose(
            upper.Unroll(lower.Unroll(x, state: states.Item1), state: states.Item2),
            both.Unroll(x, state: cat([states.Item1, states.Item2], -1)));
    });

    [Fact]
    public void A_state_of_the_wrong_shape_is_refused_with_both_shapes()
    {
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(NetworkDescription.Recurrent(Inputs, 4, Outputs), 2);
        SelfAttentionTests.AssertRefused(() => network.Unroll(zeros(2, 5, 3, Inputs), state: zeros(2, 4)), "state", "[2, 5, 4]", "[2, 4]");
    }

    private static LayerDescription Gru(string name, int inputs, int outputs) => new(name, inputs, outputs, Activation.None, LayerKind.Gru);

    private static TorchNetwork Create(NetworkDescription description, int members, RandomTensors random)
    {
        var network = new TorchNetwork(description, members);
        return random.Filled(network, network.Flat);
    }
}
