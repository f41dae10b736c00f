using System;
using System.Threading;

namespace Crux
{
    /// <summary>The base of all that a call may end with, except cancellation, which is an
    /// <see cref="OperationCanceledException"/>. There is one class for each <see cref="Outcome"/>. Since 0.2.</summary>
    public partial class CruxException : Exception
    {
        readonly Failure failure;

        internal CruxException(Failure failure) : base(failure.Message, failure.Standard)
        {
            this.failure = failure;
        }

        /// <summary>The outcome as a number of the library.</summary>
        public Outcome Code { get { return failure.Code; } }

        /// <summary>The HTTP status; 0 if there was no response.</summary>
        public int Status { get { return failure.Status; } }

        /// <summary>What the server says about the error, without secrets; null if it says nothing.</summary>
        public string ServerMessage { get { return failure.ServerMessage; } }

        /// <summary>Whether the same request may succeed later.</summary>
        public bool Retryable { get { return failure.Retryable; } }

        /// <summary>Whether the request may have reached the server.</summary>
        public bool MaybeSent { get { return failure.MaybeSent; } }

        /// <summary>How long the server asks to wait; null if it does not.</summary>
        public TimeSpan? RetryAfter { get { return failure.RetryAfter; } }

        /// <summary>The response, if there was one; otherwise null.</summary>
        public Response Response { get { return failure.Response; } }
    }

    /// <summary>What an exception tells, copied out of the library.</summary>
    sealed class Failure
    {
        static readonly byte[] serverMessage = Utf8.Bytes("server_message", "name");
        static readonly byte[] retryable = Utf8.Bytes("retryable", "name");
        static readonly byte[] maybeSent = Utf8.Bytes("maybe_sent", "name");
        static readonly byte[] retryAfter = Utf8.Bytes("retry_after_ms", "name");

        internal readonly Outcome Code;
        internal readonly string Message, ServerMessage;
        internal readonly int Status;
        internal readonly bool Retryable, MaybeSent;
        internal readonly TimeSpan? RetryAfter;
        internal readonly Response Response;

        internal Failure(Outcome code, string message)
        {
            Code = code;
            Message = message;
        }

        internal Failure(Handle handle, Response response) : this(handle.Code, handle.Message)
        {
            Response = response;
            Status = Native.crux_status(handle);
            ServerMessage = handle.Info(serverMessage);
            Retryable = handle.Number(retryable) == 1;
            MaybeSent = handle.Number(maybeSent) == 1;
            var wait = handle.Number(retryAfter);
            if (wait >= 0) RetryAfter = TimeSpan.FromMilliseconds(wait);
        }

        /// <summary>The exception that tells what became of a call.</summary>
        internal static Exception Of(Handle handle, Response response, CancellationToken cancellationToken)
        {
            if (handle.Code != Outcome.Cancelled) return CruxException.Of(new Failure(handle, response));
            var cause = cancellationToken.IsCancellationRequested ? cancellationToken : CancellationToken.None;
            return new OperationCanceledException(handle.Message, cause);
        }

        /// <summary>The standard exception that says the same: the inner one, as with HttpClient.</summary>
        internal Exception Standard
        {
            get
            {
                switch (Code)
                {
                    case Outcome.Argument: return new ArgumentException(Message);
                    case Outcome.Timeout: return new TimeoutException(Message);
                    case Outcome.Io:
                    case Outcome.File: return new System.IO.IOException(Message);
                    default: return null;
                }
            }
        }
    }
}
