namespace Madrl.Numerics.Tests;

public class KeyedRandomTests
{
    private const int Draws = 100_000;

    [Fact]
    public void The_same_key_gives_the_same_numbers()
    {
        var first = new KeyedRandom(7, RandomPurpose.Action, 3, 2, 11);
        var second = new KeyedRandom(7, RandomPurpose.Action, 3, 2, 11);
        for (var i = 0; i < 100; i++) Assert.Equal(first.NextUInt32(), second.NextUInt32());
    }

    [Fact]
    public void Every_part_of_the_key_counts()
    {
        ulong[] seeds = [1, 2, 1UL << 32];
        RandomPurpose[] purposes = [RandomPurpose.Reset, RandomPurpose.Action];
        var seen = new HashSet<(uint, uint)>();
        foreach (var seed in seeds)
            foreach (var purpose in purposes)
                for (var copy = 0; copy < 4; copy++)
                    for (var agent = 0; agent < 4; agent++)
                        for (var step = 0; step < 4; step++)
                        {
                            var random = new KeyedRandom(seed, purpose, copy, agent, step);
                            Assert.True(seen.Add((random.NextUInt32(), random.NextUInt32())));
                        }
    }

    [Theory]
    [InlineData(-1, 0, 0, "copy")]
    [InlineData(1L << 32, 0, 0, "copy")]
    [InlineData(0, -1, 0, "agent")]
    [InlineData(0, 1 << 24, 0, "agent")]
    [InlineData(0, 0, -1, "step")]
    [InlineData(0, 0, 1L << 32, "step")]
    public void An_index_that_does_not_fit_is_named(long copy, int agent, long step, string name)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new KeyedRandom(1, RandomPurpose.Reset, copy, agent, step));
        Assert.Equal(name, error.ParamName);
    }

    [Fact]
    public void Uniform_numbers_lie_in_their_interval_and_fill_it()
    {
        var random = new KeyedRandom(1, RandomPurpose.Reset, 0, 0, 0);
        var (sum, least, greatest) = (0.0, 1.0, -1.0);
        for (var i = 0; i < Draws; i++)
        {
            var x = random.NextDouble(-1, 1);
            Assert.InRange(random.NextSingle(), 0f, 0.99999997f);
            Assert.True(x is >= -1 and < 1);
            sum += x;
            least = Math.Min(least, x);
            greatest = Math.Max(greatest, x);
        }

        Assert.Equal(0, sum / Draws, 0.01);
        Assert.True(least < -0.999 && greatest > 0.999);
    }

    [Fact]
    public void Integers_below_a_bound_are_equally_frequent()
    {
        var random = new KeyedRandom(1, RandomPurpose.Reset, 0, 0, 1);
        var counts = new int[5];
        for (var i = 0; i < Draws; i++) counts[random.NextInt32(5)]++;
        Assert.All(counts, count => Assert.Equal(0.2, count / (double)Draws, 0.01));
    }

    [Fact]
    public void Gaussian_numbers_have_the_moments_and_tails_of_the_normal_distribution()
    {
        var random = new KeyedRandom(1, RandomPurpose.Action, 0, 0, 0);
        double sum = 0, squares = 0, cubes = 0, fourths = 0;
        var beyondTwo = 0;
        for (var i = 0; i < Draws; i++)
        {
            var x = random.NextGaussian();
            sum += x;
            squares += x * x;
            cubes += x * x * x;
            fourths += x * x * x * x;
            if (Math.Abs(x) > 2) beyondTwo++;
        }

        Assert.Equal(0, sum / Draws, 0.015);
        Assert.Equal(1, squares / Draws, 0.02);
        Assert.Equal(0, cubes / Draws, 0.05);
        Assert.Equal(3, fourths / Draws, 0.15);
        Assert.Equal(0.0455, beyondTwo / (double)Draws, 0.003);
    }
}
