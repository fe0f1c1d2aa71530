using Madrl.Numerics;

namespace Madrl.Learning.Networks.Fused;

/// <summary>
/// How the sequences of a batch [M, C, T, …] lie in columns: each member's sequences are cut into groups of at most
/// <see cref="LargestWidth"/>, a block is one group at one step, and the blocks of a member follow each other group by group,
/// step by step. A feed-forward network takes every row as a sequence of one step.
/// </summary>
internal readonly record struct Batch
{
    /// <summary>Rows whose activations between two layers stay in the second-level cache beside the weights.</summary>
    private const int LargestWidth = 4 * MatrixKernel.Strip;

    /// <summary>Rows that are worth a gradient of their own, to be added to the others' afterwards.</summary>
    private const int RowsPerPart = 512;

    /// <param name="members">M.</param>
    /// <param name="sequences">C.</param>
    /// <param name="steps">T.</param>
    public Batch(int members, int sequences, int steps)
    {
        Members = members;
        Sequences = sequences;
        Steps = steps;

        // Sequences of several steps are few: in narrower groups, so that there is something for every thread.
        var least = steps == 1 ? 1 : Math.Clamp(sequences / MatrixKernel.Strip, 1, LearnerThreads.Most);
        var groups = Math.Max(least, (sequences + LargestWidth - 1) / LargestWidth);
        Width = MatrixKernel.PaddedWidth((sequences + groups - 1) / groups);
        Groups = (sequences + Width - 1) / Width;
        Parts = (int)Math.Clamp((long)sequences * steps / RowsPerPart, 1, Math.Min(LearnerThreads.Most, Groups));
    }

    public int Members { get; }

    public int Sequences { get; }

    public int Steps { get; }

    /// <summary>Groups of a member.</summary>
    public int Groups { get; }

    /// <summary>
    /// Parts of a member's groups whose gradients are summed apart, so that threads can share the work. Their number depends on
    /// the batch alone: the sums are the same on any number of threads.
    /// </summary>
    public int Parts { get; }

    /// <summary>Columns of a block, some of which stand for no sequence.</summary>
    public int Width { get; }

    /// <summary>Rows of all members.</summary>
    public long Rows => (long)Members * Sequences * Steps;

    /// <summary>Blocks of a member.</summary>
    public int Blocks => Groups * Steps;

    /// <summary>The groups of a part: the first, and the one after the last.</summary>
    public (int First, int End) GroupsOf(int part) => (Groups * part / Parts, Groups * (part + 1) / Parts);

    /// <summary>Sequences in a group.</summary>
    public int CountIn(int group) => Math.Min(Width, Sequences - group * Width);

    /// <summary>Where the row of a group's first sequence lies in [M, C, T, size]; the next sequence lies T · size further on.</summary>
    public nint RowAt(int member, int group, int step, int size) =>
        (((nint)member * Sequences + (nint)group * Width) * Steps + step) * size;

    /// <summary>Where the state of a group's first sequence lies in [M, C, size].</summary>
    public nint StateAt(int member, int group, int size) => ((nint)member * Sequences + (nint)group * Width) * size;
}
