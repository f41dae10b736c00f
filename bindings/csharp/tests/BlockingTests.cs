using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>Hooks that block: a cancel ends the call all the same, and they go on by themselves.</summary>
    [TestFixture]
    public class BlockingTests : ClientTests
    {
        /// <summary>Blocks until it is let go, and counts who came.</summary>
        sealed class Block : Stream, IProgress<Transfer>, IDisposable
        {
            readonly ManualResetEventSlim open = new ManualResetEventSlim();

            public int Entered, Left;

            public void Enter()
            {
                Interlocked.Increment(ref Entered);
                open.Wait();
                Interlocked.Increment(ref Left);
            }

            public void Report(Transfer value) { Enter(); }

            public override int Read(byte[] buffer, int offset, int count)
            {
                Enter();
                return 0;
            }

            /// <summary>Lets all go, and waits until they have gone.</summary>
            public void LetGo()
            {
                open.Set();
                Sandbox.Until(() => Left == Entered, "all have gone");
            }

            protected override void Dispose(bool disposing) { open.Set(); }

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

        static Client With(Action<Options> set)
        {
            var options = Sandbox.Options();
            set(options);
            return Client.Anonymous("custom", options);
        }

        /// <summary>A call ends by its own token, by Cancel and by Dispose, whatever blocks in it.</summary>
        static async Task EndsAnyhow(Func<Client> open, Func<Client, CancellationToken, Task> call)
        {
            using (var mine = open()) await Sandbox.EndsWhenCancelled(token => call(mine, token));
            foreach (var end in new Action<Client>[] { one => one.Cancel(), one => one.Dispose() })
                using (var mine = open())
                {
                    var task = call(mine, CancellationToken.None);
                    await Task.Delay(150);
                    Assert.IsFalse(task.IsCompleted, "The call ended before it was cancelled.");
                    var clock = System.Diagnostics.Stopwatch.StartNew();
                    end(mine);
                    await Sandbox.Throws<OperationCanceledException>(() => task);
                    Assert.Less(clock.ElapsedMilliseconds, 300);
                }
        }

        static Client Open() { return Client.Token("custom", "tok-7d1c", Sandbox.Options()); }

        [Test]
        public async Task a_progress_that_blocks_holds_up_no_cancel()
        {
            using (var block = new Block())
            {
                await EndsAnyhow(Open, (mine, token) => mine.GetAsync("drip/100", new Call { Progress = (done, total) => block.Enter() }, token));
                await EndsAnyhow(Open, (mine, token) => mine.GetAsync("slow/", new Call { Reporter = block, Json = "{}" }, token));
                var entered = block.Entered;
                block.LetGo();
                await Task.Delay(120);
                Assert.AreEqual(entered, block.Entered, "progress was told of a call that is over");
            }
        }

        [Test]
        public async Task a_body_that_blocks_holds_up_no_cancel()
        {
            var before = Hooks.Held;
            using (var block = new Block())
            {
                await EndsAnyhow(Open, (mine, token) => mine.PostAsync("echo/", new Call { Content = block }, token));
                await EndsAnyhow(Open, (mine, token) => mine.UploadAsync("upload/", block, call: null, cancellationToken: token));
                await EndsAnyhow(Open, (mine, token) => mine.PostAsync("echo/",
                    new Call { Content = new MemoryStream(new byte[10]), Progress = (done, total) => block.Enter() }, token));
                block.LetGo();
            }
            Sandbox.Until(() => Hooks.Held <= before, "the bodies were released");
        }

        [Test]
        public async Task a_provider_of_tokens_that_blocks_holds_up_no_cancel()
        {
            using (var block = new Block())
            {
                Func<Client> open = () => With(options => options.TokenProvider = refused =>
                {
                    block.Enter();
                    return Task.FromResult("tok-7d1c");
                });
                await EndsAnyhow(open, (mine, token) => mine.GetAsync("things/0/", null, token));
                // What comes late is for the next call.
                using (var mine = open())
                {
                    await Sandbox.EndsWhenCancelled(token => mine.GetAsync("things/0/", null, token));
                    var entered = block.Entered;
                    block.LetGo();
                    Assert.AreEqual(200, (await mine.GetAsync("things/0/")).Status);
                    Assert.AreEqual(entered, block.Entered);
                }
            }
            await EndsAnyhow(() => With(options => options.TokenProvider = refused => new TaskCompletionSource<string>().Task),
                (mine, token) => mine.GetAsync("things/0/", null, token));
        }

        [Test]
        public async Task a_log_that_blocks_holds_up_no_cancel()
        {
            using (var block = new Block())
            {
                await EndsAnyhow(() => With(options =>
                {
                    options.LogLevel = LogLevel.Trace;
                    options.Log = (level, line) => block.Enter();
                }), (mine, token) => mine.GetAsync("slow/", null, token));
                block.LetGo();
            }
        }

        [Test]
        public async Task hooks_that_block_do_not_starve_other_calls()
        {
            using (var block = new Block())
            {
                var blocked = new Task[20];
                for (var i = 0; i < blocked.Length; i++)
                    blocked[i] = i % 2 == 0
                        ? client.GetAsync("drip/100", new Call { Progress = (done, total) => block.Enter() })
                        : client.PostAsync("echo/", new Call { Content = block });
                Sandbox.Until(() => block.Entered >= blocked.Length, "all are blocked");
                var clock = System.Diagnostics.Stopwatch.StartNew();
                for (var i = 0; i < 20; i++) Assert.AreEqual(200, (await client.GetAsync("things/0/")).Status);
                Assert.Less(clock.ElapsedMilliseconds, 1000);
                // A call that is over waits for its progress a second, and no longer.
                for (var i = 0; i < blocked.Length; i += 2) await blocked[i];
                Assert.Less(clock.ElapsedMilliseconds, 3000);
                block.LetGo();
                await Task.WhenAll(blocked);
            }
        }

        static class WithProgress
        {
            internal static readonly int Status = Ask();

            static int Ask()
            {
                using (var mine = Open()) return mine.GetAsync("drip/20", new Call { Progress = (done, total) => { } }).GetAwaiter().GetResult().Status;
            }
        }

        static class WithTokens
        {
            internal static readonly int Status = Ask();

            static int Ask()
            {
                using (var mine = With(options => options.TokenProvider = refused => Task.FromResult("tok-7d1c")))
                    return mine.GetAsync("things/0/").GetAwaiter().GetResult().Status;
            }
        }

        static class WithLog
        {
            internal static readonly int Status = Ask();

            static int Ask()
            {
                using (var mine = With(options => options.Log = (level, line) => { })) return mine.GetAsync("things/999/").GetAwaiter().GetResult().Status;
            }
        }

        /// <summary>The type lock keeps hooks of a type out of it while its initializer waits for the call.</summary>
        [Test]
        public async Task a_static_initializer_may_call_or_is_told_why_not()
        {
            foreach (var read in new Func<int>[] { () => WithProgress.Status, () => WithTokens.Status, () => WithLog.Status })
            {
                var task = Task.Factory.StartNew(read, TaskCreationOptions.LongRunning);
                Assert.AreSame(task, await Task.WhenAny(task, Task.Delay(8000)), "It hangs.");
                try { Assert.AreEqual(200, task.GetAwaiter().GetResult()); }
                catch (TypeInitializationException error)
                {
                    Assert.IsInstanceOf<InvalidOperationException>(error.InnerException);
                    StringAssert.Contains("static initializer", error.InnerException.Message);
                }
            }
        }

        [Test]
        public void a_client_may_be_closed_while_its_thread_ends()
        {
            var before = Pump.LingerMs;
            Pump.LingerMs = 0;
            try
            {
                var threads = new Thread[4];
                var ended = 0;
                for (var i = 0; i < threads.Length; i++)
                {
                    threads[i] = new Thread(() =>
                    {
                        for (var round = 0; round < 100; round++)
                        {
                            var mine = Open();
                            mine.GetAsync("things/0/").Wait();
                            for (var spin = 0; spin < round % 30; spin++) Thread.SpinWait(100);
                            var last = mine.GetAsync("things/0/");
                            mine.Dispose();
                            if (Task.WhenAny(last, Task.Delay(5000)).Result == last) Interlocked.Increment(ref ended);
                        }
                    });
                    threads[i].Start();
                }
                foreach (var thread in threads) thread.Join();
                Assert.AreEqual(400, ended, "calls have ended");
                Sandbox.Until(() => Pump.Threads == 0, "no thread is left");
            }
            finally { Pump.LingerMs = before; }
        }
    }
}
