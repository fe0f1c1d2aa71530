using Elsewhere;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Elsewhere
{
    /// <summary>An exception of some library: its namespace is not among those that Orleans may serialize.</summary>
    public sealed class StrangeException(string message, int code) : Exception(message)
    {
        public int Code { get; } = code;
    }
}

namespace Madrl.Cluster.Tests
{
    /// <summary>One of ours that carries more than a message.</summary>
    public sealed class NumberedException(string message, int number) : Exception(message)
    {
        public int Number { get; } = number;
    }

    public interface IThrowingProbe : IGrainWithStringKey
    {
        Task Throw(string what);
    }

    [PlaceByKey]
    public sealed class ThrowingProbe : Grain, IThrowingProbe
    {
        public static readonly Dictionary<string, Func<Exception>> All = new()
        {
            ["stale"] = () => new StaleEpochException(3, 4),
            ["version"] = () => new WrongVersionException(new Ticket(1, 2), null),
            ["damaged"] = () => new CheckpointDamagedException("The file is torn.", new InvalidDataException("Hash differs.")),
            ["argument"] = () => new ArgumentException("Not this one.", "specification"),
            ["operation"] = () => new InvalidOperationException("Not opened."),
            ["io"] = () => new IOException("Disk full."),
            ["time"] = () => new TimeoutException("A time-out within the grain."),
            ["inner"] = () => new InvalidOperationException("Outer.", new StaleEpochException(3, 4)),
            ["numbered"] = () => new NumberedException("Numbered.", 7),
            ["strange"] = () => new StrangeException("Strange.", 7),
        };

        public Task Throw(string what) => throw All[what]();
    }

    /// <summary>
    /// An exception of a grain arrives at its caller with its type, message and inner exceptions, on whatever silo the two are,
    /// if its namespace is among <see cref="ExceptionSerializationOptions"/>: ours are because of MadrlSilo.AddMadrlExceptions.
    /// RunMachine decides by type: StaleEpochException stops an opening, WrongVersionException starts the iteration again.
    /// Properties of an exception's own do not arrive, nor does ArgumentException.ParamName; ours have none.
    /// </summary>
    public class ExceptionTests(TwoSilos silos)
    {
        private const int Client = -1;

        [Theory, CombinatorialData]
        public async Task Type_message_and_inner_exceptions_arrive(string what, int from)
        {
            var expected = ThrowingProbe.All[what]();
            var error = await ThrowAsync(what, from);
            Assert.Equal(expected.GetType(), error.GetType());
            Assert.Equal(expected.Message, error.Message);
            Assert.Equal(expected.InnerException?.GetType(), error.InnerException?.GetType());
            Assert.Equal(expected.InnerException?.Message, error.InnerException?.Message);
            Assert.Contains(nameof(ThrowingProbe), error.StackTrace, StringComparison.Ordinal);
        }

        /// <summary>Which also means: what only one silo sees in a test is not what a cluster sees.</summary>
        [Theory, InlineData(0, false), InlineData(1, true), InlineData(Client, false)]
        public async Task Properties_of_its_own_are_lost_unless_caller_and_grain_share_a_silo(int from, bool kept)
        {
            var argument = Assert.IsType<ArgumentException>(await ThrowAsync("argument", from));
            Assert.Equal(kept ? "specification" : null, argument.ParamName);
            var numbered = Assert.IsType<NumberedException>(await ThrowAsync("numbered", from));
            Assert.Equal(kept ? 7 : 0, numbered.Number);
        }

        /// <summary>The caller learns that there was an exception and its type's name, not its message.</summary>
        [Theory, InlineData(0), InlineData(Client)]
        public async Task A_type_that_may_not_be_serialized_arrives_as_CodecNotFoundException(int from)
        {
            var error = Assert.IsType<CodecNotFoundException>(await ThrowAsync("strange", from));
            Assert.Equal($"Could not find a codec for type {typeof(StrangeException)}.", error.Message);
            Assert.IsType<StrangeException>(await ThrowAsync("strange", from: 1));
        }

        /// <summary>The grain is on silo 1.</summary>
        private async Task<Exception> ThrowAsync(string what, int from)
        {
            var grains = from == Client ? silos.Client : silos.From(from);
            return (await Record.ExceptionAsync(() => grains.GetGrain<IThrowingProbe>("throws@1").Throw(what)))!;
        }

        private sealed class CombinatorialDataAttribute : Xunit.v3.DataAttribute
        {
            public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
                System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker) =>
                new([.. from what in ThrowingProbe.All.Keys where what != "strange"
                    from caller in new[] { 0, 1, Client } select new TheoryDataRow(what, caller)]);

            public override bool SupportsDiscoveryEnumeration() => true;
        }
    }
}
