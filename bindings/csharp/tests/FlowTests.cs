using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>Pages and jobs.</summary>
    [TestFixture]
    public class FlowTests : ClientTests
    {
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
        public async Task pages_can_be_awaited()
        {
            var sizes = new List<int>();
            for (var page = await client.GetAsync("things/", new Call { Query = { ["limit"] = "3" } }); page != null; page = await client.NextPageAsync(page))
                sizes.Add(page.Json["results"].Count);
            CollectionAssert.AreEqual(new[] { 3, 3, 1 }, sizes);
        }

        [Test]
        public async Task a_link_is_followed_by_the_client_of_its_response()
        {
            var page = await client.GetAsync("things/");
            Assert.AreEqual("Bluse", (await client.FollowAsync(page, "./1/")).Json["name"].AsString());
            using (var other = Client.Token("custom", "tok-7d1c", Sandbox.Options()))
                await Sandbox.Throws<ArgumentException>(() => other.FollowAsync(page, "./1/"));
        }

        [Test]
        public async Task wait_later()
        {
            var accepted = await client.PostAsync("jobs/", new Call { Json = "{}" });
            Assert.AreEqual(202, accepted.Status);
            var done = await client.WaitAsync(accepted);
            Assert.AreEqual(100, done.Json["value"]["progress"].AsInt64());
            Assert.AreEqual(Sandbox.Base + "files/out.bin", done.Location);
            accepted = await client.PostAsync("jobs/", new Call { Json = "{}" });
            await client.WaitAsync(accepted, System.Threading.Timeout.InfiniteTimeSpan);
        }
    }
}
