using System.Buffers.Binary;
using System.Text;

namespace Madrl.Learning.Native;

/// <summary>
/// Marks one symbol-version requirement of a 64-bit little-endian ELF library weak, so that the loader accepts a system
/// library that lacks the version. TorchSharp's bridge asks libstdc++ for GLIBCXX_3.4.32 only through the marker symbol
/// of the iostream initialiser, which nothing in the file is ever relocated against; that is checked before the change.
/// Format: System V ABI, gABI chapter 5, and the GNU extension .gnu.version_r (Linux Standard Base Core, section 10.7).
/// </summary>
public static class ElfVersionRequirement
{
    /// <summary>The version that may be absent.</summary>
    public const string OptionalVersion = "GLIBCXX_3.4.32";

    private const ushort WeakFlag = 0x2;
    private const int DynamicSegment = 2;
    private const int LoadSegment = 1;

    /// <summary>Sets the weak flag of the requirement in <paramref name="image"/>.</summary>
    /// <param name="image">The whole file; changed in place.</param>
    /// <exception cref="BadImageFormatException">
    /// The file is not such a library, does not require the version, or needs it for a symbol that it uses.
    /// </exception>
    public static void MakeWeak(Span<byte> image)
    {
        if (image.Length < 64 || !image[..6].SequenceEqual((ReadOnlySpan<byte>)[0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
            throw new BadImageFormatException("Not a 64-bit little-endian ELF library.");
        try
        {
            var entries = ReadDynamicEntries(image);
            var auxiliary = FindRequirement(image, entries);
            var versionIndex = U16(image, auxiliary + 6);
            if (CountRelocations(image, entries, versionIndex) is > 0 and var uses)
                throw new BadImageFormatException($"{OptionalVersion} is needed for {uses} relocations, so it cannot be made optional.");
            BinaryPrimitives.WriteUInt16LittleEndian(image[(auxiliary + 4)..], (ushort)(U16(image, auxiliary + 4) | WeakFlag));
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new BadImageFormatException("The ELF library is truncated.", error);
        }
    }

    private static Dictionary<long, long> ReadDynamicEntries(ReadOnlySpan<byte> image)
    {
        var entries = new Dictionary<long, long>();
        foreach (var (type, offset, _, size) in ProgramHeaders(image))
        {
            if (type != DynamicSegment) continue;
            for (var position = offset; position < offset + size && I64(image, position) != 0; position += 16)
                entries[I64(image, position)] = I64(image, position + 8);
        }

        return entries;
    }

    private static int FindRequirement(ReadOnlySpan<byte> image, Dictionary<long, long> entries)
    {
        var strings = FileOffset(image, Entry(entries, DynamicTag.StringTable));
        var need = FileOffset(image, Entry(entries, DynamicTag.VersionNeed));
        for (var file = Entry(entries, DynamicTag.VersionNeedCount); file > 0; file--)
        {
            var auxiliary = need + I32(image, need + 8);
            for (int count = U16(image, need + 2); count > 0; count--)
            {
                if (NameAt(image, strings + I32(image, auxiliary + 8)) == OptionalVersion) return auxiliary;
                auxiliary += I32(image, auxiliary + 12);
            }

            need += I32(image, need + 12);
        }

        throw new BadImageFormatException($"The library does not require {OptionalVersion}.");
    }

    private static int CountRelocations(ReadOnlySpan<byte> image, Dictionary<long, long> entries, int versionIndex)
    {
        var versions = FileOffset(image, Entry(entries, DynamicTag.SymbolVersions));
        var uses = 0;
        foreach (var (table, size) in ((long, long)[])[(DynamicTag.Relocations, DynamicTag.RelocationsSize), (DynamicTag.PltRelocations, DynamicTag.PltRelocationsSize)])
        {
            if (!entries.TryGetValue(table, out var address)) continue;
            var first = FileOffset(image, address);
            for (var position = first; position < first + Entry(entries, size); position += 24)
            {
                var symbol = (int)(I64(image, position + 8) >> 32);
                if (symbol != 0 && (U16(image, versions + 2 * symbol) & 0x7FFF) == versionIndex) uses++;
            }
        }

        return uses;
    }

    private static int FileOffset(ReadOnlySpan<byte> image, long address)
    {
        foreach (var (type, offset, virtualAddress, size) in ProgramHeaders(image))
        {
            if (type == LoadSegment && address >= virtualAddress && address < virtualAddress + size)
                return checked((int)(address - virtualAddress + offset));
        }

        throw new BadImageFormatException($"Address 0x{address:x} lies in no segment of the library.");
    }

    private static List<(int Type, int Offset, long Address, long Size)> ProgramHeaders(ReadOnlySpan<byte> image)
    {
        var headers = new List<(int, int, long, long)>();
        var position = checked((int)I64(image, 32));
        for (int count = U16(image, 56), entrySize = U16(image, 54); count > 0; count--, position += entrySize)
            headers.Add((I32(image, position), checked((int)I64(image, position + 8)), I64(image, position + 16), I64(image, position + 32)));
        return headers;
    }

    private static long Entry(Dictionary<long, long> entries, long tag) => entries.TryGetValue(tag, out var value)
        ? value
        : throw new BadImageFormatException($"The library has no dynamic entry 0x{tag:x}.");

    private static string NameAt(ReadOnlySpan<byte> image, int position)
    {
        var text = image[position..];
        return Encoding.ASCII.GetString(text[..Math.Max(0, text.IndexOf((byte)0))]);
    }

    private static ushort U16(ReadOnlySpan<byte> image, int position) => BinaryPrimitives.ReadUInt16LittleEndian(image[position..]);

    private static int I32(ReadOnlySpan<byte> image, int position) => BinaryPrimitives.ReadInt32LittleEndian(image[position..]);

    private static long I64(ReadOnlySpan<byte> image, int position) => BinaryPrimitives.ReadInt64LittleEndian(image[position..]);

    private static class DynamicTag
    {
        public const long PltRelocationsSize = 2;
        public const long StringTable = 5;
        public const long Relocations = 7;
        public const long RelocationsSize = 8;
        public const long PltRelocations = 23;
        public const long SymbolVersions = 0x6FFFFFF0;
        public const long VersionNeed = 0x6FFFFFFE;
        public const long VersionNeedCount = 0x6FFFFFFF;
    }
}
