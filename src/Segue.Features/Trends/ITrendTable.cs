namespace Segue.Features.Trends;

/// <summary>The decayed weights of the tracks of one region, in the unit of an epoch (see <see cref="DecayedCounts"/>). Not thread-safe.</summary>
internal interface ITrendTable
{
    /// <summary>The epoch in whose unit the weights are.</summary>
    long Epoch { get; }

    /// <summary>Tracks that have a place.</summary>
    int Count { get; }

    long Bytes { get; }

    /// <summary>Adds to a track's weight.</summary>
    /// <param name="track">In [0, 2³¹ - 2].</param>
    /// <param name="amount">In the epoch's unit, positive.</param>
    /// <param name="unit">What an event of now weighs in that unit.</param>
    void Add(int track, float amount, float unit);

    /// <summary>Asks for the memory that <see cref="Add"/> will look at.</summary>
    void Prefetch(int track);

    /// <summary>Moves to a later epoch: weights shrink to its unit.</summary>
    /// <param name="factor">Old unit ÷ new unit: a power of two, so that nothing is rounded; 0 where the old epoch is too far back to count.</param>
    void MoveTo(long epoch, float factor, float unit);

    /// <summary>The heaviest tracks with their weights in the epoch's unit, in no order.</summary>
    (int Track, float Weight)[] Heaviest();
}
