using System.Text.Json.Nodes;
using Madrl.Environments;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Evaluation;

/// <summary>What an evaluation of a checkpoint gave.</summary>
internal sealed record EvaluationResult(
    RunSpecification Run, GameSpec Game, string Which, Checkpoint Checkpoint, int Episodes, ReturnEstimate Return,
    double Random, double Scripted)
{
    private long Steps => Checkpoint.Iteration * new RunSchedule(Run, Game.EpisodeLimit).StepsPerIteration;

    /// <summary>One object of type <c>evaluation</c>.</summary>
    public string ToJson() => new JsonObject
    {
        ["type"] = "evaluation",
        ["run"] = Run.Run,
        ["checkpoint"] = Which,
        ["iteration"] = Checkpoint.Iteration,
        ["envSteps"] = Steps,
        ["episodes"] = Episodes,
        ["returnMean"] = Return.Mean,
        ["returnCi95"] = Return.Ci95,
        ["returnScale"] = Game.ReturnScale,
        ["randomReturn"] = Random,
        ["scriptedReturn"] = Scripted,
        ["weightsHash"] = Checkpoint.WeightsHash,
    }.ToCompactString();

    /// <summary>Writes it for people.</summary>
    public void Write()
    {
        Console.Out.WriteLine($"{Run.Run}, {Which} checkpoint: iteration {Checkpoint.Iteration}, {Format.Count(Steps)} steps");
        Console.Out.WriteLine();
        Console.Out.WriteLine($"  return   {Format.Return(Return)}");
        Console.Out.WriteLine($"           {Game.ReturnScale}, {Format.Count(Episodes)} test episodes, 95 % band");
        Console.Out.WriteLine();
        ReturnBars.Write(Random, Return.Mean, Scripted);
        Console.Out.WriteLine();
        Console.Out.WriteLine($"  weights  {Checkpoint.WeightsHash}");
    }
}
