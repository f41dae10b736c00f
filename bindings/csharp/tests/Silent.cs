using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace Crux.Tests
{
    /// <summary>A server that says one thing to whoever connects, or nothing at all.</summary>
    sealed class Silent : IDisposable
    {
        readonly TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
        readonly List<Socket> open = new List<Socket>();

        public Silent(string says, bool hangsUp = false)
        {
            listener.Start();
            var thread = new Thread(() =>
            {
                try
                {
                    for (;;)
                    {
                        var socket = listener.AcceptSocket();
                        lock (open) open.Add(socket);
                        if (says == "") continue;
                        socket.Receive(new byte[4096]);
                        socket.Send(Encoding.ASCII.GetBytes(says));
                        if (hangsUp) socket.Close();
                    }
                }
                catch (SocketException) { }
                catch (ObjectDisposedException) { }
            });
            thread.IsBackground = true;
            thread.Start();
        }

        public string Address { get { return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"; } }

        public void Dispose()
        {
            listener.Stop();
            lock (open)
                foreach (var socket in open) socket.Close();
        }
    }
}
