// Logs in and prints a document: csc login.cs, with crux.dll next to login.exe. Also runs with Mono on Linux.
//
//     set CRUX_PASSWORD=battery staple
//     login crunch http://127.0.0.1:8080/api/ grace@example.com datasets/
using System;
using System.Runtime.InteropServices;
using System.Text;

static class Login
{
    // The calling convention of crux.dll; texts are UTF-8 and end in a NUL.
    const CallingConvention C = CallingConvention.Cdecl;
    [DllImport("crux", CallingConvention = C)] static extern IntPtr crux_login(byte[] service, byte[] url, byte[] user, byte[] secret);
    [DllImport("crux", CallingConvention = C)] static extern IntPtr crux_request(IntPtr client, byte[] method, byte[] path, byte[] body, IntPtr length);
    [DllImport("crux", CallingConvention = C)] static extern int crux_code(IntPtr any);
    [DllImport("crux", CallingConvention = C)] static extern IntPtr crux_message(IntPtr any);
    [DllImport("crux", CallingConvention = C)] static extern IntPtr crux_body(IntPtr any, out UIntPtr length);
    [DllImport("crux", CallingConvention = C)] static extern void crux_free(IntPtr any);

    static byte[] Utf8(string text) { return text == null ? null : Encoding.UTF8.GetBytes(text + "\0"); }

    static string Text(IntPtr at, int length)
    {
        var bytes = new byte[length];
        Marshal.Copy(at, bytes, 0, length);
        return Encoding.UTF8.GetString(bytes);
    }

    static string Text(IntPtr at)
    {
        int length = 0;
        while (Marshal.ReadByte(at, length) != 0) length++;
        return Text(at, length);
    }

    static int Main(string[] words)
    {
        if (words.Length != 4) { Console.Error.WriteLine("usage: login SERVICE BASE_URL USER PATH"); return 1; }
        IntPtr me = crux_login(Utf8(words[0]), Utf8(words[1]), Utf8(words[2]), Utf8(Environment.GetEnvironmentVariable("CRUX_PASSWORD")));
        // After a failed login the request fails with the same sentence, so one check is enough.
        IntPtr response = crux_request(me, Utf8("GET"), Utf8(words[3]), null, IntPtr.Zero);
        UIntPtr length;
        IntPtr body = crux_body(response, out length);
        int code = crux_code(response);
        if (code == 0) Console.WriteLine(Text(body, (int)length)); else Console.Error.WriteLine(Text(crux_message(response)));
        crux_free(response);
        crux_free(me);
        return code;
    }
}
