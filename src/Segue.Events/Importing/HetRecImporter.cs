using System.Globalization;
using Segue.Core;

namespace Segue.Events.Importing;

/// <summary>Reads the five files of the HetRec 2011 Last.fm data set (https://grouplens.org/datasets/hetrec-2011/).</summary>
/// <remarks>A line that cannot be parsed is bad and spends the budget. A line that says something odd is kept and counted under one of
/// the names below. Addresses of pages and pictures are not read.</remarks>
public sealed class HetRecImporter
{
    /// <summary>Counter of tag assignments whose artist is not in artists.dat; they are kept.</summary>
    public const string TagAssignmentsOfUnknownArtists = "tagAssignmentsOfUnknownArtists";

    /// <summary>Counter of distinct artists that are tagged and not in artists.dat.</summary>
    public const string UnknownArtistsTagged = "unknownArtistsTagged";

    /// <summary>Counter of tag assignments whose tag is not in tags.dat; they are kept.</summary>
    public const string TagAssignmentsOfUnknownTags = "tagAssignmentsOfUnknownTags";

    /// <summary>Counter of tag assignments kept without their date, which is no day of the calendar, or lies before Last.fm began or
    /// after the data set was released.</summary>
    public const string ImpossibleTagDates = "impossibleTagDates";

    /// <summary>Counter of plays whose artist is not in artists.dat; they are kept.</summary>
    public const string PlaysOfUnknownArtists = "playsOfUnknownArtists";

    /// <summary>Counter of friend links whose friend does not name the user in return; they are kept.</summary>
    public const string FriendLinksNotMirrored = "friendLinksNotMirrored";

    private static readonly string[] FileNames =
        ["artists.dat", "tags.dat", "user_artists.dat", "user_taggedartists.dat", "user_friends.dat"];

    private static readonly DateOnly LastFmFounded = new(2002, 3, 20);
    private static readonly DateOnly DatasetReleased = new(2011, 6, 1);

    private readonly DirectoryInfo _directory;
    private readonly ImportTally _tally;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly long _totalBytes;
    private long _bytesOfEarlierFiles;

    private HetRecImporter(DirectoryInfo directory, BadLineBudget budget, IProgress<double>? progress, CancellationToken cancellation)
    {
        (_directory, _tally, _progress, _cancellation) = (directory, new ImportTally(budget), progress, cancellation);
        var missing = FileNames.Where(name => !File.Exists(Path.Combine(directory.FullName, name))).ToList();
        if (missing.Count > 0)
        {
            throw new ImportException($"{directory} is not the HetRec 2011 Last.fm data set: it lacks {string.Join(", ", missing)}.");
        }
        _totalBytes = FileNames.Sum(name => new FileInfo(Path.Combine(directory.FullName, name)).Length);
    }

    private delegate string? RowParser<T>(FieldSplitter row, out T value);

    /// <summary>Reads the whole data set into memory; the published one takes some 50 MB.</summary>
    /// <param name="progress">Receives the share of the bytes that are read, in [0, 1].</param>
    /// <exception cref="ImportException">A file is missing or has other columns, or there are more bad lines than allowed.</exception>
    public static HetRecDataset Read(
        DirectoryInfo directory, BadLineBudget budget, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return new HetRecImporter(directory, budget, progress, cancellation).Read();
    }

    private HetRecDataset Read()
    {
        var artists = Named("artists.dat", "id\tname\turl\tpictureURL", TextEncoding.Utf8, "artist");
        var tags = Named("tags.dat", "tagID\ttagValue", TextEncoding.Latin1, "tag");
        var plays = Rows<Interaction>("user_artists.dat", "userID\tartistID\tweight", TextEncoding.Utf8, ParsePlay);
        var assignments = Rows<TagAssignment>(
            "user_taggedartists.dat", "userID\tartistID\ttagID\tday\tmonth\tyear", TextEncoding.Utf8, ParseAssignment);
        var links = Rows<FriendLink>("user_friends.dat", "userID\tfriendID", TextEncoding.Utf8, ParseLink);

        CountOddities(artists.Select(row => row.Id).ToHashSet(), tags.Select(row => row.Id).ToHashSet(), plays, assignments, links);
        return new(
            artists.ConvertAll(row => new Artist(new(row.Id), row.Name)),
            tags.ConvertAll(row => new HetRecTag(row.Id, row.Name)),
            plays,
            assignments,
            links,
            _tally.Complete());
    }

    private List<(string Id, string Name)> Named(string file, string header, TextEncoding encoding, string what)
    {
        var ids = new HashSet<string>();
        return Rows<(string, string)>(file, header, encoding, Parse);

        string? Parse(FieldSplitter row, out (string, string) named)
        {
            named = default;
            if (FieldParser.Id(row[0], $"{what} id", out var id) is { } fault)
            {
                return fault;
            }
            if (row[1].IsWhiteSpace())
            {
                return $"the {what}'s name is empty";
            }
            named = (id, row[1].ToString());
            return ids.Add(id) ? null : $"the {what} id {FieldParser.Quote(id)} stands on an earlier line already";
        }
    }

