namespace Madrl.Benchmarks.Tests;

/// <summary>
/// Ours and the naive form make the same update: what they measure after three of them is the same. `bench learner --peer`
/// compares PyTorch too, before it measures.
/// </summary>
public class AgreementTests
{
    public static TheoryData<string> Names => [.. LearnerBenchmark.Names.Where(name => !name.EndsWith("-threads", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Ours_and_the_naive_form_agree(string name) => LearnerBenchmark.CheckAgreement(name, peer: null);

    [Fact]
    public void A_side_that_computes_something_else_is_found()
    {
        using var interpreter = new Interpreter("echo ready 0.0; while read line; do echo 1.5 0.25 0.5; done");
        using var peer = interpreter.Start();
        var error = Assert.Throws<BenchmarkException>(() => LearnerBenchmark.CheckAgreement("maddpg-update-small", peer));
        Assert.Contains("maddpg-update-small: the peer measured 0.25 where the naive form measured", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_update_changes_what_is_measured_next(string name)
    {
        var subject = LearnerBenchmark.Create(name, check: true);
        using var naive = subject.Naive();
        naive.Run(1);
        var first = naive.Measured.ToArray();
        naive.Run(1);
        if (name.StartsWith("actor", StringComparison.Ordinal)) Assert.Equal(first, naive.Measured);
        else Assert.Contains(first.Zip(naive.Measured), pair => Math.Abs(pair.First - pair.Second) > 10 * LearnerBenchmark.Tolerance * (1 + Math.Abs(pair.First)));
    }
}
