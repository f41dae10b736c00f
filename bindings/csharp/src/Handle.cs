using System;
using System.Runtime.InteropServices;

namespace Crux
{
    /// <summary>An object of the library, freed once: by Dispose, or by the collector in any order and at exit.</summary>
    internal sealed class Handle : SafeHandle
    {
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

        internal Outcome Code
        {
            get { return (Outcome)Native.crux_code(this); }
        }

        internal string Message
        {
            get { return Borrowed(Native.crux_message); }
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

        string Borrowed(Native.crux_message_fn function)
        {
            var text = Utf8.Text(function(this));
            GC.KeepAlive(this);
            return text;
        }
    }
}