    private List<T> Rows<T>(string file, string header, TextEncoding encoding, RowParser<T> parse)
    {
        var path = new FileInfo(Path.Combine(_directory.FullName, file));
        var source = new TextSource(file, path.OpenRead) { Encoding = encoding };
        using var lines = source.OpenLines(new Share(this), _cancellation);
        if (!_tally.Next(lines) || !lines.Text.SequenceEqual(header))
        {
            throw new ImportException($"{path} does not begin with the columns {header.Replace("\t", ", ", StringComparison.Ordinal)}.");
        }
        var columns = header.Count(unit => unit == '\t') + 1;
        var row = new FieldSplitter(FieldSeparator.Tab);
        var values = new List<T>();
        while (_tally.Next(lines))
        {
            row.Split(lines.Text);
            T value = default!;
            var fault = row.Count == columns ? parse(row, out value) : $"has {row.Count} fields instead of {columns}";
            if (fault is null)
            {
                _tally.Accept();
                values.Add(value);
            }
            else
            {
                _tally.Bad(file, lines.Line, fault);
            }
        }
        _bytesOfEarlierFiles += path.Length;
        return values;
    }

    private static string? ParsePlay(FieldSplitter row, out Interaction play)
    {
        var (artist, plays) = ("", 0d);
        var fault = FieldParser.Id(row[0], "user id", out var user)
            ?? FieldParser.Id(row[1], "artist id", out artist)
            ?? FieldParser.Value(row[2], out plays);
        play = fault is null ? new(user, artist, plays, null, InteractionAction.Listen) : default;
        return fault;
    }

    private string? ParseAssignment(FieldSplitter row, out TagAssignment assignment)
    {
        var (artist, tag) = ("", "");
        var fault = FieldParser.Id(row[0], "user id", out var user)
            ?? FieldParser.Id(row[1], "artist id", out artist)
            ?? FieldParser.Id(row[2], "tag id", out tag);
        var (day, month, year) = (0, 0, 0);
        if (fault is null && !(Number(row[3], out day) && Number(row[4], out month) && Number(row[5], out year)))
        {
            fault = $"the date {FieldParser.Quote($"{row[3]} {row[4]} {row[5]}")} is not a day, a month and a year in figures";
        }
        assignment = new(user, artist, tag, Date(day, month, year));
        if (fault is null && assignment.Date is null)
        {
            _tally.Count(ImpossibleTagDates);
        }
        return fault;

        static bool Number(ReadOnlySpan<char> text, out int number)
            => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    private static string? ParseLink(FieldSplitter row, out FriendLink link)
    {
        var friend = "";
        var fault = FieldParser.Id(row[0], "user id", out var user) ?? FieldParser.Id(row[1], "friend's id", out friend);
        link = new(user, friend);
        return fault;
    }

    private static DateOnly? Date(int day, int month, int year)
    {
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return null;
        }
        var date = new DateOnly(year, month, day);
        return date >= LastFmFounded && date <= DatasetReleased ? date : null;
    }

    private void CountOddities(
        HashSet<string> artists, HashSet<string> tags, List<Interaction> plays, List<TagAssignment> assignments, List<FriendLink> links)
    {
        var unknown = assignments.Select(assignment => assignment.Artist).Where(artist => !artists.Contains(artist)).ToList();
        var known = links.ToHashSet();
        _tally.Count("artists", artists.Count);
        _tally.Count("tags", tags.Count);
        _tally.Count("plays", plays.Count);
        _tally.Count("tagAssignments", assignments.Count);
        _tally.Count("friendLinks", links.Count);
        _tally.Count(TagAssignmentsOfUnknownArtists, unknown.Count);
        _tally.Count(UnknownArtistsTagged, unknown.Distinct().Count());
        _tally.Count(TagAssignmentsOfUnknownTags, assignments.Count(assignment => !tags.Contains(assignment.Tag)));
        _tally.Count(ImpossibleTagDates, 0);
        _tally.Count(PlaysOfUnknownArtists, plays.Count(play => !artists.Contains(play.Item)));
        _tally.Count(FriendLinksNotMirrored, links.Count(link => !known.Contains(new(link.Friend, link.User))));
    }

    /// <summary>Turns bytes of the current file into a share of all files.</summary>
    private sealed class Share(HetRecImporter importer) : IProgress<long>
    {
        public void Report(long value)
            => importer._progress?.Report((importer._bytesOfEarlierFiles + value) / (double)Math.Max(importer._totalBytes, 1));
    }
}
