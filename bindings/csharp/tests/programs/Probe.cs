using System;

/// <summary>What must be tried in a process of its own.</summary>
static class Probe
{
    static int Main(string[] arguments)
    {
        try
        {
            if (arguments[0] == "version") Console.WriteLine(Crux.Library.Version);
            else Exit();
            return 0;
        }
        catch (Exception error)
        {
            Console.WriteLine($"{error.GetType().Name}: {error.Message}");
            return 1;
        }
    }

    /// <summary>Leaves with hooks set, a stream half read, and a request under way.</summary>
    static void Exit()
    {
        var options = new Crux.Options { BaseUrl = Environment.GetEnvironmentVariable("CRUX_BASE"), LogLevel = Crux.LogLevel.Trace };
        options.Log = (level, line) => { };
        var client = Crux.Client.Token("custom", "tok-7d1c", options);
        var stream = client.StreamAsync("drip/100000000").Result;
        stream.ReadAsync(new byte[1 << 16], 0, 1 << 16);
        client.GetAsync("slow/");
        client.GetAsync("things/").Wait();
        Console.WriteLine("left");
    }
}
