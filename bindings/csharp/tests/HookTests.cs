using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>Progress and the log.</summary>
    [TestFixture]
    public class HookTests : ClientTests
    {
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
    }
}
