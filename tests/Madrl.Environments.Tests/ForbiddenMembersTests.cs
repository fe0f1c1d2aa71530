using Madrl.Tests.Shared;

namespace Madrl.Environments.Tests;

public class ForbiddenMembersTests
{
    [Fact]
    public void The_library_refers_to_no_member_whose_bits_vary() =>
        Assert.Empty(ForbiddenMembers.In(typeof(IMarkovGame).Assembly));
}
