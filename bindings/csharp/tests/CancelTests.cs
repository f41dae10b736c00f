using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>A cancel ends whatever is waited for.</summary>
    [TestFixture]
    public class CancelTests : ClientTests
    {
        const string endless = "{\"path\":\"/endless/\",\"method\":\"*\",\"status\":202,\"body\":{\"value\":\"/endless/progress/\"}}";
        const string endlessProgress =
            "{\"path\":\"/endless/progress/\",\"method\":\"*\",\"status\":200,\"body\":{\"value\":{\"progress\":10,\"message\":\"working\"}}}";

        [Test]
        public async Task cancel_request()
        {
            await Sandbox.EndsWhenCancelled(token => client.GetAsync("slow/", null, token));
        }

        [Test]
        public async Task cancel_login()
        {
            Sandbox.Answer("{\"path\":\"/login\",\"method\":\"*\",\"status\":200,\"body\":{\"token\":\"x\"},\"delay_ms\":3000}");
            await Sandbox.EndsWhenCancelled(token => Client.LoginAsync("custom", Sandbox.User, Sandbox.Password, Sandbox.Options(), token));
        }

        [Test]
        public async Task cancel_job()
        {
            Sandbox.Answer(endless);
            Sandbox.Answer(endlessProgress);
            await Sandbox.EndsWhenCancelled(token => client.PostAsync("endless/", new Call { Json = "{}", Wait = true }, token));
            var accepted = await client.PostAsync("endless/", new Call { Json = "{}" });
            await Sandbox.EndsWhenCancelled(token => client.WaitAsync(accepted, null, token));
            // One that waits ends alone, at its own time, and before it has begun.
            using (var stop = new CancellationTokenSource())
            {
                var other = client.WaitAsync(accepted, null, stop.Token);
                await Sandbox.EndsWhenCancelled(token => client.WaitAsync(accepted, null, token));
                Assert.IsFalse(other.IsCompleted);
                foreach (var ms in new[] { 50, 0 }) await Sandbox.Throws<CruxTimeoutException>(() => client.WaitAsync(accepted, TimeSpan.FromMilliseconds(ms)));
                stop.Cancel();
                await Sandbox.Throws<OperationCanceledException>(() => other);
                await Sandbox.Throws<OperationCanceledException>(() => client.WaitAsync(accepted, null, stop.Token));
            }
        }

        [Test]
        public async Task cancel_page()
        {
            Sandbox.Answer("{\"path\":\"/list/\",\"method\":\"*\",\"status\":200,\"body\":{\"results\":[1],\"next\":\"/slow/\"}}");
            var pages = 0;
            await Sandbox.EndsWhenCancelled(token => Task.Run(() =>
            {
                foreach (var page in client.Pages("list/", null, token)) pages++;
            }));
            Assert.AreEqual(1, pages);
        }

        [Test]
        public async Task cancel_download()
        {
            using (var folder = new Folder())
            {
                await Sandbox.EndsWhenCancelled(token => client.DownloadAsync("drip/100000000", folder["file"], null, token));
                CollectionAssert.DoesNotContain(folder.Names, "file");
            }
        }

        [Test]
        public async Task a_read_is_ended_by_its_token()
        {
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
        public async Task a_read_is_ended_by_another_thread_that_disposes()
        {
            using (var silent = new Silent("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab"))
            using (var mine = Client.Anonymous("custom", new Options { BaseUrl = silent.Address }))
            {
                var stream = await mine.StreamAsync("x/");
                Assert.AreEqual(2, stream.Read(new byte[10], 0, 10));
                var read = Task.Run(() => stream.Read(new byte[10], 0, 10));
                await Task.Delay(100);
                Assert.IsFalse(read.IsCompleted);
                stream.Dispose();
                Assert.AreSame(read, await Task.WhenAny(read, Task.Delay(2000)));
                await Sandbox.Throws<ObjectDisposedException>(() => read);
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
            Sandbox.Answer(endless);
            Sandbox.Answer(endlessProgress);
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
    }
}
