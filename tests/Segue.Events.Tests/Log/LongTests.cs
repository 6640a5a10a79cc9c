namespace Segue.Events.Tests.Log;

/// <summary>Tests that take minutes run when SEGUE_LONG_TESTS is 1.</summary>
internal static class LongTests
{
    public static bool AreWanted => Environment.GetEnvironmentVariable("SEGUE_LONG_TESTS") == "1";

    public static void Require() => Assert.SkipUnless(AreWanted, "Takes minutes: set SEGUE_LONG_TESTS=1.");
}
