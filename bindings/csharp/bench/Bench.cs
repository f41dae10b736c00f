// What a small GET costs in CPU of this process, beside HttpClient: the body is read and its JSON decoded on both sides.

using System;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.Serialization.Json;
using System.Threading;
using System.Threading.Tasks;
using System.Xml;
using Crux;

static class Bench
{
    static void Main(string[] arguments) { RunAsync(arguments).GetAwaiter().GetResult(); }

    static async Task RunAsync(string[] arguments)
    {
        var count = arguments.Length > 0 ? int.Parse(arguments[0]) : 3000;
        var address = Environment.GetEnvironmentVariable("CRUX_BASE");
        ServicePointManager.DefaultConnectionLimit = 200;
        using (var client = Client.Token("custom", "tok-7d1c", new Options { BaseUrl = address }))
        using (var http = new HttpClient())
        using (var source = new CancellationTokenSource())
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "tok-7d1c");

            Func<Task<bool>> ours = async () =>
            {
                using (var response = await client.GetAsync("things/1/", null, source.Token)) return response.Json["id"].AsInt64() == 1;
            };
            Func<Task<bool>> theirs = async () =>
            {
                using (var response = await http.GetAsync(address + "things/1/", source.Token))
                {
                    var body = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
                    var document = new XmlDocument();
                    using (var reader = JsonReaderWriterFactory.CreateJsonReader(body, XmlDictionaryReaderQuotas.Max)) document.Load(reader);
                    return document.SelectSingleNode("/root/id").InnerText == "1";
                }
            };

            foreach (var atOnce in new[] { 1, 100 })
            {
                var crux = await Cost(count, atOnce, ours);
                var httpClient = await Cost(count, atOnce, theirs);
                Console.WriteLine($"{atOnce,3} at once: crux {crux:F1} us, HttpClient {httpClient:F1} us of CPU a GET, ratio {crux / httpClient:F2}");
            }
        }
    }

    /// <summary>Microseconds of CPU for one; the second run counts.</summary>
    static async Task<double> Cost(int count, int atOnce, Func<Task<bool>> get)
    {
        await Run(count / 4, atOnce, get);
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        await Run(count, atOnce, get);
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds * 1000 / count;
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
