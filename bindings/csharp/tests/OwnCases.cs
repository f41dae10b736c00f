using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>The cases that are written by hand, under the names that cases.json gives them.</summary>
    [TestFixture]
    public class OwnCases
    {
        const string endless = "{\"path\":\"/endless/\",\"method\":\"*\",\"status\":202,\"body\":{\"value\":\"/endless/progress/\"}}";
        const string endlessProgress = "{\"path\":\"/endless/progress/\",\"method\":\"*\",\"status\":200,\"body\":{\"value\":{\"progress\":10,\"message\":\"working\"}}}";

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
        public async Task from_env()
        {
            Environment.SetEnvironmentVariable("CRUX_API_CASE", Sandbox.Base);
            Environment.SetEnvironmentVariable("CRUX_TOKEN_CASE", "tok-7d1c");
            try
            {
                using (var mine = Client.FromEnvironment("case", new Options { Service = "custom" }))
                    Assert.AreEqual("Bluse", (await mine.GetAsync("things/1/")).Json["name"].AsString());
            }
            finally
            {
                Environment.SetEnvironmentVariable("CRUX_API_CASE", null);
                Environment.SetEnvironmentVariable("CRUX_TOKEN_CASE", null);
            }
        }

        [Test]
        public async Task error_tree()
        {
            var classes = new HashSet<Type>();
            foreach (Outcome code in Enum.GetValues(typeof(Outcome)))
            {
                if (code == Outcome.Ok || code == Outcome.Cancelled) continue;
                var error = CruxException.Of(new Failure(code, "It failed."));
                Assert.AreEqual(code, error.Code);
                Assert.IsTrue(classes.Add(error.GetType()), code + " has no class of its own");
            }
            Assert.IsInstanceOf<TimeoutException>((await Sandbox.Throws<CruxTimeoutException>(() => client.GetAsync("slow/", new Call { TimeoutTotalMs = 100 }))).InnerException);
            Assert.IsInstanceOf<ArgumentException>((await Sandbox.Throws<CruxArgumentException>(() => client.GetAsync("{no}/"))).InnerException);
            Assert.IsInstanceOf<IOException>((await Sandbox.Throws<FileException>(() => client.UploadAsync("upload/", "/no/such/file", "file"))).InnerException);
        }

        [Test]
        public async Task errors_hide_secrets()
        {
            var seen = new ConcurrentQueue<string>();
            var options = Sandbox.Options();
            options.LogLevel = LogLevel.Trace;
            options.Log = (level, line) => seen.Enqueue(line);
            options["headers"] = "X-Key: hidden-key";
            seen.Enqueue(options.ToString());
            options.Secret = Sandbox.Password;
            seen.Enqueue(options.ToString());
            using (var mine = await Client.LoginAsync("custom", Sandbox.User, Sandbox.Password, options))
            {
                seen.Enqueue((await mine.GetAsync("things/0/")).ToString());
                seen.Enqueue((await Sandbox.Throws<HttpException>(() => mine.GetAsync("things/999/"))).ToString());
                seen.Enqueue(mine.ToString());
            }
            var refused = await Sandbox.Throws<AuthException>(() => Client.LoginAsync("custom", Sandbox.User, "wrong-secret", options));
            seen.Enqueue(refused + refused.Response.Text);
            Assert.Greater(seen.Count, 10);
            foreach (var secret in new[] { Sandbox.Password, "tok-7d1c", "wrong-secret", "hidden-key" })
                CollectionAssert.IsEmpty(seen.Where(text => text.Contains(secret)));
        }

        [Test]
        public async Task pages_left_early()
        {
            await client.GetAsync("things/0/");
            var before = client.Number("requests");
            foreach (var page in client.Pages("things/", new Call { Query = { ["limit"] = "3" } }))
            {
                Assert.AreEqual(3, page.Json["results"].Count);
                break;
            }
            Assert.AreEqual(before + 1, client.Number("requests"));
            Sandbox.Until(() => client.Number("under_way") == 0, "nothing is under way");
        }

        [Test]
        public async Task wait_later()
        {
            var accepted = await client.PostAsync("jobs/", new Call { Json = "{}" });
            Assert.AreEqual(202, accepted.Status);
            var done = await client.WaitAsync(accepted);
            Assert.AreEqual(100, done.Json["value"]["progress"].AsInt64());
            Assert.AreEqual(Sandbox.Base + "files/out.bin", done.Location);
        }

        [Test]
        public async Task upload_file()
        {
            using (var folder = new Folder())
            {
                File.WriteAllBytes(folder["größe.bin"], new byte[3 << 20]);
                long sent = 0, total = 0;
                var made = await client.UploadAsync("upload/", folder["größe.bin"], "file", null, new Call { Progress = (done, all) => { sent = done; total = all; } });
                Assert.AreEqual(3 << 20, made.Json["size"].AsInt64());
                Assert.AreEqual("größe.bin", made.Json["name"].AsString());
                Assert.GreaterOrEqual(sent, 3 << 20);
                Assert.AreEqual(total, sent);
            }
        }

        [Test]
        public async Task upload_missing_file()
        {
            await Sandbox.Throws<FileException>(() => client.UploadAsync("upload/", "/no/such/file.csv", "file"));
        }

        [Test]
        public async Task download_into_no_folder()
        {
            await Sandbox.Throws<FileException>(() => client.DownloadAsync("files/out.bin", "/no/such/folder/file"));
        }

        [Test]
        public async Task stream_left_early()
        {
            using (var stream = await client.StreamAsync("drip/100000000"))
                Assert.Greater(await stream.ReadAsync(new byte[10], 0, 10), 0);
            Sandbox.Until(() => client.Number("under_way") == 0, "the request of the stream is over");
            Assert.AreEqual(200, (await client.GetAsync("things/0/")).Status);
        }

        [Test]
        public async Task stream_up()
        {
            var content = new Trickle(Encoding.UTF8.GetBytes("piece by piece"));
            var echo = (await client.PostAsync("echo/", new Call { Content = content, ContentType = "text/plain" })).Json;
            Assert.AreEqual("piece by piece", echo["body"].AsString());
            Assert.AreEqual("chunked", echo["headers"]["transfer-encoding"].AsString());

            var broken = new Trickle(new byte[100]) { Breaks = true };
            Assert.AreEqual("The tape tore.", (await Sandbox.Throws<IOException>(() => client.PostAsync("echo/", new Call { Content = broken }))).Message);
            Assert.AreEqual(200, (await client.GetAsync("things/0/")).Status);
        }

        /// <summary>A stream that does not know its length, and gives a byte at a time.</summary>
        sealed class Trickle : MemoryStream
        {
            public bool Breaks;

            public Trickle(byte[] bytes) : base(bytes) { }

            public override bool CanSeek { get { return false; } }

            public override int Read(byte[] buffer, int offset, int count)
            {
                if (Breaks && Position > 50) throw new IOException("The tape tore.");
                return base.Read(buffer, offset, Math.Min(1, count));
            }
        }

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
        public async Task progress_throws()
        {
            using (var folder = new Folder())
            {
                var error = await Sandbox.Throws<ApplicationException>(() => client.DownloadAsync("drip/100000000", folder["file"],
                    new Call { Progress = (done, total) => { throw new ApplicationException("No more."); } }));
                Assert.AreEqual("No more.", error.Message);
                CollectionAssert.DoesNotContain(folder.Names, "file");
            }
        }

        [Test]
        public async Task log()
        {
            var lines = new ConcurrentQueue<LogLevel>();
            var options = Sandbox.Options();
            options.LogLevel = LogLevel.Info;
            options.Log = (level, line) => lines.Enqueue(level);
            using (var mine = await Client.LoginAsync("custom", Sandbox.User, Sandbox.Password, options)) await mine.GetAsync("things/0/");
            CollectionAssert.Contains(lines, LogLevel.Info);
            CollectionAssert.DoesNotContain(lines, LogLevel.Debug);
        }

        [Test]
        public async Task log_throws()
        {
            var calls = 0;
            var options = Sandbox.Options();
            options.LogLevel = LogLevel.Trace;
            options.Log = (level, line) => { calls++; throw new ApplicationException(line); };
            using (var mine = await Client.LoginAsync("custom", Sandbox.User, Sandbox.Password, options))
                Assert.AreEqual(200, (await mine.GetAsync("things/0/")).Status);
            Assert.Greater(calls, 0);
        }

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
        public async Task wrong_types()
        {
            await Sandbox.Throws<ArgumentNullException>(() => client.GetAsync(null));
            await Sandbox.Throws<ArgumentNullException>(() => client.RequestAsync(null, "things/"));
            await Sandbox.Throws<ArgumentNullException>(() => client.DownloadAsync("files/out.bin", null));
            await Sandbox.Throws<ArgumentNullException>(() => client.UploadAsync("upload/", (Stream)null));
            await Sandbox.Throws<ArgumentNullException>(() => client.FollowAsync(null, "x"));
            await Sandbox.Throws<ArgumentNullException>(() => Client.LoginAsync("custom", null, "x"));
            Assert.Throws<ArgumentNullException>(() => client.Pages(null));
            Assert.Throws<ArgumentNullException>(() => new Call().Query.Add(null, "x"));

            var json = (await client.GetAsync("things/0/")).Json;
            Assert.Throws<InvalidOperationException>(() => json["name"].AsInt64());
            Assert.Throws<InvalidOperationException>(() => json["id"].AsString());
            Assert.Throws<InvalidOperationException>(() => json["id"].AsBoolean());
            Assert.Throws<KeyNotFoundException>(() => json["nothing"].AsString());
            Assert.Throws<KeyNotFoundException>(() => json["name"]["more"].AsString());
            Assert.Throws<ArgumentOutOfRangeException>(() => json[0].AsString());
        }

        [Test]
        public async Task broken_text()
        {
            const string half = "a\ud800b";
            await Sandbox.Throws<EncoderFallbackException>(() => client.GetAsync(half));
            await Sandbox.Throws<ArgumentException>(() => client.GetAsync("echo/", new Call { Query = { ["q"] = half } }));
            await Sandbox.Throws<ArgumentException>(() => client.PostAsync("echo/", new Call { Json = "\"" + half + "\"" }));
            await Sandbox.Throws<ArgumentException>(() => Client.LoginAsync("custom", half, "x", Sandbox.Options()));
            await Sandbox.Throws<CruxArgumentException>(() => Client.LoginAsync("custom", "a\0b", "x", Sandbox.Options()));
            await Sandbox.Throws<CruxArgumentException>(() => client.DownloadAsync("files/out.bin", "a\0b"));

            Sandbox.Answer("{\"path\":\"/text/\",\"method\":\"*\",\"status\":200,\"body\":\"[\\\"a\\\\u0000b\\\"]\"}");
            Assert.AreEqual("a\0b", (await client.GetAsync("text/")).Json[0].AsString());
        }

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
        public void fork()
        {
            Assert.Ignore(".NET has no fork");
        }

        [Test]
        public void library_missing()
        {
            int code;
            var output = Sandbox.Run("mono", Sandbox.Place("Probe.exe") + " version", out code, "CRUX_LIBRARY", "/no/such/libcrux.so");
            StringAssert.StartsWith("DllNotFoundException: The library libcrux was not found. Tried: /no/such/libcrux.so (", output);
            output = Sandbox.Run("mono", Sandbox.Place("Probe.exe") + " version", out code, "CRUX_LIBRARY", "", "LD_LIBRARY_PATH", "");
            StringAssert.Contains("libcrux.so.0", output);
        }

        [Test]
        public void library_too_old()
        {
            int code;
            var output = Sandbox.Run("mono", Sandbox.Place("Probe.exe") + " version", out code, "CRUX_LIBRARY", "libm.so.6");
            StringAssert.StartsWith("NotSupportedException: The library libm.so.6 has ABI 0, and this package needs ABI 1 or later.", output);
        }
    }
}
