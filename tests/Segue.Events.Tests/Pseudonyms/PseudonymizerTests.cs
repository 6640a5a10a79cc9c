using System.Security.Cryptography;
using System.Text;
using Segue.Core;
using Segue.Events.Pseudonyms;

namespace Segue.Events.Tests.Pseudonyms;

public sealed class PseudonymizerTests
{
    private static readonly byte[] First = [.. Enumerable.Range(0, 32).Select(n => (byte)n)], Second = new byte[32];

    [Theory]
    [InlineData("u1")]
    [InlineData("550e8400-e29b-41d4-a716-446655440000")]
    [InlineData("an account id that is longer than what is remembered of one")]
    [InlineData("Zoë")]
    public void A_pseudonym_is_the_chain_of_keyed_hashes_remembered_or_not(string account)
    {
        var pseudonyms = new Pseudonymizer([First, Second]);
        var link = Hex(HMACSHA256.HashData(First, Encoding.UTF8.GetBytes(account)));
        var expected = new KnownListener(
            new(Hex(HMACSHA256.HashData(Second, Encoding.UTF8.GetBytes(link)))), Hex(SHA256.HashData(Encoding.UTF8.GetBytes($"events of {link}"))));

        Assert.Equal(expected, pseudonyms.Know(account));
        Assert.Equal(expected, pseudonyms.Know(account));
        Assert.Equal(expected.Id.Value, Pseudonymizer.Apply(Pseudonymizer.Apply(account, First), Second));
    }

    [Fact]
    public void What_few_places_remember_is_never_anothers_answer()
    {
        var (few, many) = (new Pseudonymizer([First], remembered: 4), new Pseudonymizer([First]));
        var expected = Enumerable.Range(0, 300).Select(n => many.Know($"l{n}")).ToArray();

        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, n => Assert.Equal(expected[n % 300], few.Know($"l{n % 300}")));
    }

    [Fact]
    public void A_sealed_scope_is_opened_by_the_same_keys_also_after_a_rotation_and_tells_nothing_of_the_listener()
    {
        var (before, after) = (new Pseudonymizer([First]), new Pseudonymizer([First, Second]));
        var (ann, one, other) = (before.Know("ann"), Guid.NewGuid(), Guid.NewGuid());

        var seal = before.Seal(ann, one);

        Assert.Equal(ann, before.Unseal(ann.Id, seal, one));
        Assert.Equal(after.Know("ann"), after.Unseal(after.Know("ann").Id, seal, one));
        Assert.NotEqual(ann.Scope, before.Unseal(ann.Id, seal, other).Scope);
        Assert.NotEqual(seal, before.Seal(ann, other));
        Assert.DoesNotContain(ann.Scope, seal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_listener_of_an_imported_data_set_needs_no_seal()
    {
        var pseudonyms = new Pseudonymizer([First], id => id == "listener-1");
        var listener = pseudonyms.Know("listener-1");

        Assert.Null(pseudonyms.Seal(listener, Guid.NewGuid()));
        Assert.Equal(listener, pseudonyms.Unseal(listener.Id, null, Guid.NewGuid()));
    }

    [Fact]
    public void A_forgotten_id_is_not_remembered()
    {
        var pseudonyms = new Pseudonymizer([First]);
        pseudonyms.Know("u1");
        Assert.True(pseudonyms.TryRemember("u1"u8, out _));

        pseudonyms.Forget("u1");

        Assert.False(pseudonyms.TryRemember("u1"u8, out _));
    }

    [Fact]
    public void Ids_of_a_data_set_are_kept_as_they_are()
        => Assert.Equal<KnownListener>(new ListenerId("user_7"), new Pseudonymizer([First], id => id == "user_7").Know("user_7"));

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash.AsSpan(0, 16));
}
