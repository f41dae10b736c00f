using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

namespace Crux
{
    /// <summary>A stream of .NET as the body of a call. The library reads it from one thread at a time.</summary>
    sealed class BodySource
    {
        readonly Stream stream;
        byte[] piece = new byte[0];
        long given;

        internal BodySource(Stream stream)
        {
            this.stream = stream;
            Length = stream.CanSeek ? stream.Length - stream.Position : -1;
        }

        internal Type StreamType { get { return stream.GetType(); } }

        /// <summary>What the stream threw; it ends the call.</summary>
        internal Exception Error { get; private set; }

        /// <summary>How many bytes there will be; -1 if the stream does not know.</summary>
        internal long Length { get; }

        /// <summary>How many were given so far.</summary>
        internal long Given { get { return Volatile.Read(ref given); } }

        /// <summary>Fills the buffer as far as one read goes: 0 = the end, -1 = give up.</summary>
        internal int Read(IntPtr buffer, UIntPtr capacity)
        {
            try
            {
                var most = (int)Math.Min((ulong)capacity, 1 << 18);
                if (piece.Length < most) piece = new byte[most];
                var count = stream.Read(piece, 0, most);
                if (count < 0 || count > most)
                    throw new IOException($"The stream says that it read {count} bytes where {most} were asked for.");
                Marshal.Copy(piece, 0, buffer, count);
                Volatile.Write(ref given, given + count);
                return count;
            }
            catch (Exception error)
            {
                Error = error;
                return -1;
            }
        }
    }
}
