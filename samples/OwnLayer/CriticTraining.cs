using Madrl.Learning;
using Madrl.Learning.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace OwnLayer;

/// <summary>Trains a critic on one-step temporal differences; a target critic follows it slowly.</summary>
public sealed class CriticTraining(FilmCritic critic, FilmCritic target, double discount) : IDisposable
{
    public Adam Optimiser { get; } = new(critic.Parameters.Flat, epsilon: 1e-8);

    /// <summary>Huber's loss of V(s) against r + γ V'(s'), a mean over agents and over the steps that were taken.</summary>
    public Tensor Loss(TrainingBatch batch)
    {
        Tensor targets;
        using (no_grad())
        {
            var next = target.Values(batch.States.narrow(1, 1, batch.Steps));
            targets = batch.Rewards.Plus(next * batch.Terminated.Complement().Times(discount));
        }

        var values = critic.Values(batch.States.narrow(1, 0, batch.Steps));
        var errors = huber_loss(values, targets, delta: 1, nn.Reduction.None).mean([0]);
        return (errors * batch.Mask).sum() / batch.Mask.sum();
    }

    /// <summary>One step down the gradient.</summary>
    /// <returns>The loss before it.</returns>
    public Tensor Step(TrainingBatch batch, double learningRate)
    {
        using var scope = NewDisposeScope();
        var loss = Loss(batch);
        var gradient = critic.Parameters.Gradient(loss);
        Adam.ClipNorm(gradient, limit: 10);
        Optimiser.Step(gradient, learningRate);
        using var frozen = no_grad();
        target.Parameters.Flat.FollowInPlace(critic.Parameters.Flat, rate: 0.05);
        return loss.detach().MoveToOuterDisposeScope();
    }

    public void Dispose() => Optimiser.Dispose();
}
