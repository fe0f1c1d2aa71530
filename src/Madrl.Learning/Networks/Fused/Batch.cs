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

    /// <param name="members">M.</param>
    /// <param name="sequences">C.</param>
    /// <param name="steps">T.</param>
    public Batch(int members, int sequences, int steps)
    {
        Members = members;
        Sequences = sequences;
        Steps = steps;
        Groups = (sequences + LargestWidth - 1) / LargestWidth;
        Width = MatrixKernel.PaddedWidth((sequences + Groups - 1) / Groups);
    }

    public int Members { get; }

    public int Sequences { get; }

    public int Steps { get; }

    /// <summary>Groups of a member.</summary>
    public int Groups { get; }

    /// <summary>Columns of a block, some of which stand for no sequence.</summary>
    public int Width { get; }

    /// <summary>Blocks of a member.</summary>
    public int Blocks => Groups * Steps;

    /// <summary>Sequences in a group.</summary>
    public int CountIn(int group) => Math.Min(Width, Sequences - group * Width);

    /// <summary>Where the row of a group's first sequence lies in [M, C, T, size]; the next sequence lies T · size further on.</summary>
    public nint RowAt(int member, int group, int step, int size) =>
        (((nint)member * Sequences + (nint)group * Width) * Steps + step) * size;

    /// <summary>Where the state of a group's first sequence lies in [M, C, size].</summary>
    public nint StateAt(int member, int group, int size) => ((nint)member * Sequences + (nint)group * Width) * size;
}
