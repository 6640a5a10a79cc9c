using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Segue.Cli.Commands;

namespace Segue.Cli.Tests.Commands;

public sealed class DemoCommandTests
{
    [Fact]
    public async Task Demo_learns_evaluates_four_models_answers_one_radio_over_http_and_ends()
    {
        var (code, output, errors) = await Run(
            "--listeners", "200", "--tracks", "300", "--days", "10", "--urls", "http://127.0.0.1:0", "--once");

        Assert.True(code == 0, errors);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["model", "random", "popular", "als", "cooccurrence"], lines.Skip(1).Take(5).Select(line => line.Split(' ')[0]));
        Assert.Contains("first answer came after", errors, StringComparison.Ordinal);
        var answer = JsonSerializer.Deserialize<JsonElement>(lines[^1]);
        Assert.Equal(5, answer.GetProperty("tracks").GetArrayLength());
    }

    [Fact]
    public async Task A_port_in_use_is_told_at_once_with_exit_code_2()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var (code, _, errors) = await Run("--urls", $"http://{taken.LocalEndpoint}", "--once");

        Assert.Equal(2, code);
        Assert.Contains("address already in use", errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("--urls", "nonsense")]
    [InlineData("--tracks", "3")]
    [InlineData("--days", "0")]
    public async Task A_value_that_cannot_be_is_told_in_one_line_with_exit_code_2(string option, string value)
    {
        var (code, _, errors) = await Run(option, value, "--once");

        Assert.Equal(2, code);
        Assert.Contains(value, errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task<(int Code, string Output, string Errors)> Run(params string[] args)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await DemoCommand.Create().Parse(args).InvokeAsync(
            new() { Output = output, Error = errors }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), errors.ToString());
    }
}
