using Madrl.Environments.Drawing;
using Madrl.Environments.Scalar;
using Madrl.Numerics;

namespace Madrl.Environments.Games.Drones;

/// <summary>
/// The Markov game ⟨S, {A_i}, P, {R_i}, γ⟩ with
/// S: which drones are present, their places p_i, velocities v_i and batteries; the wind w, the obstacles, the tasks, the covered cells;
/// A_i: [-1, 1]², an acceleration, shortened to length 1 if it is longer; an absent drone's does nothing;
/// P: v_i becomes v_i + 0.02 (a_i + w), at most 0.05 long, and p_i becomes p_i + v_i, on the map [-1, 1]² and outside the obstacles;
/// docs/environments.md tells the rest: <see cref="Airspace"/>, <see cref="CoverageMap"/> and <see cref="TaskBoard"/>;
/// R_i = (1 - c) u_i + c (mean of u over the whole fleet), where u_i weighs the share of the map that i covered first, its progress with
/// tasks and, negatively, its collisions; γ is the learner's.
/// </summary>
internal sealed class DronesGame : ScalarGame
{
    private readonly DronesOptions _options;
    private readonly Sensors _sensors;
    private readonly Pilot _pilot;
    private readonly double[] _coverage;
    private readonly double[] _progress;
    private readonly double[] _collisions;
    private KeyedRandom _random;
    private (double Coverage, double Tasks, double Collisions) _sums;

    public DronesGame(DronesOptions options)
        : base(AgentSpec.Alike(options.Drones, Sensors.ObservationSize(options), new ActionSpace.Box(2, -1, 1)), options.EpisodeLimit)
    {
        if (options.Absent >= options.Drones)
        {
            throw new ArgumentException(
                $"absent={options.Absent} leaves no drone to begin with: with drones={options.Drones} choose 0 to {options.Drones - 1}.");
        }

        if (options.Kind == TaskKind.Delivery && options.WatchSteps != DronesOptions.DefaultWatchSteps)
            throw new ArgumentException("watch-steps belongs to kind=surveillance: leave it out with kind=delivery.");
        _options = options;
        (Airspace, Board, Map) = (new Airspace(options), new TaskBoard(options), new CoverageMap(options.Grid));
        _sensors = new Sensors(options, Airspace, Board, Map);
        _pilot = new Pilot(options, Airspace, Board, Map);
        (_coverage, _progress, _collisions) = (new double[options.Drones], new double[options.Drones], new double[options.Drones]);
    }

    /// <inheritdoc/>
    public override int StateSize => Sensors.StateSize(_options);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Terms { get; } = ["coverage", "tasks", "collisions"];

    /// <summary>The drones and what they fly through, for tests that set them.</summary>
    internal Airspace Airspace { get; }

    /// <summary>The tasks.</summary>
    internal TaskBoard Board { get; }

    /// <summary>The covered cells.</summary>
    internal CoverageMap Map { get; }

    /// <inheritdoc/>
    public override void Begin(ref KeyedRandom random)
    {
        Airspace.Begin(ref random);
        Board.Clear();
        Map.Clear();
        _sums = default;
        _random = random;
    }

    /// <inheritdoc/>
    public override bool Step(JointAction actions, Span<double> rewards)
    {
        var drones = Airspace.Drones;
        Airspace.Blow(ref _random);
        for (var i = 0; i < drones.Length; i++)
            _collisions[i] = drones[i].IsPresent && Airspace.Fly(i, new(actions[i][0], actions[i][1])) ? 1 : 0;
        for (var i = 0; i < drones.Length; i++)
        {
            if (drones[i].IsPresent) _collisions[i] += Airspace.Touched(i);
        }

        Map.Cover(drones, _coverage);
        Board.Proceed(drones, _progress);
        Reward(rewards);

        for (var i = 0; i < drones.Length; i++)
        {
            if (Airspace.ComeOrGo(i, ref _random)) Board.Release(i, drones[i].Place);
        }

        Board.Appear(Airspace, ref _random);
        Board.Allocate(drones);
        return false;
    }

    /// <inheritdoc/>
    public override void Observe(int agent, Span<float> observation)
    {
        if (Airspace.Drones[agent].IsPresent) _sensors.Observe(agent, observation);
    }

    /// <inheritdoc/>
    public override void WriteState(Span<float> state) => _sensors.WriteState(state);

    /// <inheritdoc/>
    public override void WriteTerms(Span<double> terms) => (terms[0], terms[1], terms[2]) = _sums;

    /// <inheritdoc/>
    public override void Play(int agent, Span<float> action)
    {
        var move = Airspace.Drones[agent].IsPresent ? _pilot.Act(agent) : default;
        move.Write(action);
    }

    /// <inheritdoc/>
    public override Picture Draw()
    {
        const double margin = 0.1, edge = Airspace.Edge + margin, small = 0.025;
        var radius = _options.CollisionRadius;
        var tasks = Board.Tasks.Where(task => task.Exists);
        return new(-edge, -edge, 2 * edge, 2 * edge,
        [
            .. Enumerable.Range(0, Map.Side * Map.Side).Where(cell => Map.IsCovered[cell]).Select(cell =>
                Disc(Ink.Ground, Map.Middle(cell), Airspace.Edge / Map.Side) with { Form = Form.Square }),
            Disc(Ink.Target, default, Airspace.Pad),
            .. Airspace.Obstacles.Select(obstacle => Disc(Ink.Obstacle, obstacle.Centre, obstacle.Radius)),
            .. tasks.Where(task => task.Drone >= 0).Select(task => PlaneMarks.Link(Airspace.Drones[task.Drone].Place, task.Aim)),
            .. tasks.Select(task => Disc(Ink.Target, task.Aim, small) with { Form = Form.Square }),
            .. Airspace.Drones.Select((drone, index) => (drone, index)).Where(pair => pair.drone.IsPresent).Select(pair =>
                Disc(IsCarrying(pair.index) ? Ink.Highlight : Ink.Agent, pair.drone.Place, radius) with { Label = $"{pair.index}" }),
        ]);
    }

    private static Mark Disc(Ink ink, PlanePoint centre, double radius) => new(Form.Disc, ink, centre.X, centre.Y, radius);

    private bool IsCarrying(int drone) => Board.SlotOf[drone] >= 0 && Board.Tasks[Board.SlotOf[drone]].IsCarried;

    private void Reward(Span<double> rewards)
    {
        for (var i = 0; i < rewards.Length; i++)
        {
            rewards[i] = _options.CoverageWeight * _coverage[i] + _options.TaskWeight * _progress[i] - _options.CollisionWeight * _collisions[i];
            _sums = (_sums.Coverage + _coverage[i], _sums.Tasks + _progress[i], _sums.Collisions + _collisions[i]);
        }

        Cooperation.Mix(rewards, _options.Cooperation);
    }
}
