using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Crux
{
    // Files and streams.
    public sealed partial class Client
    {
        /// <summary>Downloads a file. An incomplete one never has the final name, and a later try goes on from there.</summary>
        /// <param name="url">a path, or a whole URL; to another origin, such as a storage service, no token goes</param>
        /// <param name="file">where to; a file that is there is replaced once the new one is complete</param>
        /// <param name="call">progress, headers and options such as <c>sha256</c>; null = none</param>
        /// <param name="cancellationToken">ends the download</param>
        /// <returns>a response without a body</returns>
        /// <exception cref="FileException">The disk is to blame.</exception>
        /// <exception cref="CruxException">what else came of the call</exception>
        public Task<Response> DownloadAsync(string url, string file, Call call = null, CancellationToken cancellationToken = default)
        {
            if (file == null) throw new ArgumentNullException(nameof(file));
            var prepared = Prepare("GET", url, call);
            prepared.Set("save", file);
            return SendAsync(prepared, cancellationToken);
        }

        /// <summary>Uploads a file of the disk as a form, without reading it into memory.</summary>
        /// <param name="path">where to; null = where the service takes files</param>
        /// <param name="file">the file</param>
        /// <param name="field">the name of the form's field; null = the one the service wants</param>
        /// <param name="type">the file's type, such as <c>text/csv</c>; null = by its ending</param>
        /// <param name="call">progress, headers and options; null = none</param>
        /// <param name="cancellationToken">ends the upload</param>
        /// <returns>the response; its Result is the address or the id of what was made</returns>
        /// <exception cref="FileException">The file cannot be read.</exception>
        /// <exception cref="CruxException">what else came of the call</exception>
        public Task<Response> UploadAsync(string path, string file, string field = null, string type = null, Call call = null,
            CancellationToken cancellationToken = default)
        {
            if (file == null) throw new ArgumentNullException(nameof(file));
            ThrowIfClosed();
            var upload = Native.crux_call_upload(handle, Utf8.Bytes(path, "path"), Utf8.Bytes(field, "field"),
                Utf8.Bytes(file, "name of the file"), Utf8.Bytes(type, "type"));
            return SendAsync(new Prepared(upload, call) { IsUpload = true }, cancellationToken);
        }

        /// <summary>Uploads what a stream holds as a form; the server sees it as a file of that name. It is read into memory
        /// first: give large files by their name.</summary>
        /// <param name="path">where to</param>
        /// <param name="data">the stream, read to its end and not closed</param>
        /// <param name="field">the name of the form's field</param>
        /// <param name="fileName">the name that the server sees</param>
        /// <param name="type">the type, such as <c>text/csv</c>; null = by the ending of the name</param>
        /// <param name="call">progress, headers and options; null = none</param>
        /// <param name="cancellationToken">ends the upload</param>
        /// <exception cref="CruxException">what came of the call instead of a response</exception>
        public async Task<Response> UploadAsync(string path, Stream data, string field = "file", string fileName = "file", string type = null,
            Call call = null, CancellationToken cancellationToken = default)
        {
            if (data == null) throw new ArgumentNullException(nameof(data));
            var prepared = Prepare("POST", path, call);
            prepared.IsUpload = true;
            using (var bytes = await ReadAsync(data, cancellationToken).ConfigureAwait(false))
            {
                var length = (IntPtr)bytes.Length;
                if (bytes.Length == 0) bytes.WriteByte(0);
                Native.crux_call_part_data(prepared.Handle, Utf8.Bytes(field, "field"), Utf8.Bytes(fileName, "name of the file"),
                    bytes.GetBuffer(), length, Utf8.Bytes(type, "type"));
            }
            return await SendAsync(prepared, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>All that a stream holds. It may block, or not look at the token: then it is left to itself.</summary>
        async Task<MemoryStream> ReadAsync(Stream data, CancellationToken cancellationToken)
        {
            using (var ending = new Ending(cancellationToken, Volatile.Read(ref all).Token))
            {
                var bytes = new MemoryStream();
                await ending.Await(HookThreads.Run(() => data.CopyToAsync(bytes, 1 << 16, ending.Token)).Unwrap()).ConfigureAwait(false);
                return bytes;
            }
        }

        /// <summary>Sends a GET and gives its body piece by piece, in as little memory as you like. Dispose the stream when
        /// you have had enough of it: that ends the request.</summary>
        /// <param name="path">as for <see cref="RequestAsync"/></param>
        /// <param name="call">query, headers and options; null = none</param>
        /// <param name="cancellationToken">ends the wait for the head of the response; reads have their own</param>
        /// <exception cref="CruxException">what came of the call instead of a body</exception>
        public Task<ResponseStream> StreamAsync(string path, Call call = null, CancellationToken cancellationToken = default)
        {
            return StreamAsync("GET", path, call, cancellationToken);
        }

        /// <summary>The same with another method.</summary>
        /// <param name="method">such as <c>POST</c></param>
        /// <param name="path">as for <see cref="RequestAsync"/></param>
        /// <param name="call">query, body, headers and options; null = none</param>
        /// <param name="cancellationToken">ends the wait for the head of the response; reads have their own</param>
        /// <exception cref="CruxException">what came of the call instead of a body</exception>
        public async Task<ResponseStream> StreamAsync(string method, string path, Call call, CancellationToken cancellationToken = default)
        {
            if (call?.Content != null)
                throw new ArgumentException("A call whose response is streamed cannot have a streamed body too. Give it bytes or a file.", nameof(call));
            var prepared = Prepare(method, path, call);
            prepared.Set("stream", "1");
            var response = await FinishAsync(prepared, cancellationToken).ConfigureAwait(false);
            return new ResponseStream(new Response(this, response, true));
        }
    }
}
