using Madrl.Benchmarks.Peer;

namespace Madrl.Benchmarks.Tests;

/// <summary>A peer that is missing, breaks off or talks nonsense is one clear line.</summary>
public class PeerProcessTests
{
    [Fact]
    public void A_missing_interpreter_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => PeerProcess.Start(PeerProgram.Learner, "/no/such/python"));
        Assert.Contains("'/no/such/python' cannot be started", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void An_interpreter_without_torch_is_refused_with_its_last_line()
    {
        using var interpreter = new Interpreter("echo Traceback >&2; echo \"No module named 'torch'\" >&2; exit 1");
        var error = Assert.Throws<ArgumentException>(() => interpreter.Start());
        Assert.Contains("is no Python interpreter with PyTorch: No module named 'torch'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Traceback", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_does_not_greet_is_refused()
    {
        using var interpreter = new Interpreter("echo hello; sleep 600");
        var error = Assert.Throws<BenchmarkException>(() => interpreter.Start());
        Assert.Contains("answered 'hello' when it was started", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 3", "ended during actor-forward-1: it ended with exit code 3.")]
    [InlineData("echo 'Bus error' >&2; kill -9 $$", "ended during actor-forward-1: Bus error")]
    [InlineData("echo nonsense; sleep 600", "answered 'nonsense' to actor-forward-1")]
    [InlineData("echo 1.5; sleep 600", "answered '1.5' to actor-forward-1")]
    [InlineData("echo 1.5 nan; sleep 600", "answered '1.5 nan' to actor-forward-1")]
    [InlineData("echo 0 1; sleep 600", "answered '0 1' to actor-forward-1")]
    public void A_peer_that_breaks_off_or_answers_nonsense_is_reported(string answer, string expected)
    {
        using var interpreter = new Interpreter($"echo ready 0.0; read line; {answer}");
        using var peer = interpreter.Start();
        var error = Assert.Throws<BenchmarkException>(() => peer.Ask("actor-forward-1", 1));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
