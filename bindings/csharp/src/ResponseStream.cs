using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Crux
{
    /// <summary>The body of a response while it arrives. It ends early only with an exception: what was read before is then
    /// not the whole. Since 0.2.</summary>
    public sealed class ResponseStream : Stream
    {
        const int nothingYet = -2;

        readonly Handle handle;
        volatile bool isDisposed;

        internal ResponseStream(Response response)
        {
            Response = response;
            handle = response.Handle;
        }

        /// <summary>Status and headers; it has no body.</summary>
        public Response Response { get; }

        /// <summary>Reads what is there, and waits if nothing is.</summary>
        /// <exception cref="CruxException">The body broke off.</exception>
        public override int Read(byte[] buffer, int offset, int count)
        {
            for (;;)
            {
                var got = Take(buffer, offset, count);
                if (got != nothingYet) return got;
                Native.crux_wait(handle, -1);
            }
        }

        /// <summary>The same without a thread that waits. A cancelled read ends the request.</summary>
        /// <exception cref="CruxException">The body broke off.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using (handle.CancelBy(cancellationToken))
                for (;;)
                {
                    var got = Take(buffer, offset, count, cancellationToken);
                    if (got != nothingYet) return got;
                    await Streams.Ready(handle).ConfigureAwait(false);
                }
        }

        int Take(byte[] buffer, int offset, int count, CancellationToken cancellationToken = default)
        {
            if (buffer == null) throw new ArgumentNullException(nameof(buffer));
            if (offset < 0 || count < 0 || offset > buffer.Length - count) throw new ArgumentOutOfRangeException(nameof(count));
            if (isDisposed) throw new ObjectDisposedException(nameof(ResponseStream));
            if (count == 0) return 0;
            var pinned = GCHandle.Alloc(buffer, GCHandleType.Pinned);
            try
            {
                var got = (int)Native.crux_read(handle, Marshal.UnsafeAddrOfPinnedArrayElement(buffer, offset), (UIntPtr)(uint)count);
                if (got >= 0 || got == nothingYet) return got;
            }
            finally { pinned.Free(); }
            if (isDisposed) throw new ObjectDisposedException(nameof(ResponseStream));
            throw Failure.Of(handle, Response, cancellationToken);
        }

        /// <summary>Ends the request, if it still runs.</summary>
        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                isDisposed = true;
                handle.Cancel(); // A read on another thread keeps it until then.
                handle.Dispose();
            }
            base.Dispose(disposing);
        }

        /// <summary>Always true.</summary>
        public override bool CanRead { get { return true; } }

        /// <summary>Always false.</summary>
        public override bool CanSeek { get { return false; } }

        /// <summary>Always false.</summary>
        public override bool CanWrite { get { return false; } }

        /// <summary>Not supported.</summary>
        public override long Length { get { throw new NotSupportedException(); } }

        /// <summary>Not supported.</summary>
        public override long Position
        {
            get { throw new NotSupportedException(); }
            set { throw new NotSupportedException(); }
        }

        /// <summary>Nothing to do.</summary>
        public override void Flush() { }

        /// <summary>Not supported.</summary>
        public override long Seek(long offset, SeekOrigin origin) { throw new NotSupportedException(); }

        /// <summary>Not supported.</summary>
        public override void SetLength(long value) { throw new NotSupportedException(); }

        /// <summary>Not supported.</summary>
        public override void Write(byte[] buffer, int offset, int count) { throw new NotSupportedException(); }
    }
}
