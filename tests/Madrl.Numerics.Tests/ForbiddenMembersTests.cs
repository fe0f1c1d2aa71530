using Madrl.Tests.Shared;

namespace Madrl.Numerics.Tests;

public class ForbiddenMembersTests
{
    [Fact]
    public void The_library_refers_to_no_member_whose_bits_vary() =>
        Assert.Empty(ForbiddenMembers.In(typeof(Philox4x32).Assembly));

    [Fact]
    public void The_scan_finds_what_it_looks_for()
    {
        // This assembly does what the library must not.
        _ = new Random(1).Next() + Math.Exp(1) + double.LogP1(1) + DateTime.UtcNow.Ticks;
        _ = System.Numerics.Vector.Cos(System.Numerics.Vector<double>.Zero);
        _ = GenericSine(1.0);

        var found = ForbiddenMembers.In(typeof(ForbiddenMembersTests).Assembly);

        Assert.Contains("System.Random.Next", found);
        Assert.Contains("System.Math.Exp", found);
        Assert.Contains("System.Double.LogP1", found);
        Assert.Contains("System.DateTime.get_UtcNow", found);
        Assert.Contains("System.Numerics.Vector.Cos", found);
        Assert.Contains("System.Numerics.ITrigonometricFunctions`1.Sin", found);
    }

    private static T GenericSine<T>(T x)
        where T : System.Numerics.ITrigonometricFunctions<T> => T.Sin(x);
}
