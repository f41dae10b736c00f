using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>Errors, and what is refused before anything is sent.</summary>
    [TestFixture]
    public class ErrorTests : ClientTests
    {
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
            var timeout = await Sandbox.Throws<CruxTimeoutException>(() => client.GetAsync("slow/", new Call { TimeoutTotalMs = 100 }));
            Assert.IsInstanceOf<TimeoutException>(timeout.InnerException);
            var argument = await Sandbox.Throws<CruxArgumentException>(() => client.GetAsync("{no}/"));
            Assert.IsInstanceOf<ArgumentException>(argument.InnerException);
            var file = await Sandbox.Throws<FileException>(() => client.UploadAsync("upload/", "/no/such/file", "file"));
            Assert.IsInstanceOf<IOException>(file.InnerException);
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
    }
}
