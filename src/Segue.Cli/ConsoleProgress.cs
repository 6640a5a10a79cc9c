using Spectre.Console;

namespace Segue.Cli;

/// <summary>Shows how far a long piece of work is: a bar on standard error where that is a terminal, else nothing.</summary>
internal static class ConsoleProgress
{
    /// <summary>Runs <paramref name="work"/>, which reports the share that is done, in [0, 1], from any thread.</summary>
    public static void Run(string title, Action<IProgress<double>> work)
        => Run(title, progress =>
        {
            work(progress);
            return true;
        });

    /// <inheritdoc cref="Run(string, Action{IProgress{double}})"/>
    public static async Task<T> RunAsync<T>(string title, Func<IProgress<double>, Task<T>> work)
    {
        if (Console.IsErrorRedirected)
        {
            return await work(new Silence());
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(bars => work(new Bar(bars.AddTask(Markup.Escape(title), maxValue: 1))));
    }

    /// <inheritdoc cref="Run(string, Action{IProgress{double}})"/>
    /// <returns>What <paramref name="work"/> returns.</returns>
    public static T Run<T>(string title, Func<IProgress<double>, T> work)
    {
        if (Console.IsErrorRedirected)
        {
            return work(new Silence());
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(bars => work(new Bar(bars.AddTask(Markup.Escape(title), maxValue: 1))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = Math.Clamp(value, 0, 1);
    }

    private sealed class Silence : IProgress<double>
    {
        public void Report(double value)
        {
        }
    }
}
