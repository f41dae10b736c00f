program bench;
{ Compares what a small GET costs through crux.pas and through TFPHTTPClient: a line a turn, for bench.sh. The body is read
  and its JSON decoded, by fpjson for TFPHTTPClient. }
{$mode delphi}{$codepage utf8}
uses crux, SysUtils, Classes, Linux, UnixType, fphttpclient, fpjson, jsonparser;

const
  Turns = 7;
  Count = 1000;

type
  TGet = procedure;

var
  Base, Path: UTF8String;
  Client: ICruxClient;
  Other: TFPHTTPClient;

procedure Check(const Name: UTF8String);
begin
  if Name = '' then
    raise Exception.Create('Another response than expected.');
end;

procedure Ours;
begin
  Check(Client.Get(Path).JsonText('/name'));
end;

procedure Theirs;
var
  Document: TJSONData;
begin
  Document := GetJSON(Other.Get(Base + Path));
  try
    Check(TJSONObject(Document).Strings['name']);
  finally
    Document.Free;
  end;
end;

procedure Run(Get: TGet; Times: Integer);
begin
  while Times > 0 do
  begin
    Get;
    Dec(Times);
  end;
end;

{ Microseconds of CPU so far. }
function Spent: Double;
var
  Time: TTimeSpec;
begin
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, @Time);
  Result := Time.tv_sec * 1e6 + Time.tv_nsec / 1e3;
end;

{ Microseconds of CPU of one request. }
function Cost(Get: TGet): Double;
begin
  Result := Spent;
  Run(Get, Count);
  Result := (Spent - Result) / Count;
end;

{ MiB in memory once so many requests have been sent. }
function MemoryAfter(Times: Integer): Double;
var
  Pages: TStringList;
begin
  Run(Ours, Times);
  Pages := TStringList.Create;
  Pages.LoadFromFile('/proc/self/statm');
  Result := StrToInt(Pages[0].Split([' '])[1]) * 4096 / (1 shl 20);
  Pages.Free;
end;

var
  Turn: Integer;
  Own: Double;
begin
  DefaultFormatSettings.DecimalSeparator := '.';
  Base := GetEnvironmentVariable('CRUX_BASE');
  Path := GetEnvironmentVariable('CRUX_PATH');
  Client := CruxToken('custom', 'tok-7d1c', Base);
  if GetEnvironmentVariable('CRUX_LONG') <> '' then
  begin
    Own := MemoryAfter(10000);
    WriteLn(Format('memory: %.1f MiB after 10000 requests, %.1f after 100000', [Own, MemoryAfter(90000)]));
    Exit;
  end;
  Other := TFPHTTPClient.Create(nil);
  Other.KeepConnection := True;
  Other.AddHeader('Authorization', 'Bearer tok-7d1c');
  for Turn := 0 to Turns do
  begin
    Own := Cost(Ours);
    { The first turn warms up. }
    if Turn > 0 then
      WriteLn(Format('one at a time: %.1f against %.1f of TFPHTTPClient', [Own, Cost(Theirs)]))
    else
      Cost(Theirs);
  end;
  Other.Free;
end.
