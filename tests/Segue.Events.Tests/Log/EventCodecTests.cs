using Segue.Events.Log;

namespace Segue.Events.Tests.Log;

public sealed class EventCodecTests
{
    [Fact]
    public void Every_kind_with_every_set_of_fields_comes_back()
    {
        var chance = new Random(1);
        for (var i = 0; i < 5000; i++)
        {
            var written = SampleEvents.Any(chance, i < 1 << 10 ? 0x1ffff : chance.Next(1 << 17));

            var record = RecordOf(written);

            SampleEvents.AssertEqual(written, EventCodec.Decode(record));
            Assert.Equal(written.Key, EventCodec.KeyOf(record));
            Assert.Equal(written.Listener.Value, EventCodec.ListenerOf(record));
        }
    }

    [Fact]
    public void Every_single_field_comes_back_alone()
    {
        var chance = new Random(2);
        for (var field = 0; field < 17; field++)
        {
            var written = SampleEvents.Any(chance, 1 << field);

            SampleEvents.AssertEqual(written, EventCodec.Decode(RecordOf(written)));
        }
    }

    [Fact]
    public void Random_bytes_are_refused_or_read_but_never_crash()
    {
        var chance = new Random(3);
        for (var i = 0; i < 30_000; i++)
        {
            var bytes = new byte[chance.Next(200)];
            chance.NextBytes(bytes);
            if (bytes.Length > 2)
            {
                (bytes[0], bytes[1]) = (1, (byte)(chance.Next(1, 9) | (chance.Next(2) << 7)));   // else nearly all end at the first byte
            }
            AssertReadOrRefused(bytes);
        }
    }

    [Fact]
    public void Every_cut_and_many_flips_of_a_true_record_are_refused_or_read_but_never_crash()
    {
        var record = RecordOf(SampleEvents.Any(new Random(4), 0xffff));
        for (var length = 0; length < record.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => EventCodec.Decode(record.AsSpan(0, length)));
        }
        for (var bit = 0; bit < record.Length * 8; bit++)
        {
            var flipped = record.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertReadOrRefused(flipped);
        }
    }

    [Fact]
    public void A_length_that_lies_takes_no_memory()
    {
        var record = RecordOf(SampleEvents.Listen(1) with { Track = null, Session = "short" }).ToArray();
        record[^6] = 0xff;   // the length of the last text: now of several bytes, and huge
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() => EventCodec.Decode(record));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_renamed_record_differs_in_the_listener_alone()
    {
        var chance = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var written = SampleEvents.Any(chance, chance.Next(1 << 17));
            var name = i % 2 == 0 ? SampleEvents.Pseudonym(i) : "somebody else";
            var into = new RecordBuffer();

            EventCodec.Rename(RecordOf(written), name, into);

            SampleEvents.AssertEqual(written with { Listener = new(name) }, EventCodec.Decode(new RecordReader(into.Written).Block()));
        }
    }

    [Fact]
    public void An_erased_event_is_nothing()
    {
        var into = new RecordBuffer();
        EventCodec.EncodeErased(into);

        Assert.Equal(3, into.Length);
        Assert.Null(EventCodec.Decode(new RecordReader(into.Written).Block()));
    }

    private static byte[] RecordOf(ListenerEvent listened)
    {
        var into = new RecordBuffer();
        EventCodec.Encode(EventRecord.Of(listened), into);
        var reader = new RecordReader(into.Written);
        var record = reader.Block().ToArray();
        Assert.Equal(0, reader.Remaining);
        return record;
    }

    private static void AssertReadOrRefused(byte[] record)
    {
        try
        {
            EventCodec.Decode(record);
        }
        catch (InvalidDataException)
        {
            // the typed answer
        }
    }
}
