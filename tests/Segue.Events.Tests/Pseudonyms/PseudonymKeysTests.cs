using Segue.Core;
using Segue.Events.Accounts;
using Segue.Events.Pseudonyms;
using Segue.Events.Relational;
using Segue.Events.Storage;

namespace Segue.Events.Tests.Pseudonyms;

public sealed class PseudonymKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Keys => _folder["keys.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void First_start_makes_a_key_and_the_next_ones_find_it()
    {
        var first = PseudonymKeys.LoadOrCreate(Keys);
        var second = PseudonymKeys.LoadOrCreate(Keys);

        Assert.Equal(1, first.Generation);
        Assert.Equal(first.CreatePseudonymizer().Of("7"), second.CreatePseudonymizer().Of("7"));
        Assert.Equal(["keys.json"], _folder.Listing());
    }

    [Fact]
    public async Task Starts_at_the_same_time_get_the_same_key()
    {
        var pseudonyms = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => PseudonymKeys.LoadOrCreate(Keys).CreatePseudonymizer().Of("7"))));

        Assert.Single(pseudonyms.Distinct());
        Assert.Equal(["keys.json"], _folder.Listing());
    }

    [Fact]
    public void File_is_the_owners_alone_and_one_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no Unix permissions.");
            return;
        }
        PseudonymKeys.LoadOrCreate(Keys);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Keys));
        using (var rotation = PseudonymKeys.BeginRotation(Keys))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Keys));
            rotation.Complete();
        }
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Keys));

        File.SetUnixFileMode(Keys, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Contains("chmod 600", Assert.Throws<StoreException>(() => PseudonymKeys.LoadOrCreate(Keys)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"version":1,"keys":[],"pending":null}""")]
    [InlineData("""{"version":1,"keys":["c2hvcnQ="],"pending":null}""")]
    [InlineData("""{"version":1,"keys":[null],"pending":null}""")]
    [InlineData("""{"version":1,"keys":["c2VjcmV0IQ"],"pending":null}""")]
    [InlineData("""{"version":2,"keys":["c2VjcmV0IQ=="],"pending":null}""")]
    public void Damaged_file_is_refused_without_a_word_of_it(string content)
    {
        PseudonymKeys.LoadOrCreate(Keys);
        File.WriteAllText(Keys, content);

        var refused = Assert.Throws<StoreException>(() => PseudonymKeys.LoadOrCreate(Keys));

        Assert.Null(refused.InnerException);
        Assert.DoesNotContain("c2", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(Keys));
    }

    [Fact]
    public void Rotation_leads_to_what_the_new_chain_makes_of_the_account()
    {
        var before = PseudonymKeys.LoadOrCreate(Keys).CreatePseudonymizer();
        string mapped, kept;
        using (var rotation = PseudonymKeys.BeginRotation(Keys, id => id.StartsWith("user_", StringComparison.Ordinal)))
        {
            (mapped, kept) = (rotation.Map(before.Of("7").Value), rotation.Map("user_1"));
            rotation.Complete();
        }

        var after = PseudonymKeys.Load(Keys);

        Assert.Equal(2, after.Generation);
        Assert.Equal(mapped, after.CreatePseudonymizer().Of("7").Value);
        Assert.NotEqual(mapped, before.Of("7").Value);
        Assert.Equal("user_1", kept);
    }

    [Fact]
    public void Pending_rotation_is_taken_up_again_and_nothing_is_pseudonymized_meanwhile()
    {
        PseudonymKeys.LoadOrCreate(Keys);
        string first;
        using (var broken = PseudonymKeys.BeginRotation(Keys))
        {
            Assert.Throws<StoreException>(() => PseudonymKeys.BeginRotation(Keys));   // one at a time
            first = broken.Map("p");
        }

        Assert.True(PseudonymKeys.Load(Keys).RotationPending);
        Assert.Throws<StoreException>(() => PseudonymKeys.Load(Keys).CreatePseudonymizer());
        using var again = PseudonymKeys.BeginRotation(Keys);
        Assert.Equal(first, again.Map("p"));
        Assert.Equal(2, again.Generation);
    }

    /// <summary>A crash is an end without <c>Complete</c>, before or after the stores were mapped.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Crash_at_any_step_of_a_rotation_is_recovered_by_doing_it_again(bool storeWasMapped)
    {
        var old = PseudonymKeys.LoadOrCreate(Keys).CreatePseudonymizer();
        using var store = RelationalStore.OpenFile(_folder["accounts.db"]);
        var accounts = new AccountStore(store);
        accounts.Upsert(Enumerable.Range(0, 50).Select(i => new Account(new(old.Of($"{i}"), null, AgeBand.Unknown, Gender.Unknown))), generation: 1);
        using (var crashed = PseudonymKeys.BeginRotation(Keys))
        {
            if (storeWasMapped)
            {
                accounts.Rekey(crashed.Generation, crashed.Map);
            }
        }

        using (var rotation = PseudonymKeys.BeginRotation(Keys))
        {
            Assert.Equal(storeWasMapped ? 0 : 50, accounts.Rekey(rotation.Generation, rotation.Map));
            rotation.Complete();
        }

        var now = PseudonymKeys.Load(Keys);
        Assert.All(Enumerable.Range(0, 50), i => Assert.NotNull(accounts.Find(now.CreatePseudonymizer().Of($"{i}"))));
        accounts.Upsert([new(new(now.CreatePseudonymizer().Of("50"), null, AgeBand.Unknown, Gender.Unknown))], now.Generation);
        Assert.Equal(51, accounts.Count());
    }
}
