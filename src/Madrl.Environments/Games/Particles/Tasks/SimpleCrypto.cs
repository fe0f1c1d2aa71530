using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Particles.Tasks;

/// <summary>The task <c>simple-crypto</c>.</summary>
[Game]
public sealed class SimpleCryptoDefinition : ParticleDefinition<ParticleOptions>
{
    /// <inheritdoc/>
    public override string Task => "simple-crypto";

    /// <inheritdoc/>
    public override string Summary => "Alice tells Bob a secret with a key that both share, and Eve listens.";

    private protected override ParticleTask Build(ParticleOptions options, bool openAI) => new SimpleCryptoTask(openAI);
}

/// <summary>
/// Nobody moves. Alice observes a secret (one of two words of length 4) and a key, Bob the key and Alice's last word, Eve that word
/// alone; Bob and Eve say what they believe the secret to be. Eve gets minus her squared error, Alice and Bob Eve's less Bob's; who
/// has said nothing has no error.
/// </summary>
internal sealed class SimpleCryptoTask(bool openAI) : ParticleTask(
    new ParticleScene(
        [Still("eve_0", adversary: true), Still("bob_0", adversary: false), Still("alice_0", adversary: false)],
        [.. Enumerable.Repeat(new ParticleLandmark(Radius), Secrets)], words: Length, ownRows: 2 * GoalRows.Count(Length)),
    openAI)
{
    private const double Radius = 0.05;
    private const int Secrets = 2;
    private const int Length = 4;
    private const int Eve = 0;
    private const int Bob = 1;
    private const int Alice = 2;

    public override string ReturnScale => base.ReturnScale + " of both teams";

    internal GoalRows Secret => new(Scene, Scene.Own, Length);

    internal GoalRows Key => new(Scene, Scene.Own + GoalRows.Count(Length), Length);

    public override IEnumerable<Column> Observation(int agent)
    {
        var heard = Column.Rows(Scene.Said(Alice), Length);
        return agent switch
        {
            Eve => heard,
            Bob => [.. Key.Colour, .. heard],
            _ => [.. Secret.Colour, .. Key.Colour],
        };
    }

    public override void Begin(CopyLane copy, ref KeyedRandom random)
    {
        base.Begin(copy, ref random);
        Secret.Choose(copy, random.NextInt32(Secrets));
        Key.Choose(copy, random.NextInt32(Secrets));
    }

    public override void Derive(CopyLanes world)
    {
        Secret.Derive(world, low: 0, high: 1);
        Key.Derive(world, low: 0, high: 1);
    }

    public override void Reward(CopyLanes world, CopyLanes rewards)
    {
        var eve = Error(world, Eve);
        rewards[Eve] = -eve;
        rewards[Bob] = rewards[Alice] = eve - Error(world, Bob);
    }

    /// <summary>Alice says the sum of secret and key modulo 2, Bob takes the key off again, Eve can but guess.</summary>
    public override ScriptedAction Play(CopyLane copy, int agent, ParticlePilot pilot)
    {
        var (secret, key) = (Secret.Chosen(copy), Key.Chosen(copy));
        var heard = copy[Scene.Said(Alice)] > 0 ? 0 : 1;
        return new ScriptedAction(0, 0, agent switch { Alice => secret ^ key, Bob => heard ^ key, _ => heard });
    }

    public override int? Goal(CopyLane copy) => Secret.Chosen(copy);

    private static ParticleAgent Still(string name, bool adversary) => new(name, Radius, adversary) { Moves = false, Speaks = true };

    private Vector512<double> Error(CopyLanes world, int agent)
    {
        Vector512<double> error = Vector512<double>.Zero, silent = Vector512<double>.AllBitsSet;
        for (var word = 0; word < Length; word++)
        {
            var said = world[Scene.Said(agent) + word];
            var off = said - world[Secret.FirstChannel + word];
            error += off * off;
            silent &= Vector512.Equals(said, Vector512<double>.Zero);
        }

        return Vector512.AndNot(error, silent);
    }
}
