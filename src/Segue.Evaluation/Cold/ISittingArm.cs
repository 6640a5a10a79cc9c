using Segue.Evaluation.Lab;

namespace Segue.Evaluation.Cold;

/// <summary>One way of choosing what simulated listeners hear. Safe for any number of sittings at once.</summary>
internal interface ISittingArm
{
    /// <summary>In tables.</summary>
    string Name { get; }

    /// <summary>Lets a listener hear out one sitting, track by track; nothing of it is kept.</summary>
    /// <param name="listener">Lab index.</param>
    /// <param name="kept">Told of each track, by its number from 0, whether it was heard to its end.</param>
    void Sit(LabWorld world, int listener, LabSitting sitting, Action<int, bool> kept);
}
