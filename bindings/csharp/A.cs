using System; using System.IO; using System.Linq; using System.Threading; using System.Threading.Tasks; using System.Collections.Generic; using Crux;
class Blocking : Stream { public override int Read(byte[] b,int o,int c){ Thread.Sleep(4000); return 0; } public override bool CanRead{get{return true;}} public override bool CanSeek{get{return false;}} public override bool CanWrite{get{return false;}} public override long Length{get{throw new NotSupportedException();}} public override long Position{get{throw new NotSupportedException();}set{}} public override void Flush(){} public override long Seek(long a,SeekOrigin b){return 0;} public override void SetLength(long a){} public override void Write(byte[] a,int b,int c){} }
class Static { internal static readonly string Text = Go(); static string Go() { using (var c = A.Login()) { c.GetAsync("slow/", new Call { Progress = (d,t)=>{}, ["timeout.total_ms"]="500" }).GetAwaiter().GetResult(); } return "x"; } }
class Static2 { internal static readonly string Text = Go(); static string Go() { using (var c = A.Login()) return c.GetAsync("drip/20", new Call { Progress = (d,t)=>{ throw new Exception("static progress"); } }).GetAwaiter().GetResult().Text; } }
static class A {
  static string Env(string n) { return Environment.GetEnvironmentVariable(n); }
  static Options O() { return new Options { ["base_url"] = Env("CRUX_BASE") }; }
  internal static Client Login() { return Client.LoginAsync("custom", Env("CRUX_USER"), Env("CRUX_PASSWORD"), O()).GetAwaiter().GetResult(); }
  static string only; static void T(string n, Func<object> f) { if (only!=null && !n.StartsWith(only)) return; var a=System.Diagnostics.Stopwatch.StartNew(); string r; try { var t=Task.Run(f); if (!t.Wait(9000)) r="HANG"; else r=Convert.ToString(t.Result); } catch (Exception e) { while (e is AggregateException) e=e.InnerException; r=e.GetType().Name+": "+e.Message+" / "+(e.InnerException==null?"":e.InnerException.GetType().Name+" "+e.InnerException.Message); } if (r.Length>220) r=r.Substring(0,220); Console.WriteLine(n+": "+r+" ["+a.ElapsedMilliseconds+"]"); }
  static CancellationToken After(int ms) { return new CancellationTokenSource(ms).Token; }
  static T2 R<T2>(Task<T2> t) { return t.GetAwaiter().GetResult(); }
  static void Answer(Client c, string p, string body) { R(c.PostAsync("_sandbox/answer", new Call { Json = "{\"path\":\""+p+"\",\"method\":\"*\",\"status\":200,\"headers\":{\"content-type\":\"application/json\"},\"body\":\""+body.Replace("\\","\\\\").Replace("\"","\\\"")+"\"}" })); }
  static int Main(string[] a) { only = a.Length>0?a[0]:null;
    var c = Login();
    Answer(c,"/odd/","[9007199254740993,1e400,-0,-0.0,18446744073709551616,1e-400,1.5,1e3,{\"a\\u0000b\":1,\"a\":1,\"a\":2},\"\\ud800\"]");
    T("odd", ()=>{ var s=""; foreach (var j in R(c.GetAsync("odd/")).Json) { s+=j+":"; try { s+=j.AsInt64(); } catch (Exception e) { s+=e.GetType().Name; } s+=","; try { s+=j.AsDouble(); } catch (Exception e) { s+=e.GetType().Name; } s+=";"; } return s; });
    T("odd decimal", ()=>R(c.GetAsync("odd/")).Json[1].AsDecimal()); T("1e-400 int", ()=>R(c.GetAsync("odd/")).Json[5].AsInt64());
    T("find without slash", ()=>R(c.GetAsync("things/")).Json.Find("nonsense")); T("find null", ()=>R(c.GetAsync("things/")).Json.Find(null)); T("find 00", ()=>R(c.GetAsync("odd/")).Json.Find("/00"));
    Answer(c,"/deep/",new string('[',100000)+new string(']',100000));
    T("deep", ()=>R(c.GetAsync("deep/")).Json.Count);
    Answer(c,"/dig/",new string('7',1000000)); T("digits", ()=>R(c.GetAsync("dig/")).Json.AsInt64()); T("digits dbl", ()=>R(c.GetAsync("dig/")).Json.AsDouble());
    T("static", ()=>Static.Text); T("static2", ()=>Static2.Text);
    T("cancel slow", ()=>R(c.GetAsync("slow/",null,After(300)))); T("cancel job", ()=>R(c.PostAsync("jobs/",new Call{Json="{}",Wait=true},After(300)))); T("cancel page", ()=>c.Pages("slow/",null,After(300)).Count());
    T("cancel download", ()=>R(c.DownloadAsync("drip/100000000","/tmp/brk15/csd",null,After(300)))); T("cancel login", ()=>R(Client.LoginAsync("custom","a","b",new Options{["base_url"]="http://127.0.0.1:39415/"},After(300))));
    T("cancel body blocking", ()=>R(c.PostAsync("echo/",new Call{Content=new Blocking()},After(300))));
    T("cancel client body blocking", ()=>{ var d=Login(); Task.Run(()=>{Thread.Sleep(300);d.Dispose();}); return R(d.PostAsync("echo/",new Call{Content=new Blocking()})); });
    T("cancel progress blocking", ()=>R(c.GetAsync("drip/100000000",new Call{Progress=(x,y)=>Thread.Sleep(4000)},After(300))));
    T("progress waits for its own call", ()=>{ Task<Response> t=null; t=c.GetAsync("drip/20",new Call{Progress=(x,y)=>{ while (t==null) Thread.Sleep(1); t.Wait(); }},After(2000)); return R(t); });
    T("token provider blocking", ()=>{ var o=O(); o.TokenProvider=r=>{Thread.Sleep(4000);return Task.FromResult("tok-7d1c");}; return R(Client.Anonymous("custom",o).GetAsync("things/",null,After(300))); });
    T("token provider never", ()=>{ var o=O(); o.TokenProvider=r=>new TaskCompletionSource<string>().Task; return R(Client.Anonymous("custom",o).GetAsync("things/",null,After(300))); });
    T("token provider null task", ()=>{ var o=O(); o.TokenProvider=r=>null; return R(Client.Anonymous("custom",o).GetAsync("things/")); });
    T("token NUL", ()=>{ var o=O(); o.TokenProvider=r=>Task.FromResult("a\0b"); return R(Client.Anonymous("custom",o).GetAsync("things/")); });
    T("token self", ()=>{ Client d=null; var o=O(); o.TokenProvider=async r=>{ await d.GetAsync("things/"); return "tok-7d1c"; }; d=Client.Anonymous("custom",o); return R(d.GetAsync("things/",null,After(1500))); });
    T("token disposes", ()=>{ Client d=null; var o=O(); o.TokenProvider=r=>{ d.Dispose(); return Task.FromResult("tok-7d1c"); }; d=Client.Anonymous("custom",o); return R(d.GetAsync("things/")); });
    T("nulls", ()=>{ var s=""; foreach (var f in new Func<object>[]{ ()=>c.GetAsync(null), ()=>c.PostAsync("x",new Call{Query={[null]="1"}}), ()=>c.GetAsync("things/",new Call{Query={["a"]=null}}), ()=>c.GetAsync("things/",new Call{["timeout.total_ms"]=null}), ()=>c.GetAsync("things/",new Call{[null]="x"}), ()=>c.FollowAsync(null,null), ()=>c.WaitAsync(null), ()=>c.DownloadAsync(null,null), ()=>c.UploadAsync(null,(string)null), ()=>c.Items(null), ()=>c.Info(null), ()=>c.Number(null), ()=>{ c.SetToken(null); return 1; }, ()=>Client.Anonymous(null), ()=>Client.Token("custom",null), ()=>new Options{[null]="x"} }) { try { var o=f(); if (o is Task) ((Task)o).Wait(); s+="ok,"; } catch (Exception e) { while (e is AggregateException) e=e.InnerException; s+=e.GetType().Name+","; } } return s; });
    T("disposed", ()=>{ var d=Login(); var r=R(d.GetAsync("things/")); r.Dispose(); d.Dispose(); d.Dispose(); return r.Text.Length; });
    T("json after dispose", ()=>{ var r=R(c.GetAsync("things/")); r.Dispose(); return r.Json; });
    T("wait for disposed", ()=>{ var r=R(c.GetAsync("things/")); r.Dispose(); return R(c.WaitAsync(r)); });
    T("wait negative", ()=>{ var r=R(c.PostAsync("jobs/",new Call{Json="{}"})); return R(c.WaitAsync(r,TimeSpan.FromMilliseconds(-5))); });
    T("wait max", ()=>{ var r=R(c.PostAsync("jobs/",new Call{Json="{}"})); return R(c.WaitAsync(r,TimeSpan.MaxValue)); });
    T("wait foreign", ()=>{ var d=Login(); var r=R(c.PostAsync("jobs/",new Call{Json="{}"})); return R(d.WaitAsync(r)); });
    T("next foreign", ()=>{ var d=Login(); var r=R(c.GetAsync("pages/")); return R(d.NextPageAsync(r)); });
    T("dispose in progress", ()=>{ var d=Login(); return R(d.GetAsync("drip/200",new Call{Progress=(x,y)=>d.Dispose()})); });
    T("dispose while stream", ()=>{ var d=Login(); var s=R(d.StreamAsync("drip/100000000")); Task.Run(()=>{Thread.Sleep(300);s.Dispose();}); var b=new byte[10]; while (s.Read(b,0,10)>0); return "end"; });
    T("dispose client while stream async", ()=>{ var d=Login(); var s=R(d.StreamAsync("drip/100000000")); Task.Run(()=>{Thread.Sleep(300);d.Dispose();}); var b=new byte[10]; while (R(s.ReadAsync(b,0,10))>0); return "end"; });
    T("surrogate/NUL", ()=>{ try { c.GetAsync("\ud800"); return "went"; } catch (Exception e) { try { c.GetAsync("a\0b"); return "went"; } catch (Exception e2) { return e.GetType().Name+e2.GetType().Name; } } });
    T("abandon", ()=>{ for (int i=0;i<200;i++) { foreach (var p in c.Pages("things/")) break; c.GetAsync("slow/"); if (i%20==0) { GC.Collect(); GC.WaitForPendingFinalizers(); } } c.Cancel(); Thread.Sleep(200); GC.Collect(); GC.WaitForPendingFinalizers(); return c.Number("under_way"); });
    T("login dispose race", ()=>{ Parallel.For(0,300,i=>{ using (var d=Client.Token("custom","tok-7d1c",O())) { var t=d.GetAsync("things/"); if (i%3==0) d.Dispose(); try { t.Wait(); } catch (AggregateException) {} } GC.Collect(0); }); return "ok"; });
    T("idle race", ()=>{ Parallel.For(0,24,i=>{ for (int k=0;k<2;k++) { var d=Client.Token("custom","tok-7d1c",O()); R(d.GetAsync("things/")); Thread.Sleep(1000); for (int m=0;m<1;m++) { var t=d.GetAsync("things/"); d.Dispose(); try { t.Wait(); } catch (AggregateException) {} } } }); return "ok"; });
    T("log throws", ()=>{ var o=O(); o.LogLevel=LogLevel.Trace; o.Log=(l,s)=>{throw new Exception("x");}; return R(Client.Token("custom","tok-7d1c",o).GetAsync("things/")); });
    T("log disposes", ()=>{ Client d=null; var o=O(); o.LogLevel=LogLevel.Trace; o.Log=(l,s)=>{ if (d!=null) d.Dispose(); }; d=Client.Token("custom","tok-7d1c",o); return R(d.GetAsync("things/")); });
    T("huge", ()=>R(c.PostAsync("echo/",new Call{Body=new byte[100000000],["timeout.total_ms"]="8000"})).Body.Length);
    c.GetAsync("slow/"); R(c.StreamAsync("drip/100000000")).ReadAsync(new byte[9],0,9); Console.WriteLine("end"); return 0; } }
