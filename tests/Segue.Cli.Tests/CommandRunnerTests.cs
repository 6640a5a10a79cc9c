using Segue.Events.Importing;
using Segue.Events.Storage;

namespace Segue.Cli.Tests;

public sealed class CommandRunnerTests
{
    public static TheoryData<Exception, string> Mendable => new()
    {
        { new ImportException("plays.csv has no column user."), "segue: plays.csv has no column user." },
        { new StoreException("There is no store at /x."), "segue: There is no store at /x." },
        { new FormatException("'x' is no budget."), "segue: 'x' is no budget." },
        { new FileNotFoundException("Could not find file '/x'."), "segue: Could not find file '/x'." },
        { new UnauthorizedAccessException("Access is denied."), "segue: Access is denied." },
        { new ArgumentException("The separator is not known.", "named"), "segue: The separator is not known." },
    };

    [Theory]
    [MemberData(nameof(Mendable))]
    public async Task Failure_that_a_user_can_mend_is_one_line_and_exit_code_2(Exception failure, string message)
    {
        var error = new StringWriter();

        Assert.Equal(2, await CommandRunner.RunAsync(() => throw failure, error));
        Assert.Equal(message + Environment.NewLine, error.ToString());
    }

    [Fact]
    public async Task Cancelled_work_has_the_exit_code_of_an_interrupt()
        => Assert.Equal(130, await CommandRunner.RunAsync(() => throw new OperationCanceledException(), TextWriter.Null));

    [Fact]
    public async Task Exit_code_of_the_work_is_passed_on()
        => Assert.Equal(7, await CommandRunner.RunAsync(() => Task.FromResult(7), TextWriter.Null));

    [Fact]
    public async Task Bug_keeps_its_stack_trace()
        => await Assert.ThrowsAsync<InvalidOperationException>(
            () => CommandRunner.RunAsync(() => throw new InvalidOperationException(), TextWriter.Null));

    [Fact]
    public void Progress_hands_back_what_the_work_returns()
        => Assert.Equal("done", ConsoleProgress.Run("Working [1/2]", progress =>
        {
            progress.Report(0.5);
            return "done";
        }));
}
