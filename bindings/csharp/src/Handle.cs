using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Crux
{
    /// <summary>An object of the library, freed once: by Dispose, or by the collector in any order and at exit.</summary>
    internal sealed class Handle : SafeHandle
    {
        static readonly Action<object> cancel = one => ((Handle)one).Cancel();

        internal Handle(IntPtr owned) : base(IntPtr.Zero, true)
        {
            SetHandle(owned);
        }

        public override bool IsInvalid
        {
            get { return handle == IntPtr.Zero; }
        }

        protected override bool ReleaseHandle()
        {
            Native.crux_free(handle);
            return true;
        }

        /// <summary>Ends what is under way of it; an object that was freed meanwhile has nothing.</summary>
        internal void Cancel()
        {
            try { Native.crux_cancel(this); }
            catch (ObjectDisposedException) { }
        }

        /// <summary>Ends what is under way of it once the token is cancelled, until the registration is disposed.</summary>
        internal CancellationTokenRegistration CancelBy(CancellationToken token)
        {
            return token.Register(cancel, this);
        }

        internal Outcome Code
        {
            get { return (Outcome)Native.crux_code(this); }
        }

        internal string Message
        {
            get
            {
                var text = Utf8.Text(Native.crux_message(this));
                GC.KeepAlive(this);
                return text;
            }
        }

        internal long Number(byte[] name)
        {
            return Native.crux_number(this, name);
        }

        /// <summary>A fact as text; null if it is not known.</summary>
        internal string Info(byte[] name)
        {
            var text = Utf8.Text(Native.crux_info(this, name));
            GC.KeepAlive(this);
            return text;
        }

        /// <summary>Throws what became of a call or of options, unless all its settings were usable.</summary>
        internal Handle Check()
        {
            if (Code == Outcome.Ok) return this;
            var error = CruxException.Of(new Failure(this, null));
            Dispose();
            throw error;
        }
    }
}
