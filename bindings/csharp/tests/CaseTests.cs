using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using NUnit.Framework;
using Members = System.Collections.Generic.Dictionary<string, object>;

namespace Crux.Tests
{
    /// <summary>The cases that are data: each goes through the public face of the package.</summary>
    [TestFixture]
    public class CaseTests
    {
        static object[] All { get { return (object[])Sandbox.Parse(File.ReadAllText(Sandbox.Variable("CRUX_CASES"))); } }

        static IEnumerable<Members> Where(bool own)
        {
            return All.Cast<Members>().Where(one => (Text(one, "do") == "own") == own);
        }

        static IEnumerable<TestCaseData> Data { get { return Where(false).Select(one => new TestCaseData(one).SetName(Text(one, "name"))); } }

        [TearDown]
        public void Forget() { Sandbox.Forget(); }

        [Test]
        public void every_case_is_run_or_skipped_with_a_reason()
        {
            var written = typeof(CaseTests).Assembly.GetTypes().SelectMany(one => one.GetMethods())
                .Where(one => one.IsDefined(typeof(TestAttribute), false)).Select(one => one.Name);
            CollectionAssert.IsSubsetOf(Where(true).Select(one => Text(one, "name")), written);
        }

        [TestCaseSource("Data")]
        public async Task Case(object data)
        {
            var one = (Members)data;
            var expect = (Members)one["expect"];
            Sandbox.Forget();
            foreach (var answer in List(one, "before")) Sandbox.Answer(Sandbox.Write(answer));

            var clock = Stopwatch.StartNew();
            var outcome = new Result();
            try { await Run(one, outcome); }
            catch (CruxException error)
            {
                outcome.Error = error;
                outcome.Response = error.Response;
            }
            if (one.ContainsKey("within_ms")) Assert.Less(clock.ElapsedMilliseconds, (int)one["within_ms"]);

            var wanted = Text(expect, "error");
            if (wanted == null && outcome.Error != null) Assert.Fail("It failed: " + outcome.Error);
            if (wanted != null) Assert.AreEqual(wanted.Replace("_", ""), outcome.Error == null ? "success" : outcome.Error.Code.ToString().ToLowerInvariant());
            foreach (var expected in expect.Where(pair => pair.Key != "error")) Check(expected.Key, expected.Value, outcome, one);
        }

        sealed class Result
        {
            public Response Response;
            public CruxException Error;
            public List<int> Sizes = new List<int>();
            public List<object> Items = new List<object>();
            public long Length = -1, Last = -1;
            public bool HasFile;
        }

        static async Task Run(Members one, Result result)
        {
            var expect = (Members)one["expect"];
            var call = MakeCall(one);
            var path = Fill(Text(one, "path"));
            using (var client = await Open(one))
            using (var folder = new Folder())
                switch (Text(one, "do") ?? "call")
                {
                    case "login":
                        break;
                    case "call":
                        result.Response = await client.RequestAsync(Text(one, "method") ?? "GET", path, call);
                        break;
                    case "follow":
                        result.Response = await (await client.GetAsync(path)).FollowAsync(Text(one, "link"));
                        break;
                    case "pages":
                        foreach (var page in client.Pages(path, call))
                            result.Sizes.Add(page.Json.Find(expect.ContainsKey("sizes") ? Text((Members)expect["sizes"], "pointer") : "").Count);
                        break;
                    case "items":
                        foreach (var item in client.Items(path, call)) result.Items.Add(item.Find(Text((Members)expect["items"], "pointer")).AsString());
                        break;
                    case "upload":
                        var data = new MemoryStream(Encoding.UTF8.GetBytes(Text(one, "data")));
                        result.Response = await client.UploadAsync(path, data, Text(one, "field"), Text(one, "filename"), null, call);
                        break;
                    case "download":
                        call.Progress = (received, total) => result.Last = received;
                        try { result.Response = await client.DownloadAsync(path, folder["file"], call); }
                        finally
                        {
                            result.HasFile = File.Exists(folder["file"]);
                            if (result.HasFile) result.Length = new FileInfo(folder["file"]).Length;
                        }
                        break;
                    case "stream":
                        using (var stream = await client.StreamAsync(path, call))
                        using (var body = new MemoryStream())
                        {
                            await stream.CopyToAsync(body);
                            result.Response = stream.Response;
                            result.Length = body.Length;
                        }
                        break;
                    default:
                        Assert.Fail("The runner does not know: " + Text(one, "do"));
                        break;
                }
        }

        static async Task<Client> Open(Members one)
        {
            var options = Sandbox.Options();
            var given = one.ContainsKey("options") ? (Members)one["options"] : new Members();
            foreach (var pair in given)
                if (Text(one, "do") == "login" || pair.Key == "tls_ca_file" || pair.Key == "base_url") options[pair.Key] = Fill(Plain(pair.Value));
            switch (Text(one, "account") ?? "password")
            {
                case "token": return Client.Token("custom", "tok-7d1c", options);
                case "bad_token": return Client.Token("custom", "nope", options);
                case "anonymous": return Client.Anonymous("custom", options);
                default: return await Client.LoginAsync("custom", Sandbox.User, Text(one, "secret") ?? Sandbox.Password, options);
            }
        }

