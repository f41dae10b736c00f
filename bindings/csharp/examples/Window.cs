// A window that downloads a file, with progress and Cancel: mono Window.exe, with CRUX_BASE, CRUX_USER and CRUX_PASSWORD
// set. Enter begins, Esc cancels. Nothing here waits, so the window answers all the time.

using System;
using System.Drawing;
using System.IO;
using System.Threading;
using System.Windows.Forms;
using Crux;

sealed class Window : Form
{
    readonly TextBox path = new TextBox { Text = "drip/20000000", Left = 90, Top = 14, Width = 290 };
    readonly ProgressBar bar = new ProgressBar { Left = 14, Top = 50, Width = 366, Height = 22 };
    readonly Label state = new Label { Text = "Ready.", Left = 14, Top = 82, Width = 366, Height = 22 };
    readonly Button download = new Button { Text = "&Download", Left = 200, Top = 112, Width = 86 };
    readonly Button cancel = new Button { Text = "Cancel", Left = 294, Top = 112, Width = 86, Enabled = false };
    CancellationTokenSource underWay;
    Client client;

    Window()
    {
        Text = "libcrux";
        ClientSize = new Size(394, 150);
        AcceptButton = download;
        CancelButton = cancel;
        Controls.AddRange(new Control[] { new Label { Text = "Path", Left = 14, Top = 17, Width = 70 }, path, bar, state, download, cancel });
        download.Click += Download;
        cancel.Click += (sender, e) => underWay?.Cancel();
    }

    async void Download(object sender, EventArgs e)
    {
        var file = Path.Combine(Path.GetTempPath(), "crux-window.bin");
        // A Progress<T> made here calls back here, on the window's own thread.
        var call = new Call { Reporter = new Progress<Transfer>(Show) };
        SetBusy(true);
        try
        {
            using (underWay = new CancellationTokenSource())
            {
                client = client ?? await LogIn(underWay.Token);
                await client.DownloadAsync(path.Text, file, call, underWay.Token);
            }
            state.Text = "Complete: " + file;
        }
        catch (OperationCanceledException) { state.Text = "Cancelled."; }
        catch (CruxException error) { state.Text = error.Message; }
        SetBusy(false);
    }

    void Show(Transfer now)
    {
        if (!cancel.Enabled) return;
        state.Text = now.Total > 0 ? $"{now.Done:N0} of {now.Total:N0} bytes" : $"{now.Done:N0} bytes";
        if (now.Total > 0) bar.Value = (int)(100 * now.Done / now.Total);
    }

    void SetBusy(bool isBusy)
    {
        download.Enabled = !isBusy;
        cancel.Enabled = isBusy;
        if (isBusy) bar.Value = 0;
    }

    static System.Threading.Tasks.Task<Client> LogIn(CancellationToken token)
    {
        Func<string, string> Variable = Environment.GetEnvironmentVariable;
        return Client.LoginAsync("custom", Variable("CRUX_USER"), Variable("CRUX_PASSWORD"), new Options { BaseUrl = Variable("CRUX_BASE") }, token);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) client?.Dispose();
        base.Dispose(disposing);
    }

    [STAThread]
    static void Main()
    {
        Application.EnableVisualStyles();
        Application.Run(new Window());
    }
}
