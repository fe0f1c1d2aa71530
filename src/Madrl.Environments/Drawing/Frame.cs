namespace Madrl.Environments.Drawing;

/// <summary>A picture of a film with what is written around it.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Title">What is played by whom.</param>
/// <param name="Moment">When it is: <c>step 3 of 25</c>.</param>
/// <param name="Return">What the team has earned so far.</param>
/// <param name="Returns">What each agent has earned so far.</param>
/// <param name="IsLast">Whether an episode ends with it: it stays longer.</param>
public sealed record Frame(Picture Picture, string Title, string Moment, string Return, string Returns, bool IsLast);
