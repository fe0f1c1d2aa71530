using static TorchSharp.torch;

namespace Madrl.Learning.Algorithms;

/// <summary>
/// The transitions of an update of MADDPG, as each agent's own batch of R rows; with one batch for all agents these are the
/// same rows. The next step's observations are there for every agent to act on in all D batches: D is the agents' number where
/// each has a batch of its own, else 1.
/// </summary>
/// <param name="Observations">Of agent i in its own batch, with its id [n, R, T, I].</param>
/// <param name="Next">Of every agent in all batches, one step on [n, D·R, T, I].</param>
/// <param name="Context">What agent i's critic sees besides actions [n, R, T, C].</param>
/// <param name="NextContext">The same, one step on.</param>
/// <param name="Joint">The actions that were taken, as agent i's critic sees them [n, R, T, A or n·A].</param>
/// <param name="Rewards">[n, R, T].</param>
/// <param name="Continues">γ, or 0 where the game ended [n or 1, R, T].</param>
/// <param name="Noise">Gumbel noise of agent i's action in its own batch [n, R, T, A]; null for continuous actions.</param>
/// <param name="NextNoise">The same for every agent in all batches, one step on [n, D·R, T, A].</param>
internal sealed record DdpgSamples(
    Tensor Observations, Tensor Next, Tensor Context, Tensor NextContext, Tensor Joint, Tensor Rewards, Tensor Continues,
    Tensor? Noise, Tensor? NextNoise)
{
    /// <summary>Rows of a batch, R.</summary>
    public long Rows => Rewards.shape[1];
}
