using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Segue.Core;
using Segue.Events.Compaction;
using Segue.Events.Export;
using Segue.Features.Snapshots;

namespace Segue.Server.Stores;

/// <summary>Everything that a store holds of a listener, as one JSON object.</summary>
public sealed class ListenerExport(OpenStore store)
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StoreParts _parts = store.Parts;

    /// <param name="account">The id by which the service knows the listener, or the pseudonym.</param>
    public async Task WriteAsync(string account, Stream stream, CancellationToken cancellation)
    {
        var listener = store.Pseudonyms.Of(account);
        if (account.Length == 32 && !await KnowsAsync(listener, cancellation) && await KnowsAsync(new(account), cancellation))
        {
            listener = new(account);   // a pseudonym, as an earlier export shows it
        }
        await using var json = new Utf8JsonWriter(stream, Options);
        json.WriteStartObject();
        json.WriteString("listener"u8, listener.Value);
        json.WritePropertyName("account"u8);
        if (_parts.Accounts.Export(listener) is { } kept)
        {
            kept.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }
        WriteImportedProfile(json, listener);
        await WriteEventsAsync(json, listener, cancellation);
        WriteRejected(json, listener);
        WriteInteractions(json, listener);
        await WriteFeaturesAsync(json, listener, cancellation);
        WriteFactors(json, listener);
        json.WriteEndObject();
    }

    private async Task<bool> KnowsAsync(ListenerId listener, CancellationToken cancellation)
    {
        if (_parts.Accounts.Find(listener) is not null)
        {
            return true;
        }
        var compacted = await CompactedEvents.OpenAsync(_parts.Objects, cancellation);
        return (compacted.Manifest.Days.Count > 0 && await compacted.ReadAsync(listener: listener, cancellation: cancellation).AnyAsync(cancellation))
            || store.Events.Log.Read(compacted.Manifest.Offset).Any(logged => logged.Event.Listener == listener);
    }

    // Of a simulated or imported data set, beside which there is no account.
    private void WriteImportedProfile(Utf8JsonWriter json, ListenerId listener)
    {
        if (_parts.Store.ReadListeners().FirstOrDefault(profile => profile.Id == listener) is { } told)
        {
            json.WriteStartObject("importedProfile"u8);
            json.WriteString("ageBand"u8, told.AgeBand.ToString());
            json.WriteString("gender"u8, told.Gender.ToString());
            json.WriteString("country"u8, told.Region?.Country);
            json.WriteString("city"u8, told.Region?.City);
            json.WriteString("registeredOn"u8, told.RegisteredOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
    }

    private async Task WriteEventsAsync(Utf8JsonWriter json, ListenerId listener, CancellationToken cancellation)
    {
        json.WriteStartArray("events"u8);
        var compacted = await CompactedEvents.OpenAsync(_parts.Objects, cancellation);
        if (compacted.Manifest.Days.Count > 0)
        {
            await foreach (var told in compacted.ReadAsync(listener: listener, cancellation: cancellation))
            {
                EventJson.Write(json, told);
            }
        }
        foreach (var logged in store.Events.Log.Read(compacted.Manifest.Offset).Where(logged => logged.Event.Listener == listener))
        {
            cancellation.ThrowIfCancellationRequested();
            EventJson.Write(json, logged.Event);
        }
        json.WriteEndArray();
    }

    private void WriteRejected(Utf8JsonWriter json, ListenerId listener)
    {
        json.WriteStartArray("rejectedEvents"u8);
        foreach (var (_, letter, _, replayedAt) in store.Events.DeadLetters.Of(listener))
        {
            json.WriteStartObject();
            json.WriteString("source"u8, letter.Source);
            json.WriteNumber("position"u8, letter.Position);
            json.WriteString("receivedAt"u8, letter.ReceivedAt);
            json.WriteString("reason"u8, letter.Reason);
            json.WriteString("detail"u8, letter.Detail);
            json.WriteString("asItCame"u8, Encoding.UTF8.GetString(letter.Raw.Span));
            if (replayedAt is { } time)
            {
                json.WriteString("replayedAt"u8, time);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteInteractions(Utf8JsonWriter json, ListenerId listener)
    {
        json.WriteStartArray("importedInteractions"u8);
        foreach (var interaction in _parts.Store.ReadInteractions().Where(interaction => interaction.User == listener.Value))
        {
            json.WriteStartObject();
            json.WriteString("item"u8, interaction.Item);
            json.WriteString("action"u8, interaction.Action.ToString());
            json.WriteNumber("value"u8, interaction.Value);
            if (interaction.Time is { } time)
            {
                json.WriteString("time"u8, time);
            }
            if (interaction.Playlist is { } playlist)
            {
                json.WriteString("playlist"u8, playlist);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private async Task WriteFeaturesAsync(Utf8JsonWriter json, ListenerId listener, CancellationToken cancellation)
    {
        json.WritePropertyName("features"u8);
        var current = await new FeatureStore(_parts.Objects, _parts.WorkFolder).CurrentAsync(cancellation);
        var known = current is null
            ? null
            : (await FeatureSnapshot.OpenAsync(_parts.Objects, current.Version, cancellation)).Listeners(cancellation).FirstOrDefault(features => features.Listener == listener);
        JsonSerializer.Serialize(json, known, FeatureJson);
    }

    private void WriteFactors(Utf8JsonWriter json, ListenerId listener)
    {
        json.WriteStartArray("tasteFactors"u8);
        if (_parts.Models.Current() is not null && _parts.Models.LoadCurrent() is { Rows: { } rows } models
            && rows.Users.ToList().IndexOf(listener.Value) is >= 0 and var row)
        {
            foreach (var factor in models.Taste.UserFactors(row))
            {
                json.WriteNumberValue(factor);
            }
        }
        json.WriteEndArray();
    }

    private static JsonSerializerOptions FeatureJson { get; } = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };
}
