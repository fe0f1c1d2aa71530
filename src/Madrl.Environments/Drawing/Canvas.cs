namespace Madrl.Environments.Drawing;

/// <summary>Where on a page a picture is drawn, in the page's units; within it y grows downwards from 0.</summary>
internal readonly record struct Canvas(double Left, double Top, double Width, double Height)
{
    /// <summary>A canvas with the proportions of a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="left">Where it begins.</param>
    /// <param name="top">Where it begins.</param>
    /// <param name="longest">Length of its longer side.</param>
    public static Canvas For(Picture picture, double left, double top, double longest)
    {
        var scale = longest / Math.Max(picture.Width, picture.Height);
        return new(left, top, scale * picture.Width, scale * picture.Height);
    }

    /// <summary>A mark of a picture in units of the canvas.</summary>
    public Mark Place(Mark mark, Picture picture)
    {
        var (acrossX, acrossY, top) = (Width / picture.Width, Height / picture.Height, picture.Bottom + picture.Height);
        return mark with
        {
            X = Math.Round((mark.X - picture.Left) * acrossX, 1),
            Y = Math.Round((top - mark.Y) * acrossY, 1),
            Size = Math.Round(mark.Size * Math.Min(acrossX, acrossY), 1),
            ToX = Math.Round((mark.ToX - picture.Left) * acrossX, 1),
            ToY = Math.Round((top - mark.ToY) * acrossY, 1),
        };
    }
}
