using Madrl.Environments;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Team;
using Madrl.Protocols.Tests.Roles;

namespace Madrl.Protocols.Tests.Team;

/// <summary>A run stays with the kind of device that it began on.</summary>
public sealed class AcceleratorTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData("cuda:0", null, "cuda:0")]
    [InlineData("cuda:0", true, "cuda:0")]
    [InlineData("cuda:0", false, null)] // It began on a processor.
    [InlineData(null, false, null)]
    public async Task The_learner_says_what_it_learns_on(string? silo, bool? wanted, string? expected)
    {
        var factory = new Factory();
        Assert.Equal(expected, (await OpenAsync(silo, wanted, factory)).Accelerator);
        Assert.Equal(expected, factory.Accelerator);
    }

    [Fact]
    public Task A_run_that_began_on_an_accelerator_does_not_go_on_without() =>
        Assert.ThrowsAsync<AcceleratorUnavailableException>(() => OpenAsync(silo: null, wanted: true, new Factory()));

    private static async Task<LearnerOpened> OpenAsync(string? silo, bool? wanted, Factory factory)
    {
        await using var member = new LearnerMember(factory, _ => new LearnerAlone(new TestLearner()), new FileStore(), silo);
        return await member.OpenAsync(new Ticket(1, 0), TestSpecification.Create(), from: null, wanted, TestContext.Current.CancellationToken);
    }

    private sealed class Factory : ILearnerComputeFactory
    {
        public string? Accelerator { get; private set; }

        public Task<ILearnerCompute> CreateAsync(RunSpecification run, GameSpec game, string? accelerator = null)
        {
            Accelerator = accelerator;
            return Task.FromResult<ILearnerCompute>(new SummingCompute());
        }
    }
}
