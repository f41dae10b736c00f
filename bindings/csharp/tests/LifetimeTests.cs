using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>What lives how long: closed clients, the collector, memory.</summary>
    [TestFixture]
    public class LifetimeTests : ClientTests
    {
        static readonly bool isLong = Environment.GetEnvironmentVariable("CRUX_LONG") == "1";

        [Test]
        public async Task closed()
        {
            var page = await client.GetAsync("things/");
            var slow = client.GetAsync("slow/");
            client.Dispose();
            client.Dispose();
            await Sandbox.Throws<OperationCanceledException>(() => slow);
            await Sandbox.Throws<ObjectDisposedException>(() => client.GetAsync("things/"));
            await Sandbox.Throws<ObjectDisposedException>(() => page.FollowAsync("./1/"));
            await Sandbox.Throws<ObjectDisposedException>(() => client.StreamAsync("things/"));
            await Sandbox.Throws<ObjectDisposedException>(() => client.WaitAsync(page));
            await Sandbox.Throws<ObjectDisposedException>(() => client.UploadAsync("upload/", "file"));
            await Sandbox.Throws<ObjectDisposedException>(() => client.LogoutAsync());
            Assert.Throws<ObjectDisposedException>(() => client.Pages("things/"));
            Assert.Throws<ObjectDisposedException>(() => client.SetToken("x"));
            Assert.Throws<ObjectDisposedException>(() => client.Cancel());
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
            Sandbox.Until(() => Pump.Threads == 0 && Hooks.Held <= before, "thread and hook are gone");
            Assert.Less(clock.ElapsedMilliseconds, 300);
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
        public async Task answer_outlives_client()
        {
            var page = await client.GetAsync("things/");
            client.Dispose();
            Assert.AreEqual(200, page.Status);
            Assert.AreEqual("Ärmel \"0\"", page.Json["results"][0]["name"].AsString());
            page.Dispose();
            Assert.AreEqual("Bluse", page.Json["results"][1]["name"].AsString());
            StringAssert.Contains("Bluse", page.Text);
        }

        [Test]
        public async Task hooks_are_released_when_all_is_disposed()
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
            Sandbox.Until(() => Hooks.Held <= before, "all hooks are released");
        }

        [Test]
        public void finalizers()
        {
            var before = Hooks.Held;
            var thread = new Thread(DropThings);
            thread.Start();
            thread.Join();
            Sandbox.Until(() =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return Hooks.Held - before < 10;
            }, "the hooks of nearly all clients were released: a few may still be seen on the stack of some thread");

            int code;
            var output = Sandbox.Run("mono", Sandbox.Place("Probe.exe") + " exit", out code);
            Assert.AreEqual("left\n", output);
            Assert.AreEqual(0, code);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void DropThings()
        {
            for (var round = 0; round < 50; round++)
            {
                var options = Sandbox.Options();
                options.Log = (level, line) => { };
                options.TokenProvider = refused => Task.FromResult("tok-7d1c");
                var mine = Client.Anonymous("custom", options);
                mine.GetAsync("things/").Wait();
                mine.StreamAsync("drip/100000000").Wait();
                mine.GetAsync("slow/", new Call { TimeoutTotalMs = 100 });
                if (round % 2 == 0) mine.Dispose();
            }
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
    }
}
