using System;
using System.Threading;

namespace Crux
{
    /// <summary>Tells the caller how far a call is: a timer that looks at the live facts of the response. What the caller
    /// throws ends the call.</summary>
    sealed class Progress
    {
        const int everyMs = 50;
        static readonly byte[] phase = Utf8.Bytes("phase", "name"), percent = Utf8.Bytes("percent", "name");
        static readonly byte[] sent = Utf8.Bytes("sent", "name"), sendTotal = Utf8.Bytes("send_total", "name");
        static readonly byte[] received = Utf8.Bytes("received", "name"), receiveTotal = Utf8.Bytes("receive_total", "name");

        readonly object gate = new object();
        readonly Handle response;
        readonly Call call;
        readonly bool isUpload;
        readonly Timer timer;
        bool isOver;
        long last = -1, lastTotal = -1;

        Progress(Handle response, Prepared prepared)
        {
            this.response = response;
            call = prepared.Call;
            isUpload = prepared.IsUpload;
            timer = new Timer(_ => Look(), null, everyMs, everyMs);
        }

        /// <summary>Watches a call; null if nobody wants to know.</summary>
        internal static Progress Watch(Handle response, Prepared prepared)
        {
            var call = prepared.Call;
            return call == null || (call.Progress == null && call.Reporter == null) ? null : new Progress(response, prepared);
        }

        /// <summary>What the caller threw.</summary>
        internal Exception Error { get; private set; }

        /// <summary>Tells the end, and nothing after it.</summary>
        internal void Finish()
        {
            timer.Dispose();
            lock (gate)
            {
                Tell();
                isOver = true;
            }
        }

        void Look()
        {
            // A tick that comes while the caller is still at the last one is left out.
            if (!Monitor.TryEnter(gate)) return;
            try
            {
                if (!isOver) Tell();
            }
            finally { Monitor.Exit(gate); }
        }

        void Tell()
        {
            if (Error != null || response.IsClosed) return;
            try
            {
                var isJob = response.Number(phase) == Native.PhaseJob;
                var done = response.Number(isJob ? percent : isUpload ? sent : received);
                var total = isJob ? 100 : response.Number(isUpload ? sendTotal : receiveTotal);
                if (done < 0 || (done == last && total == lastTotal)) return;
                last = done;
                lastTotal = total;
                if (call.Progress != null) call.Progress(done, total);
                if (call.Reporter != null) call.Reporter.Report(new Transfer(done, total));
            }
            catch (Exception error)
            {
                Error = error;
                if (!response.IsClosed) Native.crux_cancel(response);
            }
        }
    }
}
