namespace Madrl.Environments.Drawing;

/// <summary>What a mark stands for; whoever draws chooses the colour.</summary>
public enum Ink
{
    /// <summary>A member of the (first) team.</summary>
    Agent,

    /// <summary>A member of the team against it, or one that differs in its role.</summary>
    Adversary,

    /// <summary>What agents go to: a landmark, food, a task.</summary>
    Target,

    /// <summary>What is in the way.</summary>
    Obstacle,

    /// <summary>Ground that is not like the rest: a forest, a highway, a covered cell.</summary>
    Ground,

    /// <summary>What joins two: a link, a way.</summary>
    Link,

    /// <summary>What was asked for, or is carried, or else stands out.</summary>
    Highlight,
}

/// <summary>Form of a mark.</summary>
public enum Form
{
    /// <summary>A disc with its centre at (X, Y) and the radius <see cref="Mark.Size"/>.</summary>
    Disc,

    /// <summary>A square with its centre at (X, Y) and half the side <see cref="Mark.Size"/>.</summary>
    Square,

    /// <summary>A line from (X, Y) to (<see cref="Mark.ToX"/>, <see cref="Mark.ToY"/>).</summary>
    Line,
}

/// <summary>One thing in a picture, in the game's own units; y grows upwards.</summary>
/// <param name="Form">Its form.</param>
/// <param name="Ink">What it stands for.</param>
/// <param name="X">Horizontal position.</param>
/// <param name="Y">Vertical position.</param>
/// <param name="Size">Radius or half side.</param>
/// <param name="Label">A short text on it, such as an agent's number; empty for none.</param>
/// <param name="ToX">End of a line.</param>
/// <param name="ToY">End of a line.</param>
public readonly record struct Mark(Form Form, Ink Ink, double X, double Y, double Size, string Label = "", double ToX = 0, double ToY = 0);

/// <summary>A moment of one copy of a game as a person sees it: the terminal, an SVG file and the dashboard draw it.</summary>
/// <param name="Left">Least x in sight.</param>
/// <param name="Bottom">Least y in sight.</param>
/// <param name="Width">Width in sight, above 0.</param>
/// <param name="Height">Height in sight, above 0.</param>
/// <param name="Marks">What is seen, what lies below first.</param>
public sealed record Picture(double Left, double Bottom, double Width, double Height, IReadOnlyList<Mark> Marks);
