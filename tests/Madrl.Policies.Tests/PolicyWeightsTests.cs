namespace Madrl.Policies.Tests;

public class PolicyWeightsTests
{
    private static readonly PolicyDescription Description = TestPolicies.Describe([4, 8, 3], head: ActionHead.Gaussian);

    [Fact]
    public void Parameters_have_pytorch_names_and_shapes_and_come_back()
    {
        var flat = TestPolicies.Weights(Description);
        var named = PolicyWeights.ToNamed(Description, flat, "agent0.");
        Assert.Equal(
            ["fc1.weight [8,4]", "fc1.bias [8]", "fc2.weight [3,8]", "fc2.bias [3]", "log_std [3]"],
            named.Select(pair => $"{pair.Name["agent0.".Length..]} [{string.Join(',', pair.Tensor.Shape)}]"));

        var file = Safetensors.Read(Safetensors.Write(named, new Dictionary<string, string>()));
        var again = PolicyWeights.FromNamed(Description, file.Tensors, "agent0.");
        Assert.Equal(flat.Data, again.Data);
        Assert.Equal([Description.ParameterCount], again.Shape);
    }

    [Fact]
    public void A_missing_parameter_is_named()
    {
        var named = PolicyWeights.ToNamed(Description, TestPolicies.Weights(Description), "").ToDictionary();
        named.Remove("fc2.bias");
        var error = Assert.Throws<ArgumentException>(() => PolicyWeights.FromNamed(Description, named, ""));
        Assert.Contains("fc2.bias", error.Message);
    }

    [Fact]
    public void A_parameter_of_another_shape_or_type_is_named_with_both()
    {
        var named = PolicyWeights.ToNamed(Description, TestPolicies.Weights(Description), "").ToDictionary();
        foreach (var wrong in new[] { Block.From(new float[24], 8, 3), Block.From(new double[24], 3, 8) })
        {
            named["fc2.weight"] = wrong;
            var error = Assert.Throws<ArgumentException>(() => PolicyWeights.FromNamed(Description, named, ""));
            Assert.Contains($"fc2.weight is {wrong.Type} [{string.Join(", ", wrong.Shape)}]", error.Message);
            Assert.Contains("Float32 [3, 8]", error.Message);
        }
    }

    [Fact]
    public void A_flat_vector_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => PolicyWeights.ToNamed(Description, Block.From(new float[5], 5), ""));
}
