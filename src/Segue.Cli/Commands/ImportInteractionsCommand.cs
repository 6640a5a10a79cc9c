using System.CommandLine;
using Segue.Core;
using Segue.Events.Importing;

namespace Segue.Cli.Commands;

/// <summary><c>segue import interactions FILE</c>: one file of users, items and perhaps values, times and actions.</summary>
/// <remarks>Sequences become listens of value 1 without a time; the store keeps the order of the rows, and with it that of time.</remarks>
internal sealed class ImportInteractionsCommand
{
    private static readonly string[] Formats = ["csv", "tsv", "text", "jsonl", "adjacency", "sequences"];

    private readonly Argument<FileInfo> _file = new("FILE") { Description = "The file to import." };
    private readonly Option<string> _format = new("--format")
    {
        Description = "csv, tsv, or text with a --separator: rows of columns. jsonl: one JSON object a line. "
            + "adjacency or sequences: lines of a user and items; sequences in time order, with repetitions.",
        Required = true,
    };

    private readonly Option<string?> _separator = new("--separator")
    {
        Description = "What separates columns of text: tab, comma, '::' or whitespace (runs of it; the default).",
    };

    private readonly Option<bool> _noHeader = new("--no-header") { Description = "The first line holds data; columns are named 1, 2, 3." };
    private readonly Option<string?> _user = new("--user") { Description = "The users' column. Default: user, or 1 without header." };
    private readonly Option<string?> _item = new("--item") { Description = "The items' column. Default: item, or 2 without header." };
    private readonly Option<string?> _value = new("--value")
    {
        Description = "The column of counts or strengths. Default: value if there is one, else all are 1.",
    };

    private readonly Option<string?> _time = new("--time") { Description = "The times' column. Default: time if there is one." };
    private readonly Option<string?> _action = new("--action")
    {
        Description = "The actions' column. Default: action if there is one, else all are listens.",
    };

    private readonly Option<string?> _playlist = new("--playlist") { Description = "The column that names the playlist of an add (action PlaylistAdd). Default: none." };
    private readonly Option<string?> _timeFormat = new("--time-format") { Description = "unix (seconds, the default), unix-ms or iso." };
    private readonly Option<bool> _latin1 = new("--latin1") { Description = "The file is Latin-1 instead of UTF-8." };
    private readonly ImportCommand.TargetOptions _target = new();

    private ImportInteractionsCommand()
    {
        _format.AcceptOnlyFromAmong(Formats);
        _timeFormat.AcceptOnlyFromAmong("unix", "unix-ms", "iso");
    }

    private delegate IEnumerable<Interaction> Reader(ImportTally tally, IProgress<long> bytesRead);

    public static Command Create()
    {
        var options = new ImportInteractionsCommand();
        var command = new Command("interactions", "Import a file of interactions.")
        {
            options._file, options._format, options._separator, options._noHeader, options._user, options._item, options._value,
            options._time, options._action, options._playlist, options._timeFormat, options._latin1,
        };
        options._target.AddTo(command);
        command.RunsAs(options.Run);
        return command;
    }

    private int Run(ParseResult line, CancellationToken cancel)
    {
        var file = line.GetRequiredValue(_file);
        var read = SelectReader(line, file, cancel);
        return _target.Import(line, $"{line.GetRequiredValue(_format)} file {file.Name}", (writer, budget, progress) =>
        {
            var tally = new ImportTally(budget);
            foreach (var interaction in read(tally, new ShareOf(file.Length, progress)))
            {
                writer.Add(interaction);
            }
            return tally.Complete();
        });
    }

    /// <exception cref="ArgumentException">An option has no meaning with the format.</exception>
    private Reader SelectReader(ParseResult line, FileInfo file, CancellationToken cancel)
    {
        var format = line.GetRequiredValue(_format);
        var source = TextSource.File(file) with { Encoding = line.GetValue(_latin1) ? TextEncoding.Latin1 : TextEncoding.Utf8 };
        RequireMeaning(line, format);
        switch (format)
        {
            case "adjacency":
                return (tally, bytes) => SequenceReader.ReadAdjacency(source, tally, bytes, cancel);
            case "sequences":
                return (tally, bytes) => SequenceReader.ReadSequences(source, tally, bytes, cancel).SelectMany(
                    sequence => sequence.Items,
                    (sequence, item) => new Interaction(sequence.User, item, 1, null, InteractionAction.Listen));
            case "jsonl":
                return (tally, bytes) => JsonLinesReader.Read(source, Fields(line, hasHeader: true), tally, bytes, cancel);
            default:
                var hasHeader = !line.GetValue(_noHeader);
                var options = new DelimitedOptions
                {
                    Separator = Separator(format, line.GetValue(_separator)),
                    HasHeader = hasHeader,
                    Fields = Fields(line, hasHeader),
                };
                return (tally, bytes) => DelimitedReader.Read(source, options, tally, bytes, cancel);
        }
    }

    // An option that is silently ignored would let a user believe that it did something.
    private void RequireMeaning(ParseResult line, string format)
    {
        Option[] ofFields = [_user, _item, _value, _time, _action, _playlist, _timeFormat];
        Option[] meaningless = format switch
        {
            "adjacency" or "sequences" => [_separator, _noHeader, .. ofFields],
            "jsonl" => [_separator, _noHeader, _latin1],
            "text" => [],
            _ => [_separator],
        };
        if (meaningless.FirstOrDefault(option => line.GetResult(option) is { Implicit: false }) is { } found)
        {
            throw new ArgumentException($"{found.Name} has no meaning with --format {format}.", nameof(line));
        }
    }

    private InteractionFields Fields(ParseResult line, bool hasHeader) => new()
    {
        User = line.GetValue(_user) ?? (hasHeader ? "user" : "1"),
        Item = line.GetValue(_item) ?? (hasHeader ? "item" : "2"),
        Value = line.GetValue(_value),
        Time = line.GetValue(_time),
        Action = line.GetValue(_action),
        Playlist = line.GetValue(_playlist),
        TimeFormat = line.GetValue(_timeFormat) switch
        {
            "iso" => TimeFormat.Iso8601,
            "unix-ms" => TimeFormat.UnixMilliseconds,
            _ => TimeFormat.UnixSeconds,
        },
    };

    private static FieldSeparator Separator(string format, string? named) => (format, named) switch
    {
        ("csv", _) or (_, "comma" or ",") => FieldSeparator.Comma,
        ("tsv", _) or (_, "tab" or "\t" or "\\t") => FieldSeparator.Tab,
        (_, "::") => FieldSeparator.DoubleColon,
        (_, null or "whitespace" or " ") => FieldSeparator.Whitespace,
        _ => throw new ArgumentException(
            $"The separator '{named}' is not known; known are tab, comma, '::' and whitespace.", nameof(named)),
    };
}
