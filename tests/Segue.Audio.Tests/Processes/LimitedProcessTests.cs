using System.Text;
using Segue.Audio.Processes;

namespace Segue.Audio.Tests.Processes;

public class LimitedProcessTests
{
    private static readonly ProcessLimits Generous = new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10), 200 << 20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static LimitedProcess Shell(string script, ProcessLimits? limits = null, CancellationToken? cancellation = null, bool withInput = false)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        return LimitedProcess.Start(ProgramPath.Require("sh", "to test"), ["-c", script], limits ?? Generous, cancellation ?? Cancellation, withInput);
    }

    private static string ReadAll(LimitedProcess process) => new StreamReader(process.Output).ReadToEnd();

    [Fact]
    public void Output_exit_code_and_last_words_are_told()
    {
        using var process = Shell("echo sound; echo complaint >&2; exit 3");

        Assert.Equal("sound\n", ReadAll(process));
        Assert.Equal((ProcessEnd.Exited, 3), process.WaitForEnd());
        Assert.Equal("complaint", process.Errors);
    }

    [Fact]
    public void Arguments_reach_the_program_as_they_are()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no printf.");
        using var process = LimitedProcess.Start(ProgramPath.Require("printf", "to test"), ["%s|", "a b", "$HOME", "-x;y", "\"'"], Generous, Cancellation);

        Assert.Equal("a b|$HOME|-x;y|\"'|", ReadAll(process));
    }

    [Fact]
    public void Input_is_at_its_end_at_once_unless_asked_for()
    {
        using var without = Shell("cat; echo end");
        using var with = Shell("read line; echo \"$line\"", withInput: true);

        with.Input.Write("hello\n"u8);
        with.Input.Flush();

        Assert.Equal("end\n", ReadAll(without));
        Assert.Equal("hello\n", ReadAll(with));
    }

    [Fact]
    public void Secrets_of_the_environment_do_not_reach_it()
    {
        Environment.SetEnvironmentVariable("SEGUE_TEST_SECRET", "hidden");
        using var process = Shell("echo \"[$SEGUE_TEST_SECRET]\"");

        Assert.Equal("[]\n", ReadAll(process));
    }

    [Fact]
    public void Endless_complaints_neither_block_nor_pile_up()
    {
        using var process = Shell("i=0; while [ $i -lt 3000 ]; do echo \"complaint number $i of a long list\" >&2; i=$((i+1)); done; echo done");

        Assert.Equal("done\n", ReadAll(process));
        process.WaitForEnd();
        Assert.EndsWith("complaint number 2999 of a long list", process.Errors, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(process.Errors), 8000, 8192);
    }

    [Fact]
    public void Sleeper_is_killed_after_its_time()
    {
        using var process = Shell("sleep 1000", Generous with { Wall = TimeSpan.FromSeconds(0.3) });

        Assert.Equal("", ReadAll(process));
        Assert.Equal(ProcessEnd.TimeLimit, process.WaitForEnd().End);
    }

    [Fact]
    public void Spinner_is_killed_after_its_processor_time()
    {
        using var process = Shell("while :; do :; done", Generous with { Cpu = TimeSpan.FromSeconds(0.3) });

        ReadAll(process);

        Assert.Equal(ProcessEnd.CpuLimit, process.WaitForEnd().End);
    }

    [Fact]
    public void Hoarder_of_memory_gets_no_more_than_its_limit()
    {
        using var process = Shell("x=0123456789; while :; do x=$x$x; done", Generous with { Memory = 64 << 20 });

        ReadAll(process);
        var (end, code) = process.WaitForEnd();

        Assert.True(end == ProcessEnd.MemoryLimit || (end == ProcessEnd.Exited && code != 0), $"{end}, exit code {code}");
        Assert.InRange(process.PeakMemory, 0, 3 * (64L << 20));
    }

    [Fact]
    public void Endless_output_ends_when_it_is_no_longer_wanted()
    {
        using var process = LimitedProcess.Start(ProgramPath.Require("yes", "to test"), [], Generous, Cancellation);
        var buffer = new byte[100_000];
        process.Output.ReadExactly(buffer);

        process.Kill();

        Assert.Equal(ProcessEnd.Stopped, process.WaitForEnd().End);
    }

    [Fact]
    public void Cancelling_kills_and_is_told()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var process = Shell("echo ready; sleep 1000", cancellation: cancellation.Token);
        Assert.Equal('r', process.Output.ReadByte());

        cancellation.Cancel();

        ReadAll(process);
        Assert.Throws<OperationCanceledException>(() => process.WaitForEnd());
    }

    [Fact]
    public void What_it_started_is_killed_with_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && ProgramPath.Find("setsid") is not null, "Groups of processes need setsid.");
        using var process = Shell("sleep 1000 & echo started; exit 0");

        process.WaitForEnd();

        Assert.Equal("started\n", ReadAll(process));   // the sleeper held the pipe: its end is the sleeper's
    }

    [Fact]
    public void Missing_program_is_named()
    {
        Assert.Null(ProgramPath.Find("segue-no-such-program"));
        var failure = Assert.Throws<ProgramMissingException>(() => ProgramPath.Require("segue-no-such-program", "to decode AAC"));
        Assert.Equal("The program 'segue-no-such-program' is needed to decode AAC, and is in no folder of the PATH.", failure.Message);
    }
}
