using System.Text;
using Spectre.Console;

namespace Madrl.Client.Tests.Playing;

/// <summary>A terminal that understands what a live picture sends, and keeps what is on it: rows that never scroll.</summary>
internal sealed class Screenful : TextWriter
{
    private readonly List<StringBuilder> _rows = [new()];
    private readonly StringBuilder _all = new();
    private int _row, _column;

    public Screenful(int width, int height)
    {
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(this),
        });
        (Console.Profile.Width, Console.Profile.Height) = (width, height);
    }

    public IAnsiConsole Console { get; }

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Whether the cursor is seen.</summary>
    public bool IsCursorShown { get; private set; } = true;

    /// <summary>Where the cursor is.</summary>
    public (int Row, int Column) Cursor => (_row, _column);

    /// <summary>What is on it.</summary>
    public string[] Rows => [.. _rows.Select(row => row.ToString().TrimEnd())];

    /// <summary>All that was ever written, sequences included.</summary>
    public string All => _all.ToString();

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        _all.Append(value);
        for (var i = 0; i < value!.Length; i++)
        {
            if (value[i] == '\e') i = Obey(value, i + 2);
            else if (value[i] == '\n') (_row, _column) = (_row + 1, 0);
            else if (value[i] == '\r') _column = 0;
            else Put(value[i]);
        }
    }

    private StringBuilder Row()
    {
        while (_rows.Count <= _row) _rows.Add(new StringBuilder());
        return _rows[_row];
    }

    private void Put(char character)
    {
        var row = Row();
        if (row.Length <= _column) row.Append(' ', _column + 1 - row.Length);
        row[_column++] = character;
    }

    /// <summary>Obeys a sequence whose parameters begin at <paramref name="from"/>; gives the index of its last character.</summary>
    private int Obey(string text, int from)
    {
        var end = from;
        while (!char.IsAsciiLetter(text[end])) end++;
        switch (text[from..(end + 1)])
        {
            case "?25l": IsCursorShown = false; break;
            case "?25h": IsCursorShown = true; break;
            case "2K": Row().Clear(); break;
            case "J": EraseBelow(); break;
            case var up when up[^1] == 'A': _row = Math.Max(0, _row - int.Parse(up[..^1], System.Globalization.CultureInfo.InvariantCulture)); break;
            case var style when style[^1] == 'm': break;
            case var other: throw new NotSupportedException($"A live picture does not send '{other}'.");
        }

        return end;
    }

    private void EraseBelow()
    {
        Row().Length = Math.Min(Row().Length, _column);
        _rows.RemoveRange(_row + 1, _rows.Count - _row - 1);
    }
}
