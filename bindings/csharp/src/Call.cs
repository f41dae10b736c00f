using System;
using System.IO;

namespace Crux
{
    /// <summary>How far a call is. Since 0.2.</summary>
    public struct Transfer
    {
        /// <summary>Bytes so far; of a job that is awaited, percent.</summary>
        public readonly long Done;

        /// <summary>All bytes, or 100 of a job; -1 if that is not known.</summary>
        public readonly long Total;

        internal Transfer(long done, long total)
        {
            Done = done;
            Total = total;
        }
    }

    /// <summary>What a call has beside its path: query, headers, body, options. It may be used for many calls, also at
    /// once. Options have properties, and may be set by key as in <c>call["timeout.total_ms"]</c>. Since 0.2.</summary>
    public sealed partial class Call
    {
        internal readonly Settings settings = new Settings();

        /// <summary>An option by its key, with <c>.</c> or <c>_</c>; null is the client's value.</summary>
        /// <param name="key">such as <c>timeout_total_ms</c></param>
        public string this[string key]
        {
            get { return settings.Text(key); }
            set { settings.Set(key, value); }
        }

        /// <summary>The query, percent-encoded on its way.</summary>
        public Pairs Query { get; } = new Pairs();

        /// <summary>What each <c>{name}</c> of the path stands for, encoded so that it stays one segment.</summary>
        public Pairs Fill { get; } = new Pairs();

        /// <summary>Headers of the caller.</summary>
        public Pairs Headers { get; } = new Pairs(StringComparison.OrdinalIgnoreCase);

        /// <summary>A body of JSON, sent as it is.</summary>
        public string Json { get; set; }

        /// <summary>A body of bytes.</summary>
        public byte[] Body { get; set; }

        /// <summary>A body read from a stream while it is sent, on a thread of the package. It is sent once: a call that would
        /// have to be repeated fails. The stream is not closed.</summary>
        public Stream Content { get; set; }

        /// <summary>A body that is a file, straight from the disk.</summary>
        public string File { get; set; }

        /// <summary>The Content-Type of the body; null = the service's JSON for <see cref="Json"/>, otherwise
        /// <c>application/octet-stream</c>.</summary>
        public string ContentType { get; set; }

        /// <summary>Whether a call that starts a job goes on until the job has ended.</summary>
        public bool Wait { get; set; }

        /// <summary>Told how far the call is, about every 50 ms and at its end: done and total as in
        /// <see cref="Transfer"/>. Called on threads of the package, never twice at once; what it throws ends the call with
        /// that exception. A call that is over waits up to a second for one that blocks, a cancelled one not at all.</summary>
        public Action<long, long> Progress { get; set; }

        /// <summary>The same for an IProgress, such as <c>Progress&lt;Transfer&gt;</c> of a window.</summary>
        public IProgress<Transfer> Reporter { get; set; }

        internal bool HasUpload { get { return Content != null || File != null; } }
    }

    /// <summary>A call of the library, described and ready to be started.</summary>
    sealed class Prepared : IDisposable
    {
        internal readonly Handle Handle;
        internal readonly Call Call;
        internal bool IsUpload;

        /// <summary>Takes over a call, and adds what the caller wants of it.</summary>
        internal Prepared(IntPtr owned, Call call)
        {
            Handle = new Handle(owned);
            Call = call;
            try
            {
                if (call != null) Describe();
                Handle.Check();
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        /// <summary>The stream that is the body; null if that is something else.</summary>
        internal BodySource Source { get; private set; }

        internal void Set(string key, string value)
        {
            Native.crux_call_set(Handle, Utf8.Bytes(key, "key of an option"), Utf8.Bytes(value, $"option \"{key}\""));
        }

        void Describe()
        {
            Each(Call.Fill, Native.crux_call_fill.Invoke, "value for the path");
            Each(Call.Query, Native.crux_call_query.Invoke, "query");
            Each(Call.Headers, Native.crux_call_header.Invoke, "header");
            foreach (var one in Call.settings.All) Set(one.Key, one.Value);
            if (Call.Wait) Set("await", "1");
            IsUpload = Call.HasUpload;

            var type = Utf8.Bytes(Call.ContentType, "content type");
            if (Call.Json != null) Body(Utf8.Body(Call.Json), type);
            else if (Call.Body != null) Body(Call.Body, type ?? Utf8.Bytes("application/octet-stream", "content type"));
            else if (Call.File != null) Native.crux_call_file(Handle, Utf8.Bytes(Call.File, "name of the file"), type);
            else if (Call.Content != null)
            {
                Source = new BodySource(Call.Content);
                Hooks.Source(Handle, Source, type);
            }
        }

        void Body(byte[] bytes, byte[] type)
        {
            // A pointer to no bytes may be NULL, which means "no body": there is always one byte behind it.
            var length = bytes.Length;
            if (length == 0) bytes = new byte[1];
            Native.crux_call_body(Handle, bytes, (IntPtr)length, type);
        }

        void Each(Pairs pairs, Func<Handle, byte[], byte[], int> set, string what)
        {
            foreach (var pair in pairs)
                set(Handle, Utf8.Bytes(pair.Key, what), Utf8.Bytes(pair.Value, what));
        }

        public void Dispose() { Handle.Dispose(); }
    }
}
