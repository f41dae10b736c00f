using System; using System.Threading; using System.Threading.Tasks; using Crux;
static class B {
  static Options O() { return new Options { ["base_url"] = Environment.GetEnvironmentVariable("CRUX_BASE") }; }
  static int Main(string[] a) { bool gc=a[0]=="gc", disp=a[1]=="disp"; int n=0; var w=System.Diagnostics.Stopwatch.StartNew();
    var t=new Thread(()=>{ for(;;){ Thread.Sleep(2000); Console.WriteLine(w.ElapsedMilliseconds+": "+n); Console.Out.Flush(); } }){IsBackground=true}; t.Start();
    Parallel.For(0,300,i=>{ using (var d=Client.Token("custom","tok-7d1c",O())) { var k=d.GetAsync("things/"); if (disp && i%3==0) d.Dispose(); try { k.Wait(); } catch (AggregateException) {} } if (gc) GC.Collect(0); Interlocked.Increment(ref n); });
    Console.WriteLine("done "+n+" "+w.ElapsedMilliseconds); return 0; } }
