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
    }
}
