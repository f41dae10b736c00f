using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>Many calls at once, and how many threads they take.</summary>
    [TestFixture]
    public class ThreadTests : ClientTests
    {
        [Test]
        public void threads()
        {
            var slow = client.GetAsync("slow/", new Call { TimeoutTotalMs = 2000 });
            var clock = Stopwatch.StartNew();
            var two = Enumerable.Range(0, 2).Select(number => Task.Factory.StartNew(() =>
            {
                for (var i = 0; i < 50; i++)
                    Assert.AreEqual(number, client.GetAsync("things/" + number + "/").GetAwaiter().GetResult().Json["id"].AsInt64());
            }, TaskCreationOptions.LongRunning)).ToArray();
            Task.WaitAll(two);
            Assert.Less(clock.ElapsedMilliseconds, 2000);
            Assert.IsFalse(slow.IsCompleted);
            client.Cancel();
            Assert.Throws<AggregateException>(() => slow.Wait());
        }

        [Test]
        public async Task hundred_at_once()
        {
            Sandbox.Answer("{\"path\":\"/things/3/\",\"method\":\"*\",\"status\":200,\"body\":{\"id\":3},\"delay_ms\":100}");
            var all = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.GetAsync("things/3/")));
            CollectionAssert.AreEqual(Enumerable.Repeat(3L, 100), all.Select(one => one.Json["id"].AsInt64()));
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
        public async Task a_call_may_be_used_for_many_requests()
        {
            var call = new Call { Query = { ["limit"] = "2" }, ["timeout.total_ms"] = "5000", RetryMax = 0 };
            Assert.AreEqual("5000", call["timeout_total_ms"]);
            Assert.AreEqual(5000, call.TimeoutTotalMs);
            var pages = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => client.GetAsync("things/", call)));
            Assert.IsTrue(pages.All(page => page.Json["results"].Count == 2));
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
        public void fork()
        {
            Assert.Ignore(".NET has no fork");
        }
    }
}
