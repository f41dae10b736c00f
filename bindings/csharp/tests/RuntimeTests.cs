using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>What the package promises beyond the cases: about threads, the collector, memory and cancellation.</summary>
    [TestFixture]
    public class RuntimeTests
    {
        static readonly bool isLong = Environment.GetEnvironmentVariable("CRUX_LONG") == "1";

        Client client;

        [SetUp]
        public void LogIn()
        {
            Sandbox.Forget();
            client = Sandbox.Login().Result;
        }

        [TearDown]
        public void Close()
        {
            client.Dispose();
            Sandbox.Forget();
        }

        [Test]
        public void the_tour_prints_what_it_promises()
        {
            int code;
            var wanted = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Sandbox.Variable("CRUX_CASES")), "tour.txt"));
            using (var folder = new Folder())
            {
                var tour = $"-c 'cd {folder["."]} && exec {Sandbox.Variable("CRUX_SANDBOX")} --shop mono {Sandbox.Place("Tour.exe")}'";
                Assert.AreEqual(wanted, Sandbox.Run("sh", tour, out code));
            }
            Assert.AreEqual(0, code);
        }

        [Test]
        public void the_login_example_runs()
        {
            int code;
            var output = Sandbox.Run("mono", Sandbox.Place("Login.exe"), out code);
            StringAssert.StartsWith("7 things, the first is Ärmel \"0\".", output);
            Assert.AreEqual(0, code);
        }

        [Test]
        public void the_package_is_plain_enough_for_the_compiler_of_mono()
        {
            int code;
            var source = Path.Combine(Path.GetDirectoryName(Sandbox.Variable("CRUX_CASES")), "csharp", "src");
            using (var folder = new Folder())
                Assert.AreEqual("", Sandbox.Run("sh", $"-c 'mcs -langversion:7.2 -unsafe -target:library -out:{folder["Crux.dll"]} {source}/*.cs'", out code));
            Assert.AreEqual(0, code);
        }

        [Test]
        public async Task one_thread_waits_for_a_hundred_requests()
        {
            var all = Enumerable.Range(0, 100).Select(i => client.GetAsync("slow/")).ToArray();
            Sandbox.Until(() => client.Number("under_way") >= 60, "the requests are under way");
            var mine = client.GetAsync("things/0/");
            Sandbox.Until(() => Pump.Threads == 1, "only this client has a thread");
            client.Cancel();
            foreach (var one in all) await Sandbox.Throws<OperationCanceledException>(() => one);
            try { await mine; }
            catch (OperationCanceledException) { }
        }

        [Test]
        public async Task an_idle_client_has_no_thread()
        {
            await client.GetAsync("things/0/");
            Sandbox.Until(() => Pump.Threads == 0, "the threads of idle clients have ended");
            Assert.AreEqual(200, (await client.GetAsync("things/0/")).Status);
        }

        [Test]
        public async Task a_closed_client_is_freed_at_once()
        {
            Sandbox.Until(() => Pump.Threads == 0, "no client is in use");
            var before = Hooks.Held;
            var options = Sandbox.Options();
            options.Log = (level, line) => { };
            var mine = await Client.LoginAsync("custom", Sandbox.User, Sandbox.Password, options);
            (await mine.GetAsync("things/0/")).Dispose();
            Assert.AreEqual(1, Pump.Threads);
            var clock = Stopwatch.StartNew();
            mine.Dispose();
            Sandbox.Until(() => Pump.Threads == 0 && Hooks.Held == before, "thread and hook are gone");
            Assert.Less(clock.ElapsedMilliseconds, 300);
        }

        [Test]
        public async Task collections_hurt_no_call_and_no_hook()
        {
            var lines = 0;
            var options = Sandbox.Options();
            options.LogLevel = LogLevel.Trace;
            options.Log = (level, line) => Interlocked.Increment(ref lines);
            options.TokenProvider = refused => Task.FromResult("tok-7d1c");
            var stop = false;
            var collector = Task.Run(() =>
            {
                for (; !Volatile.Read(ref stop); Thread.Sleep(1)) GC.Collect();
            });
            using (var mine = Client.Anonymous("custom", options))
                for (var round = 0; round < 5; round++)
                {
                    var calls = Enumerable.Range(0, 20).Select(i => i % 2 == 0
                        ? mine.GetAsync("things/0/", new Call { Progress = (done, total) => { } })
                        : mine.PostAsync("echo/", new Call { Content = new MemoryStream(new byte[100000]) }));
                    foreach (var response in await Task.WhenAll(calls)) Assert.Greater(response.Json.Count, 0);
                }
            Volatile.Write(ref stop, true);
            await collector;
            Assert.Greater(lines, 0);
        }

        [Test]
        public async Task hooks_are_released_once_when_all_is_disposed()
        {
            var before = Hooks.Held;
            for (var round = 0; round < 20; round++)
            {
                var options = Sandbox.Options();
                options.Log = (level, line) => { };
                options.TokenProvider = refused => Task.FromResult("tok-7d1c");
                using (var mine = Client.Anonymous("custom", options))
                using (await mine.GetAsync("things/0/"))
                using (await mine.PostAsync("echo/", new Call { Content = new MemoryStream(new byte[10]) }))
                using (var stream = await mine.StreamAsync("drip/100000000"))
                    Assert.AreEqual(200, stream.Response.Status);
            }
            Sandbox.Until(() => Hooks.Held == before, "all hooks are released");
            Thread.Sleep(50);
            Assert.AreEqual(before, Hooks.Held);
        }

        [Test]
        public async Task memory_stays_flat()
        {
            await Requests(isLong ? 10000 : 500);
            var before = Resident();
            await Requests(isLong ? 100000 : 3000);
            for (var i = 0; i < 40; i++) Assert.AreEqual(8 << 20, (await client.GetAsync("bytes/8388608")).Body.Length);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            Assert.Less(Resident() - before, 150 << 20, "320 MB of bodies have passed, and none was disposed");
        }

        async Task Requests(int count)
        {
            for (var i = 0; i < count; i++) Assert.AreEqual(0, (await client.GetAsync("things/0/")).Json["id"].AsInt64());
        }

        static long Resident()
        {
            return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * 4096;
        }

        [Test]
        public void waiting_in_a_context_of_one_thread_does_not_deadlock()
        {
            var thread = new Thread(() =>
            {
                SynchronizationContext.SetSynchronizationContext(new Stuck());
                Assert.AreEqual(3, client.Pages("things/", new Call { Query = { ["limit"] = "3" } }).Count());
                client.UploadAsync("upload/", new MemoryStream(new byte[10]), "file", "a").Wait();
                using (var stream = client.StreamAsync("files/out.bin").Result) stream.CopyTo(Stream.Null);
            });
            thread.Start();
            Assert.IsTrue(thread.Join(10000));
        }

        /// <summary>A context, as that of a window, whose thread is busy and never takes anything.</summary>
        sealed class Stuck : SynchronizationContext
        {
            public override void Post(SendOrPostCallback callback, object state) { }
        }

        [Test]
        public async Task progress_reaches_an_IProgress()
        {
            var seen = new ConcurrentQueue<Transfer>();
            using (var folder = new Folder())
                await client.DownloadAsync("files/out.bin", folder["file"], new Call { Reporter = new Direct(seen.Enqueue) });
            Assert.AreEqual(1 << 20, seen.Last().Done);
            Assert.AreEqual(1 << 20, seen.Last().Total);
        }

        sealed class Direct : IProgress<Transfer>
        {
            readonly Action<Transfer> report;

            public Direct(Action<Transfer> report) { this.report = report; }

            public void Report(Transfer value) { report(value); }
        }

        [Test]
        public async Task progress_of_a_slow_body_grows()
        {
            var seen = new ConcurrentQueue<long>();
            using (var source = new CancellationTokenSource())
            using (var folder = new Folder())
            {
                var call = new Call
                {
                    Progress = (done, total) =>
                    {
                        seen.Enqueue(done);
                        if (seen.Count == 4) source.Cancel();
                    },
                };
                await Sandbox.Throws<OperationCanceledException>(() => client.DownloadAsync("drip/100000000", folder["file"], call, source.Token));
            }
            CollectionAssert.IsOrdered(seen);
            Assert.AreEqual(seen.Count, seen.Distinct().Count());
        }

        [Test]
        public async Task a_token_provider_is_asked_again_when_its_token_is_refused()
        {
            var asked = new ConcurrentQueue<string>();
            var options = Sandbox.Options();
            options.TokenProvider = refused =>
            {
                asked.Enqueue(refused);
                return Task.FromResult(refused == null ? "stale" : "tok-7d1c");
            };
            using (var mine = Client.Anonymous("custom", options)) Assert.AreEqual(200, (await mine.GetAsync("things/0/")).Status);
            CollectionAssert.AreEqual(new[] { null, "stale" }, asked);

            options.TokenProvider = refused => { throw new ApplicationException("The vault is shut."); };
            using (var mine = Client.Anonymous("custom", options)) await Sandbox.Throws<ApplicationException>(() => mine.GetAsync("things/0/"));
        }

        [Test]
        public async Task many_streams_are_read_at_once_by_one_thread()
        {
            Sandbox.Until(() => !Streams.IsRunning, "no earlier stream is waited for");
            var before = Streams.Started;
            var streams = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.StreamAsync("drip/100000000")));
            var sums = await Task.WhenAll(streams.Select(async stream =>
            {
                var sum = 0;
                var buffer = new byte[1 << 16];
                while (sum < 200000) sum += await stream.ReadAsync(buffer, 0, buffer.Length);
                return sum;
            }));
            Assert.IsTrue(sums.All(sum => sum >= 200000));
            Assert.AreEqual(before + 1, Streams.Started);
            foreach (var stream in streams) stream.Dispose();
            await Sandbox.Throws<ObjectDisposedException>(() => streams[0].ReadAsync(new byte[1], 0, 1));
        }

        [Test]
        public async Task a_read_is_ended_by_its_token()
        {
            Sandbox.Answer("{\"path\":\"/text/\",\"method\":\"*\",\"status\":200,\"body\":\"x\"}");
            using (var silent = new Silent("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab"))
            using (var mine = Client.Anonymous("custom", new Options { BaseUrl = silent.Address }))
            using (var stream = await mine.StreamAsync("x/"))
            {
                var buffer = new byte[10];
                Assert.AreEqual(2, await stream.ReadAsync(buffer, 0, 10));
                await Sandbox.EndsWhenCancelled(token => stream.ReadAsync(buffer, 0, 10, token));
            }
        }

        [Test]
        public async Task a_body_that_breaks_off_is_an_error()
        {
            using (var silent = new Silent("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab", true))
            using (var mine = Client.Anonymous("custom", new Options { BaseUrl = silent.Address, RetryMax = 0 }))
            {
                await Sandbox.Throws<CruxIOException>(() => mine.GetAsync("x/"));
                using (var stream = await mine.StreamAsync("x/"))
                    await Sandbox.Throws<CruxIOException>(() => stream.CopyToAsync(Stream.Null));
            }
        }

        [Test]
        public async Task a_call_is_cancelled_whatever_it_waits_for()
        {
            using (var silent = new Silent(""))
            using (var mine = Client.Anonymous("custom", new Options { BaseUrl = silent.Address }))
            {
                await Sandbox.EndsWhenCancelled(token => mine.GetAsync("head/", null, token));
                await Sandbox.EndsWhenCancelled(token => mine.PostAsync("body/", new Call { Body = new byte[50 << 20] }, token));
                await Sandbox.EndsWhenCancelled(token => mine.PostAsync("body/", new Call { Content = new MemoryStream(new byte[50 << 20]) }, token));
            }
            Sandbox.Answer("{\"path\":\"/busy/\",\"method\":\"*\",\"status\":503,\"headers\":{\"retry-after\":\"30\"}}");
            await Sandbox.EndsWhenCancelled(token => client.GetAsync("busy/", null, token));
            using (var source = new CancellationTokenSource())
            {
                source.Cancel();
                await Sandbox.Throws<OperationCanceledException>(() => client.GetAsync("things/", null, source.Token));
            }
        }

        [Test]
        public async Task a_wait_is_cancelled_also_before_it_has_begun()
        {
            Sandbox.Answer("{\"path\":\"/endless/\",\"method\":\"*\",\"status\":202,\"body\":{\"value\":\"/endless/progress/\"}}");
            Sandbox.Answer("{\"path\":\"/endless/progress/\",\"method\":\"*\",\"status\":200,\"body\":{\"value\":{\"progress\":10}}}");
            var accepted = await client.PostAsync("endless/", new Call { Json = "{}" });
            for (var round = 0; round < 20; round++)
                using (var source = new CancellationTokenSource())
                {
                    var wait = client.WaitAsync(accepted, null, source.Token);
                    var clock = Stopwatch.StartNew();
                    source.Cancel();
                    await Sandbox.Throws<OperationCanceledException>(() => wait);
                    Assert.Less(clock.ElapsedMilliseconds, 300);
                }
        }

        /// <summary>A server that reads nothing and says one thing to whoever connects.</summary>
        sealed class Silent : IDisposable
        {
            readonly TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
            readonly List<Socket> open = new List<Socket>();

            public Silent(string says, bool hangsUp = false)
            {
                listener.Start();
                var thread = new Thread(() =>
                {
                    try
                    {
                        for (;;)
                        {
                            var socket = listener.AcceptSocket();
                            lock (open) open.Add(socket);
                            if (says == "") continue;
                            socket.Receive(new byte[4096]);
                            socket.Send(System.Text.Encoding.ASCII.GetBytes(says));
                            if (hangsUp) socket.Close();
                        }
                    }
                    catch (SocketException) { }
                    catch (ObjectDisposedException) { }
                });
                thread.IsBackground = true;
                thread.Start();
            }

            public string Address { get { return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"; } }

            public void Dispose()
            {
                listener.Stop();
                lock (open)
                    foreach (var socket in open) socket.Close();
            }
        }

        [Test]
        public async Task a_race_of_cancel_and_end_has_one_winner()
        {
            var random = new Random(1);
            int done = 0, cancelled = 0;
            for (var round = 0; round < 300; round++)
                using (var source = new CancellationTokenSource())
                {
                    var call = client.GetAsync("things/0/", null, source.Token);
                    for (var spin = random.Next(20000); spin > 0; spin--) Thread.SpinWait(1);
                    source.Cancel();
                    try
                    {
                        Assert.AreEqual(200, (await call).Status);
                        done++;
                    }
                    catch (OperationCanceledException) { cancelled++; }
                }
            Assert.AreEqual(300, done + cancelled);
            Sandbox.Until(() => client.Number("under_way") == 0, "nothing is under way");
        }

        [Test]
        public async Task a_client_may_be_closed_by_any_thread_at_any_time()
        {
            for (var round = 0; round < 50; round++)
            {
                var mine = Client.Token("custom", "tok-7d1c", Sandbox.Options());
                var calls = Enumerable.Range(0, 5).Select(i => Task.Run(async () =>
                {
                    try { Assert.AreEqual(200, (await mine.GetAsync("things/0/")).Status); }
                    catch (OperationCanceledException) { }
                    catch (ObjectDisposedException) { }
                })).ToArray();
                if (round % 2 == 0) await Task.Yield();
                mine.Dispose();
                await Task.WhenAll(calls);
            }
        }

        [Test]
        public async Task a_call_may_be_used_for_many_requests()
        {
            var call = new Call { Query = { ["limit"] = "2" }, ["timeout.total_ms"] = "5000", RetryMax = 0 };
            Assert.AreEqual("5000", call["timeout_total_ms"]);
            Assert.AreEqual(5000, call.TimeoutTotalMs);
            var pages = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => client.GetAsync("things/", call)));
            Assert.IsTrue(pages.All(page => page.Json["results"].Count == 2));
        }

        [Test]
        public async Task pages_can_be_awaited()
        {
            var sizes = new List<int>();
            for (var page = await client.GetAsync("things/", new Call { Query = { ["limit"] = "3" } }); page != null; page = await client.NextPageAsync(page))
                sizes.Add(page.Json["results"].Count);
            CollectionAssert.AreEqual(new[] { 3, 3, 1 }, sizes);
        }

        [Test]
        public async Task a_session_ends_and_begins_again()
        {
            await client.LogoutAsync();
            await Sandbox.Throws<AuthException>(() => client.GetAsync("things/0/"));
            client.SetToken("tok-7d1c");
            Assert.AreEqual(200, (await client.GetAsync("things/0/")).Status);
            await Sandbox.Throws<CruxArgumentException>(() => { client.SetToken(""); return Task.FromResult(0); });
            StringAssert.StartsWith("http://127.0.0.1", client.Info("base_url"));
        }

        [Test]
        public async Task a_file_is_a_body()
        {
            using (var folder = new Folder())
            {
                File.WriteAllText(folder["body"], "from the disk");
                var echo = await client.PutAsync("echo/", new Call { File = folder["body"], ContentType = "text/plain" });
                Assert.AreEqual("from the disk", echo.Json["body"].AsString());
                await Sandbox.Throws<FileException>(() => client.PutAsync("echo/", new Call { File = folder["none"] }));
            }
            Assert.AreEqual(0, (await client.PutAsync("echo/", new Call { Body = new byte[0] })).Json["body_length"].AsInt64());
        }
    }
}
