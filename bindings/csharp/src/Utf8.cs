using System;
using System.Text;

namespace Crux
{
    /// <summary>Text on its way in and out.</summary>
    static unsafe class Utf8
    {
        static readonly UTF8Encoding strict = new UTF8Encoding(false, true);
        static readonly Encoding latin1 = Encoding.GetEncoding(28591);

        /// <summary>A text with a NUL behind it; null stays null.</summary>
        /// <param name="text">any text</param>
        /// <param name="what">what it is, for the error</param>
        /// <exception cref="CruxArgumentException">A NUL stands in the text, where C would cut it.</exception>
        /// <exception cref="EncoderFallbackException">Half a surrogate pair stands in the text.</exception>
        internal static byte[] Bytes(string text, string what)
        {
            if (text == null) return null;
            if (text.IndexOf('\0') >= 0)
                throw new CruxArgumentException(new Failure(Outcome.Argument, $"The {what} holds a NUL character, which no text may. Remove it."));
            var bytes = new byte[strict.GetByteCount(text) + 1];
            strict.GetBytes(text, 0, text.Length, bytes, 0);
            return bytes;
        }

        /// <summary>The bytes alone; a NUL is a character like any other.</summary>
        internal static byte[] Body(string text)
        {
            return strict.GetBytes(text);
        }

        /// <summary>A text that ends in a NUL; null if there is none. What is not UTF-8, as in old headers, is read as
        /// Latin-1.</summary>
        internal static string Text(IntPtr text)
        {
            if (text == IntPtr.Zero) return null;
            var start = (byte*)text;
            var end = start;
            while (*end != 0) end++;
            var length = (int)(end - start);
            if (length == 0) return "";
            try { return strict.GetString(start, length); }
            catch (DecoderFallbackException) { return latin1.GetString(start, length); }
        }

        /// <summary>A text of that many bytes, NULs included; what is not UTF-8 becomes U+FFFD.</summary>
        internal static string Text(IntPtr text, UIntPtr length)
        {
            return length == UIntPtr.Zero ? "" : Encoding.UTF8.GetString((byte*)text, checked((int)length));
        }
    }
}
