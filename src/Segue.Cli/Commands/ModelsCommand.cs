using System.CommandLine;
using System.Globalization;
using Segue.Models;

namespace Segue.Cli.Commands;

/// <summary><c>segue models</c>: the kinds of model and what each may be set to.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var command = new Command("models", "List the kinds of model and their settings.");
        command.RunsAs((line, _) =>
        {
            var output = line.InvocationConfiguration.Output;
            foreach (var kind in ModelKinds.All)
            {
                output.WriteLine($"{kind.Name}: {kind.Summary}");
                foreach (var setting in kind.Settings)
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"  {setting.Name,-16} {setting.Default,-6} [{setting.Min} .. {setting.Max}]  {setting.Help}"));
                }
            }
            return 0;
        });
        return command;
    }
}
