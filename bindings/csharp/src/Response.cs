using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Crux
{
    /// <summary>
    /// What came of a call. Status, headers and body are copied, and stay good for ever. <see cref="Json"/>, following a
    /// link and waiting for a job need the response of the library, which lives until Dispose or the collector: dispose
    /// large responses that you keep. Since 0.2.
    /// </summary>
    public sealed class Response : IDisposable
    {
        static readonly byte[] url = Utf8.Bytes("url", "name"), location = Utf8.Bytes("location", "name");
        static readonly byte[] result = Utf8.Bytes("result", "name"), warning = Utf8.Bytes("warning", "name");
        static readonly byte[] attempts = Utf8.Bytes("attempts", "name"), jsonError = Utf8.Bytes("json_error", "name");

        readonly Client client;
        readonly Lazy<Json> json;

        internal bool IsOf(Client other)
        {
            return client == other;
        }

        internal Response(Client client, Handle handle, bool isStream = false)
        {
            this.client = client;
            Handle = handle;
            Status = Native.crux_status(handle);
            Url = handle.Info(url);
            Location = handle.Info(location);
            Result = handle.Info(result);
            Warning = handle.Info(warning);
            Attempts = (int)Math.Max(0, handle.Number(attempts));
            Headers = ReadHeaders(handle);
            Body = isStream ? new byte[0] : ReadBody(handle);
            json = new Lazy<Json>(ReadJson);
        }

        internal Handle Handle { get; }

        /// <summary>The response of the library, to be asked for more.</summary>
        /// <exception cref="ObjectDisposedException">It was freed.</exception>
        internal Handle Open
        {
            get
            {
                if (Handle.IsClosed) throw new ObjectDisposedException(nameof(Response), "The response was disposed before it was asked for that.");
                return Handle;
            }
        }

        /// <summary>The HTTP status.</summary>
        public int Status { get; }

        /// <summary>The headers; names are found in any case of letters.</summary>
        public Pairs Headers { get; }

        /// <summary>The body, decoded from gzip. It is this object's own copy.</summary>
        public byte[] Body { get; }

        /// <summary>The body as text, decoded as UTF-8.</summary>
        public string Text { get { return System.Text.Encoding.UTF8.GetString(Body); } }

        /// <summary>Where the response came from, after redirects.</summary>
        public string Url { get; }

        /// <summary>The Location as a whole URL; of a job, its result. Null if there is none.</summary>
        public string Location { get; }

        /// <summary>The address or the id of what was made; null if the response names none.</summary>
        public string Result { get; }

        /// <summary>The Warning header; null if there is none.</summary>
        public string Warning { get; }

        /// <summary>How many requests it took, retries and redirects included.</summary>
        public int Attempts { get; }

        /// <summary>The body as JSON. It is read when it is first asked for.</summary>
        /// <exception cref="FormatException">The body is not JSON.</exception>
        /// <exception cref="ObjectDisposedException">The response was disposed before it was asked for its JSON.</exception>
        public Json Json { get { return json.Value; } }

        /// <summary>Sends a GET to a link as it stands in this response, resolved against <see cref="Url"/>.</summary>
        /// <param name="link">the link, out of the body or a header</param>
        /// <param name="call">query, headers and options; null = none</param>
        /// <param name="cancellationToken">ends the call</param>
        /// <exception cref="CruxException">what came of the call instead</exception>
        public Task<Response> FollowAsync(string link, Call call = null, CancellationToken cancellationToken = default)
        {
            return client.FollowAsync(this, link, call, cancellationToken);
        }

        /// <summary>Frees the response of the library. What was copied stays good.</summary>
        public void Dispose() { Handle.Dispose(); }

        /// <summary>Status and URL.</summary>
        public override string ToString() { return $"{Status} {Url}"; }

        static Pairs ReadHeaders(Handle handle)
        {
            var headers = new Pairs(StringComparison.OrdinalIgnoreCase);
            IntPtr name, value;
            for (ulong index = 0; Native.crux_header_at(handle, (UIntPtr)index, out name, out value) == 1; index++)
                headers.Add(Utf8.Text(name), Utf8.Text(value));
            GC.KeepAlive(handle);
            return headers;
        }

        Json ReadJson()
        {
            return JsonReader.Read(Open) ?? throw new FormatException("The body is not JSON: " + (Handle.Info(jsonError) ?? "it is empty."));
        }

        static byte[] ReadBody(Handle handle)
        {
            UIntPtr length;
            var start = Native.crux_body(handle, out length);
            var body = new byte[checked((int)length)];
            if (body.Length > 0) Marshal.Copy(start, body, 0, body.Length);
            GC.KeepAlive(handle);
            return body;
        }
    }
}
