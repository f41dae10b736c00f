using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>Files, bodies and streams.</summary>
    [TestFixture]
    public class TransferTests : ClientTests
    {
        [Test]
        public async Task upload_file()
        {
            using (var folder = new Folder())
            {
                File.WriteAllBytes(folder["größe.bin"], new byte[3 << 20]);
                long sent = 0, total = 0;
                var made = await client.UploadAsync("upload/", folder["größe.bin"], "file", null,
                    new Call { Progress = (done, all) => { sent = done; total = all; } });
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
        public async Task a_file_is_a_body()
        {
            using (var folder = new Folder())
            {
                File.WriteAllText(folder["body"], "from the disk");
                var echo = await client.PutAsync("echo/", new Call { File = folder["body"], ContentType = "text/plain" });
                Assert.AreEqual("from the disk", echo.Json["body"].AsString());
                await Sandbox.Throws<FileException>(() => client.PutAsync("echo/", new Call { File = folder["none"] }));
            }
            Assert.AreEqual(0, (await client.PutAsync("echo/", new Call { Body = new byte[0] })).Json["body_length"].AsInt64());
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
        public async Task many_streams_are_read_at_once_by_one_thread()
        {
            Sandbox.Until(() => !Streams.IsRunning, "no earlier stream is waited for");
            var before = Streams.Started;
            var streams = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.StreamAsync("drip/100000000")));
            var sums = await Task.WhenAll(streams.Select(async stream =>
            {
                var sum = 0;
                var buffer = new byte[1 << 16];
                while (sum < 200000) sum += await stream.ReadAsync(buffer, 0, buffer.Length);
                return sum;
            }));
            Assert.IsTrue(sums.All(sum => sum >= 200000));
            Assert.AreEqual(before + 1, Streams.Started);
            foreach (var stream in streams) stream.Dispose();
            await Sandbox.Throws<ObjectDisposedException>(() => streams[0].ReadAsync(new byte[1], 0, 1));
        }

        [Test]
        public async Task a_body_that_breaks_off_is_an_error()
        {
            using (var silent = new Silent("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab", true))
            using (var mine = Client.Anonymous("custom", new Options { BaseUrl = silent.Address, RetryMax = 0 }))
            {
                await Sandbox.Throws<CruxIOException>(() => mine.GetAsync("x/"));
                using (var stream = await mine.StreamAsync("x/"))
                    await Sandbox.Throws<CruxIOException>(() => stream.CopyToAsync(Stream.Null));
            }
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
    }
}
