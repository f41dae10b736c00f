using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>Odd uses: what no careful program does. Each works or fails in words, and the client stays usable.</summary>
    [TestFixture]
    public class OddTests : ClientTests
    {
        const string half = "\ud800";

        static void Document(string path, string text)
        {
            Sandbox.Answer($"{{\"path\":\"/{path}/\",\"method\":\"*\",\"status\":200,\"body\":{Sandbox.Write(text)}}}");
        }

        static async Task Fails(Func<Task> call, params Type[] kinds)
        {
            try { await call(); }
            catch (Exception error)
            {
                Assert.IsTrue(kinds.Any(kind => kind.IsInstanceOfType(error)), error.ToString());
                Assert.IsNotEmpty(error.Message);
                return;
            }
            Assert.Fail("Nothing was thrown.");
        }

        [Test]
        public async Task pointers_lead_where_the_library_sees_them_lead()
        {
            Document("odd", "{\"\":{\"\":1},\"a\":[[5],{\"-\":6}],\"01\":2,\"~\":3,\"/\":4,\"-\":7,\"~2\":8,\"a/b\":9,\"~1\":10}");
            var response = await client.GetAsync("odd/");
            var pointers = new[]
            {
                "", "/", "//", "///", "a", "a/0", "/a", "/a/0", "/a/00", "/a/01", "/a/-", "/a/-1", "/a/+1", "/a/ 1", "/a/1", "/a/2", "/a/1/-",
                "/a/0/0", "/a/0/0/0", "/01", "/1", "/~", "/~0", "/~1", "/~2", "/~02", "/~01", "/~10", "/-", "/a~1b", "/a/b", "~0", "/a/1e0",
                "/a/99999999999999999999", "/a/0x0", "/a/\u0661", "/a/~0", "/a/", "#/a", "/A",
            };
            foreach (var pointer in pointers)
            {
                var found = response.Json.Find(pointer);
                var type = Native.crux_json_type(response.Handle, Utf8.Bytes(pointer, "pointer"));
                Assert.AreEqual(type, found == null ? 0 : (int)found.Type, "the type at \"" + pointer + "\"");
            }
            Assert.Throws<ArgumentNullException>(() => response.Json.Find(null));
            Document("nul", "{\"a\\u0000b\":1,\"c\":\"x\\u0000y\"}");
            var json = (await client.GetAsync("nul/")).Json;
            CollectionAssert.AreEqual(new[] { "a\0b", "c" }, json.Keys);
            Assert.AreEqual(1, json["a\0b"].AsInt64());
            Assert.AreEqual(1, json.Find("/a\0b").AsInt64());
            Assert.AreEqual("x\0y", json.Find("/c").AsString());
        }

        [Test]
        public async Task documents_of_any_kind_are_read_or_refused()
        {
            var digits = new string('7', 1000000);
            Document("odd", $"[9007199254740993,1e400,-0,{digits},1.5,0.{digits},\"\\ud800\"]");
            var json = (await client.GetAsync("odd/")).Json;
            var clock = System.Diagnostics.Stopwatch.StartNew();
            Assert.AreEqual(9007199254740993, json[0].AsInt64());
            Assert.AreEqual(0, json[2].AsInt64());
            foreach (var at in new[] { 1, 3 }) Assert.Throws<OverflowException>(() => json[at].AsInt64());
            Assert.Throws<FormatException>(() => json[4].AsInt64());
            Assert.Throws<InvalidOperationException>(() => json[6].AsInt64());
            Assert.AreEqual(digits, json[3].ToString());
            Assert.Less(clock.ElapsedMilliseconds, 1000);
            Document("deep", new string('[', 100000) + new string(']', 100000));
            var deep = (await client.GetAsync("deep/")).Json;
            Assert.AreEqual(1, deep.Count);
            Document("empty", "");
            var empty = await client.GetAsync("empty/");
            Assert.Throws<FormatException>(() => empty.Json.ToString());
            foreach (var text in new[] { "null", "5", "\"x\"", "{}", "[]", "{\"a\":5}" })
            {
                Document("scalar", text);
                Assert.AreEqual(0, client.Items("scalar/").Count(), text);
            }
        }

        sealed class Liar : Stream
        {
            readonly int extra;
            int reads;

            public Liar(int extra) { this.extra = extra; }

            public override int Read(byte[] buffer, int offset, int count) { return reads++ == 0 ? count - 1 : count + extra; }
            public override bool CanRead { get { return true; } }
            public override bool CanSeek { get { return false; } }
            public override bool CanWrite { get { return false; } }
            public override long Length { get { throw new NotSupportedException(); } }
            public override long Position { get { throw new NotSupportedException(); } set { throw new NotSupportedException(); } }
            public override void Flush() { }
            public override long Seek(long offset, SeekOrigin origin) { throw new NotSupportedException(); }
            public override void SetLength(long value) { }
            public override void Write(byte[] buffer, int offset, int count) { }
        }

        [Test]
        public async Task a_stream_that_lies_writes_nowhere()
        {
            foreach (var extra in new[] { 1, 1000, -10000000 })
                await Fails(() => client.PostAsync("echo/", new Call { Content = new Liar(extra) }), typeof(IOException));
            var closed = new MemoryStream(new byte[5]);
            closed.Dispose();
            await Fails(() => client.PostAsync("echo/", new Call { Content = closed }), typeof(ObjectDisposedException));
        }

        [Test]
        public async Task what_hooks_throw_comes_out_as_it_is()
        {
            foreach (var mine in new Exception[] { new ApplicationException("x"), new OperationCanceledException("mine"), new ObjectDisposedException("mine"), new IOException("y") })
            {
                Func<Func<Task>, Task> throws = async call =>
                {
                    try
                    {
                        await call();
                        Assert.Fail("Nothing was thrown.");
                    }
                    catch (Exception error) { Assert.AreSame(mine, error); }
                };
                await throws(() => client.GetAsync("slow/", new Call { Json = "{}", Progress = (done, total) => { throw mine; } }));
                var options = Sandbox.Options();
                options.TokenProvider = refused => { throw mine; };
                using (var other = Client.Anonymous("custom", options)) await throws(() => other.GetAsync("things/0/"));
                options = Sandbox.Options();
                options.TokenProvider = async refused =>
                {
                    await Task.Yield();
                    throw mine;
                };
                using (var other = Client.Anonymous("custom", options))
                    for (var turn = 0; turn < 2; turn++) await throws(() => other.GetAsync("things/0/"));
            }
        }

        [Test]
        public async Task hooks_may_call_the_client()
        {
            var calls = 0;
            var got = await client.GetAsync("drip/20", new Call
            {
                Progress = (done, total) => calls += client.GetAsync("things/0/").GetAwaiter().GetResult().Status,
            });
            Assert.AreEqual(200, got.Status);
            Assert.Greater(calls, 0);
            // One that waits for its own call is let wait.
            Task<Response> own = null;
            own = client.GetAsync("drip/20", new Call { Progress = (done, total) => { while (own == null) Thread.Sleep(1); own.Wait(5000); } });
            Assert.AreEqual(200, (await own).Status);
            // A token for which the client asks itself never comes.
            Client self = null;
            var options = Sandbox.Options();
            options.TokenProvider = async refused =>
            {
                await self.GetAsync("things/0/");
                return "tok-7d1c";
            };
            using (self = Client.Anonymous("custom", options))
                StringAssert.Contains("the same client", (await Sandbox.Throws<InvalidOperationException>(() => self.GetAsync("things/0/"))).Message);
            options.TokenProvider = async refused =>
            {
                await client.GetAsync("things/0/");
                return "tok-7d1c";
            };
            using (var other = Client.Anonymous("custom", options)) Assert.AreEqual(200, (await other.GetAsync("things/0/")).Status);
            options.TokenProvider = refused => null;
            using (var other = Client.Anonymous("custom", options))
                StringAssert.Contains("no task", (await Sandbox.Throws<InvalidOperationException>(() => other.GetAsync("things/0/"))).Message);
        }

        [Test]
        public async Task hooks_may_close_the_client()
        {
            var one = await Sandbox.Login();
            await Fails(() => one.GetAsync("slow/", new Call { Json = "{}", Progress = (done, total) => one.Dispose() }), typeof(OperationCanceledException));
            Client two = null;
            var options = Sandbox.Options();
            options.TokenProvider = refused =>
            {
                two.Dispose();
                return Task.FromResult("tok-7d1c");
            };
            two = Client.Anonymous("custom", options);
            await Fails(() => two.GetAsync("things/0/"), typeof(OperationCanceledException), typeof(ObjectDisposedException));
            Client three = null;
            options = Sandbox.Options();
            options.LogLevel = LogLevel.Trace;
            options.Log = (level, line) => { if (three != null) three.Dispose(); };
            three = Client.Token("custom", "tok-7d1c", options);
            try { await three.GetAsync("things/0/"); }
            catch (OperationCanceledException) { }
            Sandbox.Until(() => Pump.Threads <= 1, "the threads have ended");
            await Sandbox.Throws<ObjectDisposedException>(() => three.GetAsync("things/0/"));
        }

        [Test]
        public async Task a_closed_client_sends_nothing()
        {
            var page = await client.GetAsync("things/", new Call { Query = { ["limit"] = "1" } });
            var pages = client.Pages("things/").GetEnumerator();
            Assert.IsTrue(pages.MoveNext());
            var reads = 0;
            client.Dispose();
            Assert.Throws<ObjectDisposedException>(() => pages.MoveNext());
            await Sandbox.Throws<ObjectDisposedException>(() => client.NextPageAsync(page));
            await Sandbox.Throws<ObjectDisposedException>(() => client.PostAsync("echo/", new Call { Content = new MemoryStream(1) }));
            for (var round = 0; round < 50; round++)
            {
                var mine = Client.Token("custom", "tok-7d1c", Sandbox.Options());
                var call = mine.GetAsync("slow/", new Call { Content = new MemoryStream(new byte[10]) });
                for (var spin = 0; spin < round; spin++) Thread.SpinWait(300);
                var clock = System.Diagnostics.Stopwatch.StartNew();
                mine.Dispose();
                await Fails(() => call, typeof(OperationCanceledException), typeof(ObjectDisposedException));
                Assert.Less(clock.ElapsedMilliseconds, 300);
                reads++;
            }
            Assert.AreEqual(50, reads);
        }

        [Test]
        public async Task what_was_disposed_says_so()
        {
            var response = await client.GetAsync("things/");
            response.Dispose();
            response.Dispose();
            StringAssert.Contains("The response was disposed", (Assert.Throws<ObjectDisposedException>(() => response.Json.ToString())).Message);
            foreach (var call in new Func<Task>[] { () => response.FollowAsync("x"), () => client.WaitAsync(response), () => client.NextPageAsync(response) })
                StringAssert.Contains("The response was disposed", (await Sandbox.Throws<ObjectDisposedException>(call)).Message);
            Assert.Greater(response.Text.Length, 0);
            var stream = await client.StreamAsync("drip/100000000");
            stream.Dispose();
            stream.Dispose();
            Assert.Throws<ObjectDisposedException>(() => stream.Read(new byte[1], 0, 1));
            await Sandbox.Throws<ObjectDisposedException>(() => stream.ReadAsync(new byte[1], 0, 1));
        }

        [Test]
        public async Task a_body_may_be_empty()
        {
            var name = Path.GetTempFileName();
            var calls = new[]
            {
                new Call(), new Call { Json = "" }, new Call { Body = new byte[0] }, new Call { Content = new MemoryStream() }, new Call { File = name },
            };
            foreach (var call in calls) Assert.AreEqual(0, (await client.PostAsync("echo/", call)).Json["body_length"].AsInt64());
            File.Delete(name);
            Assert.AreEqual(0, (await client.UploadAsync("upload/", new MemoryStream())).Json["size"].AsInt64());
            using (var stream = await client.StreamAsync("drip/0"))
            {
                Assert.AreEqual(0, await stream.ReadAsync(new byte[1], 0, 1));
                Assert.AreEqual(0, stream.Read(new byte[0], 0, 0));
            }
        }

        [Test]
        public async Task headers_of_any_size_are_sent_or_refused()
        {
            var large = new string('x', 5000);
            Assert.AreEqual(large, (await client.GetAsync("echo/", new Call { Headers = { ["x-long"] = large } })).Json["headers"]["x-long"].AsString());
            var bad = new[] { new[] { "x-a", "b\r\nx-c: d" }, new[] { "x-a", "b\0c" }, new[] { "x a", "b" }, new[] { "", "b" }, new[] { "x-é", "b" }, new[] { "Authorization", "mine" } };
            foreach (var pair in bad)
                await Fails(() => client.GetAsync("echo/", new Call { Headers = { [pair[0]] = pair[1] } }), typeof(CruxArgumentException));
            try { await client.GetAsync("echo/", new Call { Headers = { ["x-huge"] = new string('x', 1 << 24) } }); }
            catch (CruxException error) { Assert.IsNotEmpty(error.Message); }
            Assert.AreEqual(200, (await client.GetAsync("things/0/")).Status);
        }

        [Test]
        public async Task half_a_surrogate_pair_is_refused_everywhere()
        {
            var response = await client.GetAsync("things/0/");
            var calls = new Func<Task>[]
            {
                () => client.GetAsync(half), () => client.RequestAsync(half, "x"), () => client.GetAsync("x", new Call { Query = { [half] = "a" } }),
                () => client.GetAsync("x", new Call { Query = { ["a"] = half } }), () => client.GetAsync("{a}", new Call { Fill = { ["a"] = half } }),
                () => client.GetAsync("x", new Call { Headers = { ["a"] = half } }), () => client.GetAsync("x", new Call { ["accept"] = half }),
                () => client.PostAsync("x", new Call { Json = half }), () => client.PostAsync("x", new Call { File = half }),
                () => client.PostAsync("x", new Call { Body = new byte[1], ContentType = half }), () => client.DownloadAsync("x", half),
                () => client.UploadAsync("x", half), () => client.UploadAsync("x", new MemoryStream(), half),
                () => client.UploadAsync("x", new MemoryStream(), "a", half), () => response.FollowAsync(half), () => client.ResetPasswordAsync(half),
                () => { client.SetToken(half); return Task.FromResult(0); }, () => { client.Info(half); return Task.FromResult(0); },
                () => { Client.Token("custom", half); return Task.FromResult(0); }, () => { Client.Anonymous(half); return Task.FromResult(0); },
                () => Client.LoginAsync("custom", half, "x", Sandbox.Options()), () => Client.LoginAsync("custom", "x", half, Sandbox.Options()),
                () => Client.LoginAsync("custom", "x", "y", new Options { BaseUrl = half }),
            };
            for (var i = 0; i < calls.Length; i++)
                try { await Fails(calls[i], typeof(ArgumentException)); }
                catch (AssertionException error) { Assert.Fail($"Number {i}: {error.Message}"); }
            Assert.AreEqual(200, (await client.GetAsync("things/0/")).Status);
        }

        [Test]
        public async Task times_of_any_size_are_times_or_refused()
        {
            var accepted = await client.PostAsync("jobs/", new Call { Json = "{}" });
            await Fails(() => client.WaitAsync(accepted, TimeSpan.MaxValue), typeof(CruxArgumentException));
            foreach (var limit in new[] { TimeSpan.MinValue, TimeSpan.FromTicks(1), TimeSpan.Zero })
                try { await client.WaitAsync(accepted, limit); }
                catch (CruxTimeoutException) { }
            foreach (var text in new[] { "-1", "1e3", "inf", "NaN", "99999999999999999999" })
                await Fails(() => client.GetAsync("things/0/", new Call { ["timeout.total_ms"] = text }), typeof(CruxArgumentException));
            await Fails(() => client.GetAsync("things/0/", new Call { ["no.such"] = "1" }), typeof(CruxArgumentException));
            await Fails(() => client.PostAsync("things/0/", new Call { TimeoutTotalMs = -5 }), typeof(CruxArgumentException));
        }

        [Test]
        public async Task collections_at_every_step_free_nothing_too_early()
        {
            for (var turn = 0; turn < 10; turn++)
            {
                var options = Sandbox.Options();
                options.Log = (level, line) => GC.Collect();
                options.TokenProvider = refused => { GC.Collect(); return Task.FromResult("tok-7d1c"); };
                var mine = Client.Anonymous("custom", options);
                var call = mine.GetAsync("drip/50", new Call { Progress = (done, total) => GC.Collect() });
                var stream = await mine.StreamAsync("drip/1000000");
                var abandoned = mine.GetAsync("slow/");
                var json = (await mine.GetAsync("things/")).Json;
                mine = null;
                GC.Collect();
                GC.WaitForPendingFinalizers();
                Assert.AreEqual(50, (await call).Body.Length);
                Assert.Greater(await stream.ReadAsync(new byte[10], 0, 10), 0);
                GC.Collect();
                Assert.Greater(json["results"].Count, 0);
                Assert.IsFalse(abandoned.IsCompleted);
                stream.Dispose();
            }
        }

        [Test]
        public async Task nothing_in_the_place_of_something_is_refused()
        {
            var calls = new Func<Task>[]
            {
                () => client.GetAsync(null), () => client.RequestAsync(null, "x"), () => client.FollowAsync(null, "x"), () => client.WaitAsync(null),
                () => client.DownloadAsync(null, "x"), () => client.DownloadAsync("x", null), () => client.UploadAsync("x", (string)null),
                () => client.UploadAsync("x", (Stream)null), () => client.NextPageAsync(null), () => client.StreamAsync(null),
                () => Client.LoginAsync("custom", null, "x"), () => Client.LoginAsync("custom", "x", null), () => client.ResetPasswordAsync(null),
            };
            foreach (var call in calls) await Fails(call, typeof(ArgumentNullException));
            Assert.Throws<ArgumentNullException>(() => client.Pages(null));
            Assert.Throws<ArgumentNullException>(() => client.SetToken(null));
            Assert.Throws<ArgumentNullException>(() => new Call().Query.Add(null, "x"));
            var seen = new List<string>();
            foreach (var pair in new Call { Query = { ["a"] = null } }.Query) seen.Add(pair.Key);
            CollectionAssert.AreEqual(new[] { "a" }, seen);
            Assert.AreEqual(200, (await client.GetAsync("things/0/", new Call { Query = { ["a"] = null } })).Status);
        }
    }
}
