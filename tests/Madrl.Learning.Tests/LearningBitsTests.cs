using System.Security.Cryptography;
using System.Text;

namespace Madrl.Learning.Tests;

/// <summary>
/// A training gives the same bits whatever the threads, after a resume, and however the garbage collector interferes.
/// <see cref="LearningProcessTests"/> runs this class in other processes, which must find the hashes of the first.
/// </summary>
public class LearningBitsTests
{
    private const int Updates = 8;

    public static TheoryData<string> Kinds => new(TestLearners.Kinds);

    /// <summary>The variable that holds the hash another process found.</summary>
    public static string VariableOf(string kind) => $"MADRL_BITS_{kind.Replace('-', '_')}";

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_training_gives_the_same_bits(string kind)
    {
        var expected = Environment.GetEnvironmentVariable(VariableOf(kind)) ?? HashOf(kind);
        Assert.Equal(expected, HashOf(kind));
        Assert.Equal(expected, HashOf(kind, threads: 2));
        Assert.Equal(expected, HashOf(kind, threads: 2, resumes: true));
        using var pressure = new MemoryPressure();
        for (var round = 0; round < 3; round++) Assert.Equal(expected, HashOf(kind, threads: 1 + round % 2, resumes: round == 2));
        Assert.True(pressure.Collections > 0, "Nothing was collected meanwhile.");
    }

    [Fact]
    public void Other_play_gives_other_bits() => Assert.NotEqual(HashOf("ddpg"), HashOf("ddpg", play: 1));

    /// <summary>SHA-256 over the whole state after the updates, half of them by another learner if it resumes.</summary>
    public static string HashOf(string kind, int threads = 1, bool resumes = false, int play = 0)
    {
        var learner = TestLearners.Create(kind, threads);
        try
        {
            for (var update = 0; update < Updates; update++)
            {
                if (resumes && update == Updates / 2)
                {
                    var next = TestLearners.Create(kind, threads);
                    TestLearners.Restore(learner, next);
                    learner.Dispose();
                    learner = next;
                }

                learner.Learn([TestLearners.Play(play + update)], update, 0);
            }

            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var (name, tensor) in learner.Save())
            {
                hash.AppendData(Encoding.UTF8.GetBytes(name));
                hash.AppendData(tensor.Data);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            learner.Dispose();
        }
    }

    /// <summary>Another thread that makes garbage and collects it as fast as it can.</summary>
    private sealed class MemoryPressure : IDisposable
    {
        private readonly Thread _thread;
        private readonly int _before = GC.CollectionCount(2);
        private volatile bool _done;

        public MemoryPressure()
        {
            _thread = new Thread(Press) { IsBackground = true };
            _thread.Start();
        }

        public int Collections => GC.CollectionCount(2) - _before;

        public void Dispose()
        {
            _done = true;
            _thread.Join();
        }

        private void Press()
        {
            var kept = new byte[16][];
            for (var round = 0; !_done; round++)
            {
                for (var small = 0; small < 2000; small++) kept[small % kept.Length] = new byte[64 + small];
                kept[round % kept.Length] = new byte[1 << 20];
                GC.Collect(round % 3, GCCollectionMode.Forced, blocking: true, compacting: true);
                if (round % 8 == 0) GC.WaitForPendingFinalizers();
            }

            GC.KeepAlive(kept);
        }
    }
}
