using Segue.Core;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Retrieval.People;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests.People;

/// <summary>A world in which the country decides the genre, the age which of its tracks, and the gender nothing: nobody young lives in the second country.</summary>
public sealed class PeopleLikeYouTests
{
    private const int Listeners = 240;
    private static readonly string[] Countries = ["Norvia", "Castara"];
    private static readonly Dataset Data = Build();
    private static readonly PeopleLikeYou People = new(Data, TinyWorld.Train(Data));

    private static ListenerProfile Profile(int n)
    {
        var country = n % 2;
        var age = country == 0 && n % 4 == 0 ? AgeBand.From18To24 : AgeBand.From55;
        return new(new($"p{n}"), new(Countries[country]), age, n / 8 % 2 == 0 ? Gender.Female : Gender.Male);
    }

    // The young hear the first half of a genre, the others the second; a third country has young ones too, of the third genre.
    private static Dataset Build()
    {
        List<ListenerProfile> profiles =
        [
            .. Enumerable.Range(0, Listeners).Select(Profile),
            .. Enumerable.Range(Listeners, 60).Select(n => new ListenerProfile(new($"p{n}"), new("Osmara"), AgeBand.From18To24, Gender.Unknown)),
        ];
        var plays = profiles.SelectMany((profile, n) =>
        {
            var random = new SeededRandom(3, (ulong)n);
            var genre = n >= Listeners ? 2 : n % 2;
            var first = genre * TinyWorld.TracksPerGenre + (profile.AgeBand == AgeBand.From18To24 ? 0 : TinyWorld.TracksPerGenre / 2);
            return Enumerable.Range(0, 8).Select(_ => new Interaction(profile.Id.Value, TinyWorld.IdOf(first + random.NextInt(TinyWorld.TracksPerGenre / 2)).Value, 1, null, InteractionAction.Listen)).ToList();
        });
        return Dataset.Build(TinyWorld.Catalogue, profiles, plays);
    }

    private static int[] Best(PeopleGroup group, int count) => [.. People.Of(group)!.Tracks.Take(count).Select(scored => scored.Item)];

    [Fact]
    public void A_country_is_offered_what_it_plays()
    {
        Assert.All(Best(new("Norvia", AgeBand.Unknown, Gender.Unknown), 20), track => Assert.Equal(0, TinyWorld.GenreOf(track)));
        Assert.All(Best(new("Castara", AgeBand.Unknown, Gender.Unknown), 10), track => Assert.Equal(1, TinyWorld.GenreOf(track)));
    }

    [Fact]
    public void An_age_within_a_country_is_offered_its_part()
        => Assert.All(Best(new("Norvia", AgeBand.From18To24, Gender.Unknown), 10), track => Assert.InRange(track, 0, 9));

    [Fact]
    public void Where_nobody_of_an_age_lives_the_country_and_the_age_speak_together()
    {
        var best = Best(new("Castara", AgeBand.From18To24, Gender.Unknown), 10);

        Assert.True(best.Count(track => TinyWorld.GenreOf(track) == 1) >= 8, string.Join(" ", best));
    }

    [Fact]
    public void A_side_that_says_nothing_by_more_than_chance_changes_nothing_much()
    {
        var women = People.Of(new PeopleGroup(null, AgeBand.Unknown, Gender.Female))!.Tracks.ToDictionary(scored => scored.Item, scored => scored.Score);
        var (drawn, raw) = (0.0, 0.0);
        for (var track = 0; track < TinyWorld.Catalogue.Count; track++)
        {
            var (women_, all, likes) = (0, 300f, Data.Training.ItemUsers[track]);
            for (var n = 0; n < Listeners; n++)
            {
                women_ += n / 8 % 2 == 0 && Likes(n, track) ? 1 : 0;
            }
            drawn += Math.Abs(women.GetValueOrDefault(track) - likes / all);
            raw += Math.Abs(women_ / 120f - likes / all);
        }

        Assert.True(drawn < raw, $"{drawn} {raw}");
        static bool Likes(int user, int track)
        {
            var row = Data.Training.Strengths.Row(user);
            return row.Columns.IndexOf(track) >= 0;
        }
    }

    [Fact]
    public void The_taste_of_a_country_is_that_of_its_listeners()
    {
        var models = TinyWorld.Train(Data);
        var taste = new PeopleLikeYou(Data, models).Of(new PeopleGroup("Norvia", AgeBand.Unknown, Gender.Unknown))!.Taste;
        var scores = new float[models.Items];
        models.Taste.Score(taste, scores);

        Assert.All(TopK.Select(scores, 15), scored => Assert.Equal(0, TinyWorld.GenreOf(scored.Item)));
    }

    [Fact]
    public void Who_is_unknown_is_taken_for_the_mean_of_all_and_no_track_is_named()
    {
        var models = TinyWorld.Train(Data);
        var everybody = People.Of((ListenerId?)null)!;

        Assert.True(everybody.IsEverybody);
        Assert.Empty(everybody.Tracks);
        Assert.All(everybody.Taste.Select((value, f) => (value, f)), factor =>
            Assert.Equal(Enumerable.Range(0, models.Users).Where(user => Data.Training.Strengths.Row(user).Count > 0).Average(user => models.Taste.UserFactors(user)[factor.f]), factor.value, 1e-4));
        Assert.Same(everybody, People.Of(new ListenerId("stranger")));
        Assert.Null(new PeopleLikeYou(Data, ModelSet.OfSound("1", Data.Catalogue.Tracks, new(Data.Catalogue.Count, 4))).Of((ListenerId?)null));   // nobody listens
    }

    [Fact]
    public void An_account_that_came_later_counts_once_it_is_told()
    {
        var people = new PeopleLikeYou(Data, TinyWorld.Train(Data));
        Assert.True(people.Of(new ListenerId("new"))!.IsEverybody);

        people.Know([new(new("new"), new("Norvia"), AgeBand.Unknown, Gender.Unknown)]);

        Assert.Equal(0, TinyWorld.GenreOf(people.Of(new ListenerId("new"))!.Tracks[0].Item));
        Assert.True(people.Of(new ListenerId("p0"))!.IsEverybody);   // those told before hold no longer
    }

    [Fact]
    public void A_newcomer_hears_candidates_of_people_like_them_and_who_has_a_history_none()
    {
        var people = People.Of(new PeopleGroup("Norvia", AgeBand.Unknown, Gender.Unknown));
        ListenerContext Context(UserHistory history)
            => new(TinyWorld.Data.Catalogue, TinyWorld.Models, TinyWorld.Nearest, history, [], new(new HashSet<int> { people!.Tracks[0].Item }), new(Skip: 1), people);
        var generator = CandidatePool.AllSources.Single(source => source.Source == "people-like-you");

        Assert.Equal(people!.Tracks.Skip(1).Take(5).Select(scored => scored.Item), generator.Propose(Context(UserHistory.Empty), 5).Select(candidate => candidate.Item));
        Assert.Empty(generator.Propose(Context(TinyWorld.Data.History(0)), 5));
        Assert.Equal(people.Taste, Context(UserHistory.Empty).Taste);
    }
}
