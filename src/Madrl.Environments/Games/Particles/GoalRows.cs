using System.Runtime.Intrinsics;

namespace Madrl.Environments.Games.Particles;

/// <summary>
/// A landmark that counts more than the others, as rows of a task: which one it is, where it lies, and a colour of as many
/// channels that tells it. The place and the colour follow from the first row, and never change within an episode.
/// </summary>
/// <param name="scene">Who is there.</param>
/// <param name="first">The first row.</param>
/// <param name="channels">Length of the colour: 0, or at least the number of landmarks less one.</param>
internal readonly struct GoalRows(ParticleScene scene, int first, int channels)
{
    private const int Fixed = 3;

    /// <summary>Row of its horizontal position; the vertical one is the next.</summary>
    public int Place => first + 1;

    /// <summary>First row of the colour.</summary>
    public int FirstChannel => first + Fixed;

    /// <summary>The colour as one observes it.</summary>
    public IEnumerable<Column> Colour => Column.Rows(FirstChannel, channels);

    /// <summary>Rows of one goal.</summary>
    public static int Count(int channels) => Fixed + channels;

    /// <summary>Makes a landmark the goal.</summary>
    public void Choose(CopyLane copy, int landmark) => copy[first] = landmark;

    /// <summary>Which landmark is the goal.</summary>
    public int Chosen(CopyLane copy) => (int)copy[first];

    /// <summary>Where the goal is a certain landmark.</summary>
    public Vector512<double> Is(CopyLanes world, int landmark) => Vector512.Equals(world[first], Vector512.Create((double)landmark));

    /// <summary>Sets the place and the colour: low in all channels but one, that of the landmark's number.</summary>
    /// <param name="world">Eight copies.</param>
    /// <param name="low">Brightness of all channels but one.</param>
    /// <param name="high">Brightness of that channel.</param>
    /// <param name="offset">Channel of the landmark 0.</param>
    public void Derive(CopyLanes world, double low = 0, double high = 0, int offset = 0)
    {
        Vector512<double> x = world[scene.Place(0)], y = world[scene.Place(0) + 1];
        for (var landmark = 1; landmark < scene.Landmarks.Length; landmark++)
        {
            x = Vector512.ConditionalSelect(Is(world, landmark), world[scene.Place(landmark)], x);
            y = Vector512.ConditionalSelect(Is(world, landmark), world[scene.Place(landmark) + 1], y);
        }

        world[Place] = x;
        world[Place + 1] = y;
        for (var channel = 0; channel < channels; channel++)
            world[FirstChannel + channel] = Vector512.ConditionalSelect(Is(world, channel - offset), Vector512.Create(high), Vector512.Create(low));
    }
}
