using Madrl.Grains.Abstractions;
using Madrl.Terminal.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Madrl.Terminal.Output;

/// <summary>One panel on a terminal that is kept up to date; what must stay on the screen is written above it.</summary>
internal sealed class PanelDisplay(RunView view) : IRunDisplay
{
    private const int MaxWidth = 100, LabelWidth = 10, FrameWidth = 4;

    private LiveDisplayContext? _live;

    private static int Inside => Math.Min(AnsiConsole.Profile.Width, MaxWidth) - FrameWidth;

    /// <inheritdoc/>
    public async Task ShowAsync(Func<Task> follow)
    {
        await AnsiConsole.Live(Draw()).AutoClear(true).StartAsync(async live =>
        {
            _live = live;
            await follow();
        });
        _live = null;
    }

    /// <inheritdoc/>
    public void Tell(EventMessage message)
    {
        if (RunDisplays.Narration(message) is { } narration) Notice(narration);
    }

    /// <inheritdoc/>
    public void Refresh() => _live?.UpdateTarget(Draw());

    /// <inheritdoc/>
    public void Notice(string text)
    {
        // Without a panel there is nothing to keep clear of, and a command or path is not broken at the terminal's width.
        if (_live is null) Console.Error.WriteLine(text);
        else AnsiConsole.MarkupLineInterpolated($"[grey]{text}[/]");
    }

    /// <inheritdoc/>
    public void Abandon() => AnsiConsole.Cursor.Show();

    /// <inheritdoc/>
    public void Finished(RunSummary summary) => SummaryText.Write(summary, view);

    private Panel Draw()
    {
        var rows = new Grid().AddColumn(new GridColumn().NoWrap().Width(LabelWidth)).AddColumn(new GridColumn().NoWrap());
        foreach (var (label, text) in Rows()) rows.AddRow(new Markup($"[grey]{label}[/]"), text);
        return new Panel(rows)
        {
            Border = BoxBorder.Rounded,
            BorderStyle = new Style(Color.Grey),
            Header = new PanelHeader(Markup.Escape($" {view.Run.Task} · {view.Run.Algorithm} · seed {view.Run.Seed} ")),
            Width = Inside + FrameWidth,
            Padding = new Padding(1, 0),
        };
    }

    private IEnumerable<(string Label, IRenderable Text)> Rows()
    {
        var steps = view.Run.EnvSteps;
        var phase = view.Run is { Active: true, Activity: { Length: > 0 } activity } ? activity : "starting";
        yield return ("phase", new Markup($"[bold]{phase}[/]"));
        yield return ("steps", new Markup($"{Bar((double)steps / view.Run.TotalSteps)}"));
        yield return ("", new Markup($"{Format.Count(steps)} of {Format.Count(view.Run.TotalSteps)}{PanelText.Speed(view)}"));
        yield return ("return", new Markup(Latest()));
        yield return ("", new Markup($"[grey]{Markup.Escape(view.Run.ReturnScale)}; {PanelText.References(view)}[/]"));
        yield return ("course", new Markup($"[green]{Course()}[/]"));
        yield return ("saved", new Markup($"[grey]{Saved()}; Ctrl-C {(view.Place is RunPlace.Local ? "saves and stops" : "leaves it training")}[/]"));
    }

    private static string Bar(double part)
    {
        var width = Inside - LabelWidth - 8;
        var done = (int)Math.Round(Math.Clamp(part, 0, 1) * width);
        return $"[green]{new string('━', done)}[/][grey]{new string('─', width - done)}[/] {Math.Floor(100 * part),3:0} %";
    }

    private string Saved() => view.Run.Checkpoint is { } last ? $"checkpoint at {Format.Count(last.EnvSteps)} steps" : "nothing yet";

    private string Latest() => view.Evaluations is [.., var last]
        ? $"[bold]{Format.Return(last.Mean)} ± {Format.Return(last.Ci95)}[/]" : "[grey]not evaluated yet[/]";

    /// <summary>The evaluations, between the random and the scripted return where they do not exceed these.</summary>
    private string Course()
    {
        double[] means = [.. view.Evaluations.Select(point => point.Mean)];
        if (means.Length == 0) return "";
        double[] references = [.. means, view.Run.Random?.Mean ?? means[0], view.Run.Scripted?.Mean ?? means[0]];
        return Sparkline.Draw(means, references.Min(), references.Max(), Inside - LabelWidth - 2);
    }
}
