using System.Globalization;
using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>Readable names for invented artists, tracks and sounds. Any likeness to a living artist is chance.</summary>
internal static class LabNames
{
    private static readonly string[] Onsets =
        ["b", "br", "c", "d", "dr", "f", "g", "gl", "h", "j", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w", "y", "z"];

    private static readonly string[] Vowels = ["a", "e", "i", "o", "u", "ai", "ea", "ia", "o", "ou"];
    private static readonly string[] Codas = ["", "", "", "l", "n", "r", "s", "th", "m", "nd"];

    private static readonly string[] Adjectives =
    [
        "Silent", "Golden", "Broken", "Velvet", "Northern", "Distant", "Paper", "Electric", "Hollow", "Crimson", "Gentle", "Wild",
        "Faded", "Burning", "Quiet", "Little", "Second", "Restless", "Salt", "Midnight",
    ];

    private static readonly string[] Nouns =
    [
        "River", "Garden", "Mirror", "Engine", "Harbor", "Letter", "Summer", "Shadow", "Window", "Ember", "Station", "Orchard",
        "Signal", "Winter", "Lantern", "Ocean", "Machine", "Anchor", "Road", "Sparrow", "Thunder", "Canyon", "Carnival", "Tide",
    ];

    private static readonly string[] Verbs =
        ["Follow", "Remember", "Chasing", "Under", "Beyond", "Waiting for", "Lost in", "Breaking", "Dancing with", "Leaving"];

    /// <summary>A pair of words for each style dimension: its negative and its positive end.</summary>
    private static readonly (string Negative, string Positive)[] Sounds =
    [
        ("mellow", "energetic"), ("acoustic", "electronic"), ("instrumental", "vocal"), ("dark", "bright"), ("slow", "fast"),
        ("raw", "polished"), ("minimal", "lush"), ("sad", "happy"), ("dreamy", "driving"), ("warm", "cold"), ("simple", "complex"),
        ("soft", "loud"), ("rural", "urban"), ("intimate", "anthemic"), ("retro", "modern"), ("steady", "syncopated"),
    ];

    public static string Artist(ref SeededRandom random) => random.NextInt(4) switch
    {
        0 => $"The {Pick(Adjectives, ref random)} {Pick(Nouns, ref random)}s",
        1 => $"{Word(2, ref random)} {Pick(Nouns, ref random)}",
        2 => $"{Word(2, ref random)} {Word(2, ref random)}",
        _ => Word(3, ref random),
    };

    public static string Title(ref SeededRandom random) => random.NextInt(4) switch
    {
        0 => $"{Pick(Adjectives, ref random)} {Pick(Nouns, ref random)}",
        1 => $"{Pick(Verbs, ref random)} the {Pick(Nouns, ref random)}",
        2 => $"{Pick(Nouns, ref random)} of {Word(2, ref random)}",
        _ => $"{Pick(Adjectives, ref random)} {Pick(Nouns, ref random)} {Word(1, ref random)}",
    };

    /// <summary>The words for the two dimensions in which a style is most pronounced, strongest first, then its decade ("1990s").</summary>
    public static string[] Tags(ReadOnlySpan<float> style, int releaseYear)
    {
        int first = -1, second = -1;
        for (var i = 0; i < style.Length; i++)
        {
            if (first < 0 || Math.Abs(style[i]) > Math.Abs(style[first]))
            {
                (first, second) = (i, first);
            }
            else if (second < 0 || Math.Abs(style[i]) > Math.Abs(style[second]))
            {
                second = i;
            }
        }
        return [Sound(first, style[first]), Sound(second, style[second]), $"{releaseYear / 10 * 10}s"];
    }

    private static string Sound(int dimension, float value) => value < 0 ? Sounds[dimension].Negative : Sounds[dimension].Positive;

    private static string Pick(string[] words, ref SeededRandom random) => words[random.NextInt(words.Length)];

    private static string Word(int syllables, ref SeededRandom random)
    {
        var word = "";
        for (var i = 0; i < syllables; i++)
        {
            word += Pick(Onsets, ref random) + Pick(Vowels, ref random) + (i == syllables - 1 ? Pick(Codas, ref random) : "");
        }
        return CultureInfo.InvariantCulture.TextInfo.ToTitleCase(word);
    }
}
