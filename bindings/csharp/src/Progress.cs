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
        readonly Handle underWay;
        readonly Prepared prepared;
        readonly Timer timer;
        bool isOver;
        long last = -1, lastTotal = -1;

        Progress(Handle underWay, Prepared prepared)
        {
            this.underWay = underWay;
            this.prepared = prepared;
            timer = new Timer(_ => Look(), null, everyMs, everyMs);
        }

        /// <summary>Watches a call; null if nobody wants to know.</summary>
        /// <param name="underWay">what tells how far it is, and what ends it</param>
        /// <param name="prepared">the call</param>
        internal static Progress Watch(Handle underWay, Prepared prepared)
        {
            var call = prepared.Call;
            return call == null || (call.Progress == null && call.Reporter == null) ? null : new Progress(underWay, prepared);
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
            if (Error != null || underWay.IsClosed) return;
            try
            {
                var now = prepared.Source == null ? Facts() : new Transfer(prepared.Source.Given, prepared.Source.Length);
                if (now.Done < 0 || (now.Done == last && now.Total == lastTotal)) return;
                last = now.Done;
                lastTotal = now.Total;
                if (prepared.Call.Progress != null) prepared.Call.Progress(now.Done, now.Total);
                if (prepared.Call.Reporter != null) prepared.Call.Reporter.Report(now);
            }
            catch (Exception error)
            {
                Error = error;
                underWay.Cancel();
            }
        }

        Transfer Facts()
        {
            if (underWay.Number(phase) == Native.PhaseJob) return new Transfer(underWay.Number(percent), 100);
            return prepared.IsUpload
                ? new Transfer(underWay.Number(sent), underWay.Number(sendTotal))
                : new Transfer(underWay.Number(received), underWay.Number(receiveTotal));
        }
    }
}
