using System;
using System.Collections.Concurrent;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>Who calls: the login, its token, and where they come from.</summary>
    [TestFixture]
    public class SessionTests : ClientTests
    {
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
        public async Task token_source()
        {
            var asked = new ConcurrentQueue<string>();
            var options = Sandbox.Options();
            options.TokenProvider = refused =>
            {
                asked.Enqueue(refused);
                return Task.FromResult(refused == null ? "stale" : "tok-7d1c");
            };
            using (var mine = Client.Anonymous("custom", options))
            {
                Assert.AreEqual(200, (await mine.GetAsync("things/0/")).Status);
                Assert.AreEqual(200, (await mine.GetAsync("things/0/")).Status);
            }
            CollectionAssert.AreEqual(new[] { null, "stale" }, asked);
        }

        [Test]
        public async Task token_source_throws()
        {
            var options = Sandbox.Options();
            options.TokenProvider = refused => { throw new ApplicationException("The vault is shut."); };
            using (var mine = Client.Anonymous("custom", options)) await Sandbox.Throws<ApplicationException>(() => mine.GetAsync("things/0/"));
            options.TokenProvider = async refused =>
            {
                await Task.Yield();
                if (refused != null) throw new ApplicationException("The vault is shut.");
                return "stale";
            };
            using (var mine = Client.Anonymous("custom", options)) await Sandbox.Throws<ApplicationException>(() => mine.GetAsync("things/0/"));
        }

        [Test]
        public async Task token_source_is_ended_by_a_cancel()
        {
            var options = Sandbox.Options();
            var never = new TaskCompletionSource<string>();
            options.TokenProvider = refused => never.Task;
            using (var mine = Client.Anonymous("custom", options))
            {
                await Sandbox.EndsWhenCancelled(token => mine.GetAsync("things/0/", null, token));
                await Sandbox.EndsWhenCancelled(token => mine.GetAsync("things/0/", null, token));
                var call = mine.GetAsync("things/0/");
                mine.Cancel();
                await Sandbox.Throws<OperationCanceledException>(() => call);
                call = mine.GetAsync("things/0/");
                mine.Dispose();
                await Sandbox.Throws<OperationCanceledException>(() => call);
            }
        }

        [Test]
        public async Task a_token_that_the_service_calls_expired_is_fetched_anew()
        {
            Sandbox.Answer("{\"path\":\"/late/\",\"method\":\"*\",\"status\":403,\"body\":{\"detail\":\"Token has expired.\"}}");
            var options = Sandbox.Options();
            options.TokenProvider = refused =>
            {
                if (refused != null) Sandbox.Answer("{\"path\":\"/late/\",\"method\":\"*\",\"status\":200,\"body\":{}}");
                return Task.FromResult(refused == null ? "first" : "second");
            };
            using (var mine = Client.Anonymous("custom", options)) Assert.AreEqual(200, (await mine.GetAsync("late/")).Status);
        }

        [Test]
        public async Task a_job_is_started_once_when_its_token_expires()
        {
            Sandbox.Answer("{\"path\":\"/once/\",\"method\":\"*\",\"status\":202,\"body\":{\"value\":\"/once/progress/\"}}");
            Sandbox.Answer("{\"path\":\"/once/progress/\",\"method\":\"*\",\"status\":401}");
            var options = Sandbox.Options();
            options.TokenProvider = refused =>
            {
                if (refused != null)
                {
                    Sandbox.Answer("{\"path\":\"/once/\",\"method\":\"*\",\"status\":409}");
                    Sandbox.Answer("{\"path\":\"/once/progress/\",\"method\":\"*\",\"status\":200,\"body\":{\"value\":{\"progress\":100,\"message\":\"done\"}}}");
                }
                return Task.FromResult(refused == null ? "first" : "second");
            };
            using (var mine = Client.Anonymous("custom", options))
                Assert.AreEqual(200, (await mine.PostAsync("once/", new Call { Json = "{}", Wait = true })).Status);
        }
    }
}
