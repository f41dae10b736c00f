// Logs in once, then calls: mono Login.exe, with CRUX_BASE, CRUX_USER and CRUX_PASSWORD set.

using System;
using System.Threading.Tasks;
using Crux;

static class Login
{
    static int Main() { return RunAsync().GetAwaiter().GetResult(); }

    static async Task<int> RunAsync()
    {
        Func<string, string> Variable = Environment.GetEnvironmentVariable;

        try
        {
            var options = new Options { BaseUrl = Variable("CRUX_BASE") };
            using (var client = await Client.LoginAsync("custom", Variable("CRUX_USER"), Variable("CRUX_PASSWORD"), options))
            {
                var things = await client.GetAsync("things/");
                var first = things.Json["results"][0]["name"].AsString();
                Console.WriteLine($"{things.Json["count"].AsInt64()} things, the first is {first}.");
                return 0;
            }
        }
        catch (AuthException error)
        {
            Console.Error.WriteLine($"The login was refused: {error.ServerMessage ?? error.Message}");
        }
        catch (CruxException error)
        {
            Console.Error.WriteLine(error.Message);
        }
        return 1;
    }
}
