namespace Madrl.Policies;

/// <summary>
/// Which random numbers an agent's actions are drawn with: row r of a batch is keyed by (seed, copy FirstCopy + r, agent,
/// step), so that an action is the same in whatever batch or shard its row stands.
/// </summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Greedy">Take the most likely action instead of drawing one.</param>
/// <param name="FirstCopy">Global index of the environment copy in row 0.</param>
/// <param name="Step">Global step number.</param>
/// <param name="EpisodeStep">Steps since the episode began: exploration noise that lasts over steps begins with it.</param>
public readonly record struct ActionKey(ulong Seed, bool Greedy, long FirstCopy, long Step, int EpisodeStep = 0);
