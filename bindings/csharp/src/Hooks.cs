using System;
using System.Runtime.InteropServices;

namespace Crux
{
    /// <summary>
    /// The functions that the library calls back. Each is one delegate that lives as long as the program; what belongs to
    /// a client travels as the context: a GCHandle, freed by "release". Nothing thrown may leave them. None is used that
    /// runs on a thread of the library: those block all signals, and mono, which stops threads by signals, would wait for
    /// them for ever at its next collection.
    /// </summary>
    static class Hooks
    {
        static readonly Native.LogHook log = OnLog;
        static readonly Native.ReadHook read = OnRead;
        static readonly Native.ReleaseHook release = OnRelease;

        /// <summary>How many contexts the library holds; for the tests.</summary>
        internal static int Held;

        internal static void Log(Handle options, LogLevel level, Action<LogLevel, string> hook)
        {
            Native.crux_options_log(options, (int)level, log, Hold(hook), release);
        }

        internal static void Source(Handle call, BodySource source, byte[] type)
        {
            Native.crux_call_source(call, read, Hold(source), release, source.Length, type);
        }

        static IntPtr Hold(object target)
        {
            System.Threading.Interlocked.Increment(ref Held);
            return GCHandle.ToIntPtr(GCHandle.Alloc(target));
        }

        static T Target<T>(IntPtr context)
        {
            return (T)GCHandle.FromIntPtr(context).Target;
        }

        static void OnLog(IntPtr context, int level, IntPtr line)
        {
            try { Target<Action<LogLevel, string>>(context)((LogLevel)level, Utf8.Text(line)); }
            catch (Exception) { } // A log that fails hurts no call.
        }

        static IntPtr OnRead(IntPtr context, IntPtr buffer, UIntPtr capacity)
        {
            try { return (IntPtr)Target<BodySource>(context).Read(buffer, capacity); }
            catch (Exception) { return (IntPtr)(-1); }
        }

        static void OnRelease(IntPtr context)
        {
            try
            {
                GCHandle.FromIntPtr(context).Free();
                System.Threading.Interlocked.Decrement(ref Held);
            }
            catch (Exception) { }
        }
    }
}
