using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>Tests with a client that is logged in, and a server that has forgotten all answers set before.</summary>
    public abstract class ClientTests
    {
        protected Client client;

        [SetUp]
        public void LogIn()
        {
            Sandbox.Forget();
            client = Sandbox.Login().Result;
        }

        [TearDown]
        public void Close()
        {
            client.Dispose();
            Sandbox.Forget();
        }
    }
}
