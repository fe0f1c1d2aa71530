using Madrl.Numerics;
using Madrl.Tests.Shared;

namespace Madrl.Policies.Tests;

/// <summary>What acts must not call functions whose bits depend on the platform or on the width of its vectors.</summary>
public class MemberReferenceTests
{
    [Fact]
    public void The_acting_assemblies_call_no_platform_dependent_function()
    {
        Assert.Empty(ForbiddenMembers.In(typeof(Policy).Assembly));
        Assert.Empty(ForbiddenMembers.In(typeof(SingleMath).Assembly));
    }

    [Fact]
    public void The_scan_finds_the_calls_of_these_tests() =>
        Assert.Contains("System.Math.Exp", ForbiddenMembers.In(GetType().Assembly));
}
