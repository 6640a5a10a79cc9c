namespace Segue.Events.Mapping;

/// <summary>A mapping file that says something impossible; the message names the place and what is allowed there.</summary>
public sealed class MappingException : Exception
{
    public MappingException(string message)
        : base(message)
    {
    }

    public MappingException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public MappingException()
    {
    }
}