        static Call MakeCall(Members one)
        {
            var call = new Call { ContentType = Text(one, "type"), Wait = one.ContainsKey("wait") };
            Action<string, Pairs> add = (member, pairs) =>
            {
                if (one.ContainsKey(member))
                    foreach (var pair in (Members)one[member]) pairs.Add(pair.Key, Plain(pair.Value));
            };
            add("query", call.Query);
            add("fill", call.Fill);
            add("headers", call.Headers);
            if (one.ContainsKey("json")) call.Json = Sandbox.Write(one["json"]);
            if (one.ContainsKey("body_hex")) call.Body = Hex(Text(one, "body_hex"));
            if (one.ContainsKey("options") && Text(one, "do") != "login")
                foreach (var pair in (Members)one["options"])
                    if (pair.Key != "tls_ca_file" && pair.Key != "base_url") call[pair.Key] = Plain(pair.Value);
            return call;
        }

        static void Check(string name, object value, Result result, Members one)
        {
            var response = result.Response;
            var error = result.Error;
            switch (name)
            {
                case "status": Assert.AreEqual(value, error == null ? response.Status : error.Status); break;
                case "text": Assert.AreEqual(value, response.Text); break;
                case "length": Assert.AreEqual(value, result.Length >= 0 ? result.Length : response.Body.Length); break;
                case "sha256": Assert.AreEqual(value, BitConverter.ToString(SHA256.Create().ComputeHash(response.Body)).Replace("-", "").ToLowerInvariant()); break;
                case "url": Assert.AreEqual(Fill((string)value), response.Url); break;
                case "location": Assert.AreEqual(Fill((string)value), response.Location); break;
                case "attempts": Assert.AreEqual(value, response.Attempts); break;
                case "server_message": Assert.AreEqual(value, error.ServerMessage); break;
                case "retryable": Assert.AreEqual(value, error.Retryable); break;
                case "retry_after_s": Assert.AreEqual(value, error.RetryAfter.Value.TotalSeconds); break;
                case "json":
                    foreach (var pair in (Members)value) AreEqual(pair.Value, response.Json.Find(pair.Key), pair.Key);
                    break;
                case "absent":
                    foreach (string pointer in (object[])value) Assert.IsNull(response.Json.Find(pointer), pointer);
                    break;
                case "sent_json": AreEqual(Sandbox.Parse(response.Json["body"].AsString()), one["json"]); break;
                case "json_fails": Assert.Throws<FormatException>(() => response.Json.ToString()); break;
                case "headers":
                    foreach (var pair in (Members)value) Assert.AreEqual(pair.Value, response.Headers[pair.Key]);
                    break;
                case "sizes": CollectionAssert.AreEqual((object[])((Members)value)["are"], result.Sizes); break;
                case "items": CollectionAssert.AreEqual((object[])((Members)value)["are"], result.Items); break;
                case "file_length": Assert.AreEqual(value, result.Length); break;
                case "progress_last": Assert.AreEqual(value, result.Last); break;
                case "no_file": Assert.IsFalse(result.HasFile); break;
                default: Assert.Fail("The runner does not know what is expected: " + name); break;
            }
        }

        /// <summary>Whether a value of the package is the one of the case.</summary>
        static void AreEqual(object expected, Json got, string pointer)
        {
            Assert.IsNotNull(got, "Nothing stands at " + pointer);
            if (expected == null) Assert.IsTrue(got.IsNull);
            else if (expected is string) Assert.AreEqual(expected, got.AsString());
            else if (expected is bool) Assert.AreEqual(expected, got.AsBoolean());
            else if (expected is decimal) Assert.AreEqual(expected, got.AsDecimal());
            else Assert.AreEqual(Convert.ToInt64(expected), got.AsInt64());
        }

        static void AreEqual(object expected, object got)
        {
            Assert.AreEqual(Sandbox.Write(expected), Sandbox.Write(got));
        }

        static IEnumerable<object> List(Members one, string name)
        {
            return one.ContainsKey(name) ? (object[])one[name] : new object[0];
        }

        static string Text(Members one, string name)
        {
            object value;
            return one.TryGetValue(name, out value) ? (string)value : null;
        }

        static string Plain(object value) { return Convert.ToString(value, CultureInfo.InvariantCulture); }

        static string Fill(string text)
        {
            return text == null ? null : text.Replace("{base}", Sandbox.Base)
                .Replace("{https}", Sandbox.Variable("CRUX_SANDBOX_HTTPS")).Replace("{ca}", Sandbox.Variable("CRUX_SANDBOX_CA"));
        }

        static byte[] Hex(string text)
        {
            return Enumerable.Range(0, text.Length / 2).Select(i => Convert.ToByte(text.Substring(2 * i, 2), 16)).ToArray();
        }
    }
}
