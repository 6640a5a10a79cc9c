using System.CommandLine;
using Segue.Audio.Networks;
using Segue.Server.Music;

namespace Segue.Cli;

/// <summary>Options of the networks that tell from a track's sound who will like it.</summary>
internal sealed class NetworkOptions
{
    private static readonly IReadOnlyList<(string Name, FactorObjective Objective)> Losses =
        [.. FactorObjective.All.Select(objective => (objective.Name.Replace(' ', '-').ToLowerInvariant(), objective))];

    private readonly Option<NetworkUse> _use = new("--network")
    {
        Description = $"Train networks that tell factors from spectra, for tracks that few have heard: auto from {ColdNetworkOptions.FromTracks:N0} heard tracks with spectra on, always, never.",
        DefaultValueFactory = _ => NetworkUse.Auto,
    };

    private readonly Option<int?> _steps = new("--network-steps") { Description = "Steps of each network. Default: eight crops of each track, at least 2000 steps; a quarter where it goes on." };
    private readonly Option<int> _memory = new("--network-memory") { Description = "MiB of spectra that networks learn from at most.", DefaultValueFactory = _ => 1024 };
    private readonly Option<string> _loss = new("--network-loss") { Description = $"What networks minimize: {string.Join(", ", Losses.Select(loss => loss.Name))}.", DefaultValueFactory = _ => "cosine" };
    private readonly Option<int> _again = new("--network-hears")
    {
        Description = "Files of unheard tracks, the newest first, that are listened to again for a network where their spectra were not kept: 0.2 s each, in every training.",
        DefaultValueFactory = _ => 1000,
    };

    public void AddTo(Command command)
    {
        _loss.AcceptOnlyFromAmong([.. Losses.Select(loss => loss.Name)]);
        foreach (var option in (Option[])[_use, _steps, _memory, _loss, _again])
        {
            command.Add(option);
        }
    }

    /// <summary>The options, without what listens to files.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public ColdNetworkOptions Read(ParseResult line) => new()
    {
        Use = line.GetValue(_use),
        Steps = line.GetValue(_steps) is { } steps ? Require(steps, 1, 1_000_000, _steps) : null,
        MemoryBytes = (long)Require(line.GetValue(_memory), 1, 1 << 20, _memory) << 20,
        Objective = Losses.First(loss => loss.Name == line.GetValue(_loss)).Objective,
        HeardAgain = Require(line.GetValue(_again), 0, 1_000_000_000, _again),
    };

    private static int Require(int value, int least, int most, Option option)
        => value >= least && value <= most ? value : throw new ArgumentException($"{option.Name} is {value}; allowed are {least} to {most}.");
}
