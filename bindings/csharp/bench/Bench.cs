// Compares what a small GET costs through libcrux and through HttpClient: a line a turn, for bench.sh. Each request can be
// ended by its token, its body is read and its JSON decoded.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using System.Web.Script.Serialization;
using Crux;

static class Bench
{
    const int Turns = 7, Count = 1000;

    static void Main() { RunAsync().GetAwaiter().GetResult(); }

    static async Task RunAsync()
    {
        string address = Environment.GetEnvironmentVariable("CRUX_BASE"), path = Environment.GetEnvironmentVariable("CRUX_PATH");
        ServicePointManager.DefaultConnectionLimit = 200;
        using (var client = Client.Token("custom", "tok-7d1c", new Options { BaseUrl = address }))
        using (var http = new HttpClient())
        using (var source = new CancellationTokenSource())
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "tok-7d1c");
            var reader = new JavaScriptSerializer();

            Func<Task<bool>> ours = async () =>
            {
                using (var response = await client.GetAsync(path, null, source.Token)) return response.Json["name"].AsString() != "";
            };
            Func<Task<bool>> theirs = async () =>
            {
                using (var response = await http.GetAsync(address + path, source.Token))
                {
                    var text = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
                    return (string)reader.Deserialize<Dictionary<string, object>>(text)["name"] != "";
                }
            };

            if (Environment.GetEnvironmentVariable("CRUX_LONG") != null)
            {
                var early = await MemoryAfter(10000, ours);
                Console.WriteLine($"memory: {early:F1} MiB after 10000 requests, {await MemoryAfter(90000, ours):F1} after 100000");
                return;
            }
            foreach (var atOnce in new[] { 1, 100 })
            {
                await Cost(atOnce, ours);
                await Cost(atOnce, theirs);
                for (var turn = 0; turn < Turns; turn++)
                {
                    var own = await Cost(atOnce, ours);
                    var name = atOnce == 1 ? "one at a time" : "100 at once";
                    Console.WriteLine($"{name}: {own:F1} against {await Cost(atOnce, theirs):F1} of HttpClient");
                }
            }
        }
    }

    /// <summary>Microseconds of CPU so far, all threads; Process.TotalProcessorTime is only good to 10 ms.</summary>
    [DllImport("libc", EntryPoint = "clock")]
    static extern IntPtr Spent();

    /// <summary>Microseconds of CPU for one.</summary>
    static async Task<double> Cost(int atOnce, Func<Task<bool>> get)
    {
        var before = Spent().ToInt64();
        await Run(Count, atOnce, get);
        return (Spent().ToInt64() - before) / (double)Count;
    }

    /// <summary>MiB in memory once so many requests have been sent.</summary>
    static async Task<double> MemoryAfter(int count, Func<Task<bool>> get)
    {
        await Run(count, 1, get);
        return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * 4096.0 / (1 << 20);
    }

    static Task Run(int count, int atOnce, Func<Task<bool>> get)
    {
        return Task.WhenAll(Enumerable.Range(0, atOnce).Select(async worker =>
        {
            for (var i = worker; i < count; i += atOnce)
                if (!await get()) throw new InvalidOperationException("Another response than expected.");
        }));
    }
}
