using System.Text.Json.Nodes;
using Madrl.Environments;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Evaluation;

/// <summary>Whose policies played.</summary>
/// <param name="Name">Which checkpoint, or the path of a file.</param>
/// <param name="Checkpoint">The checkpoint; null for a file.</param>
internal sealed record Played(string Name, Checkpoint? Checkpoint);

/// <summary>What an evaluation of policies gave.</summary>
internal sealed record EvaluationResult(
    RunSpecification Run, GameSpec Game, Played Played, string WeightsHash, int Episodes, ReturnEstimate Return,
    double Random, double Scripted)
{
    private long? Steps => Played.Checkpoint?.Iteration * new RunSchedule(Run, Game.EpisodeLimit).StepsPerIteration;

    /// <summary>One object of type <c>evaluation</c>.</summary>
    public string ToJson() => new JsonObject
    {
        ["type"] = "evaluation",
        ["run"] = Run.Run,
        [Played.Checkpoint is null ? "policies" : "checkpoint"] = Played.Name,
        ["iteration"] = Played.Checkpoint?.Iteration,
        ["envSteps"] = Steps,
        ["episodes"] = Episodes,
        ["returnMean"] = Return.Mean,
        ["returnCi95"] = Return.Ci95,
        ["returnScale"] = Game.ReturnScale,
        ["randomReturn"] = Random,
        ["scriptedReturn"] = Scripted,
        ["weightsHash"] = WeightsHash,
    }.ToCompactString();

    /// <summary>Writes it for people.</summary>
    public void Write()
    {
        Console.Out.WriteLine(Played.Checkpoint is { } checkpoint
            ? $"{Run.Run}, {Played.Name} checkpoint: iteration {checkpoint.Iteration}, {Format.Count(Steps!.Value)} steps"
            : $"{Run.Run}, policies of '{Played.Name}'");
        Console.Out.WriteLine();
        Console.Out.WriteLine($"  return   {Format.Return(Return)}");
        Console.Out.WriteLine($"           {Game.ReturnScale}, {Format.Count(Episodes)} test episodes, 95 % band");
        Console.Out.WriteLine();
        ReturnBars.Write(Random, Return.Mean, Scripted);
        Console.Out.WriteLine();
        Console.Out.WriteLine($"  weights  {WeightsHash}");
    }
}
