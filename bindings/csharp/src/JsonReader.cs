using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Crux
{
    /// <summary>Makes the values of a document while the library walks through it.</summary>
    sealed class JsonReader
    {
        static readonly Native.JsonHook visit = OnVisit;
        static readonly byte[] whole = { 0 };

        readonly List<Json> path = new List<Json>();
        Exception error;

        /// <summary>The document; null if the body is not JSON.</summary>
        internal static Json Read(Handle response)
        {
            var reader = new JsonReader();
            var context = GCHandle.Alloc(reader);
            try
            {
                var end = Native.crux_json_walk(response, whole, visit, GCHandle.ToIntPtr(context));
                if (reader.error != null) throw reader.error;
                return end == 0 ? reader.path[0] : null;
            }
            finally { context.Free(); }
        }

        static int OnVisit(IntPtr context, int depth, int type, IntPtr key, UIntPtr keyLength, IntPtr text, UIntPtr length)
        {
            var reader = (JsonReader)GCHandle.FromIntPtr(context).Target;
            try
            {
                reader.Add(depth, new Json((JsonType)type, text == IntPtr.Zero ? null : Utf8.Text(text, length)),
                    key == IntPtr.Zero ? null : Utf8.Text(key, keyLength));
                return 0;
            }
            catch (Exception error)
            {
                reader.error = error;
                return 1;
            }
        }

        /// <summary>Puts a value below the last one that is one level higher.</summary>
        void Add(int depth, Json value, string key)
        {
            path.RemoveRange(depth, path.Count - depth);
            if (depth > 0) path[depth - 1].Add(key, value);
            path.Add(value);
        }
    }
}
