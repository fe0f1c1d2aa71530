using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Madrl.Hosting;
using Madrl.Terminal;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Commands;

var root = new RootCommand("Trains teams of agents that live as Orleans grains.")
{
    TrainCommand.Create(),
    ResumeCommand.Create(),
    AttachCommand.Create(),
    StopCommand.Create(),
    EvaluateCommand.Create(),
    ExportCommand.Create(),
    RunsCommand.Create(),
    PlayCommand.Create(),
    ListCommand.Create(),
    BenchCommand.Create(),
    SimulateCommand.Create(),
};
var assemblies = CommonOptions.Assembly();
root.Add(assemblies);
var help = root.Options.OfType<HelpOption>().Single();
help.Action = new HelpWithExamples((HelpAction)help.Action!);

var parsed = root.Parse(args);
var json = args.Contains(CommonOptions.JsonName);
if (parsed.Action is ParseErrorAction) return Errors.Report(ParseErrors.Describe(parsed), ExitCodes.Usage, json);
try
{
    Shell.Assemblies = parsed.GetValue(assemblies) ?? [];
    foreach (var assembly in Shell.Assemblies) UserAssembly.Load(assembly);

    // Ctrl-C is for Interruption to handle, and errors for Errors.
    var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await parsed.InvokeAsync(invocation);
}
catch (Exception error)
{
    return Errors.Report(error, json);
}
