using System.Text;
using Segue.Events.DeadLetters;

namespace Segue.Events.Tests.DeadLetters;

public sealed class NamedListenerTests
{
    [Theory]
    [InlineData("""{"type":"dance","listener":"anna"}""", "anna")]
    [InlineData("""{"listener":"\u0061nna","at":"yesterday"}""", "anna")]
    [InlineData("""{"listener":52}""", "52")]
    [InlineData("""{"listener":"anna","at":}""", "anna")]
    [InlineData("""{"at":,"listener" : "anna"}""", "anna")]
    [InlineData("""{"at":NaN,"listener":"anna" """, "anna")]
    [InlineData("""{"listener":"anna","listener":"anna"}""", "anna")]
    [InlineData("""{"listener":"anna","listener":"ben"}""", null)]
    [InlineData("""{"card":{"listener":"anna"}}""", null)]
    [InlineData("""{"listener":{"id":"anna"}}""", null)]
    [InlineData("""{"listener":null}""", null)]
    [InlineData("""{"a":,"listener":"an""", null)]
    [InlineData("""{"listener":"\ud800"}""", null)]
    [InlineData("""["listener","anna"]""", null)]
    [InlineData("listener", null)]
    [InlineData("", null)]
    public void A_rejected_event_names_whom_it_legibly_names(string raw, string? named)
        => Assert.Equal(named, NamedListener.AccountIn(Encoding.UTF8.GetBytes(raw)));
}
