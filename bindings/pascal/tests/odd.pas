{ Odd uses: what no careful program does. Each works, or raises in words; the client stays usable. }
unit odd;
{$mode delphi}{$h+}{$codepage utf8}

interface

type
  TOdd = record
    Name: string;
    Run: procedure;
  end;

const
  OddCount = 18;

function OddCase(I: Integer): TOdd;

implementation

uses
  SysUtils, Classes, Math, BaseUnix, crux, cruxapi, data, own;

type
  EStop = class(Exception);
  TAct = procedure(const Client: ICruxClient);

  { Hooks that misbehave. }
  TBad = class
    Client: ICruxClient;
    Call: ICruxCall;
    Calls: Integer;
    function Stops(Received, Total: Int64): Boolean;
    function RaisesNoException(Received, Total: Int64): Boolean;
    function Closes(Received, Total: Int64): Boolean;
    function Asks(Received, Total: Int64): Boolean;
    function AsksInVain(Received, Total: Int64): Boolean;
    function Locked(const Refused: UTF8String): UTF8String;
    function Odd(const Refused: UTF8String): UTF8String;
    procedure Log(Level: Integer; const Line: UTF8String);
    procedure LogCloses(Level: Integer; const Line: UTF8String);
  end;

  { A stream that breaks. }
  TBroken = class(TStream)
    function Read(var Buffer; Count: LongInt): LongInt; override;
  end;

  { A stream that says what is not so. }
  TLiar = class(TStream)
    function Read(var Buffer; Count: LongInt): LongInt; override;
  end;

  { Calls that stop themselves, or whole ones, many times. }
  TCaller = class(TThread)
  private
    FClient: ICruxClient;
    FBad: TBad;
    FTimes: Integer;
  public
    Own, Well: Integer;
    Other: string;
    constructor Create(const Client: ICruxClient; Bad: TBad; Times: Integer);
    procedure Execute; override;
  end;

function TBad.Stops(Received, Total: Int64): Boolean;
begin
  Result := False;
  raise EStop.Create('stop');
end;

function TBad.RaisesNoException(Received, Total: Int64): Boolean;
begin
  Result := False;
  raise TObject.Create;
end;

function TBad.Closes(Received, Total: Int64): Boolean;
begin
  Client.Close;
  Result := True;
end;

function TBad.Asks(Received, Total: Int64): Boolean;
begin
  Inc(Calls);
  Expect(Client.Get('things/1/').JsonInt('/id') = 1, 'id');
  Result := Calls < 3;
end;

function TBad.AsksInVain(Received, Total: Int64): Boolean;
begin
  Client.Get('things/999/');
  Result := True;
end;

function TBad.Locked(const Refused: UTF8String): UTF8String;
begin
  Result := '';
  raise EStop.Create('The keyring is locked.');
end;

function TBad.Odd(const Refused: UTF8String): UTF8String;
begin
  Inc(Calls);
  case Calls of
    1: Result := '';
    2: Result := 'a'#0'b';
    3: Result := 'a'#10'b';
  else
    Result := StringOfChar('x', 1000000);
  end;
end;

procedure TBad.Log(Level: Integer; const Line: UTF8String);
begin
  raise EStop.Create('stop');
end;

procedure TBad.LogCloses(Level: Integer; const Line: UTF8String);
begin
  if Client <> nil then Client.Close;
end;

function TBroken.Read(var Buffer; Count: LongInt): LongInt;
begin
  Result := 0;
  raise EStop.Create('The disk is gone.');
end;

function TLiar.Read(var Buffer; Count: LongInt): LongInt;
begin
  Result := Count + 1;
end;

constructor TCaller.Create(const Client: ICruxClient; Bad: TBad; Times: Integer);
begin
  FClient := Client;
  FBad := Bad;
  FTimes := Times;
  inherited Create(False);
end;

procedure TCaller.Execute;
var
  I: Integer;
begin
  for I := 1 to FTimes do
    try
      if FBad = nil then FClient.Get('things/0/')
      else FClient.Call('GET', 'slow/').Option('tick.every_ms', '10').OnProgress(FBad.Stops).Send;
      Inc(Well);
    except
      on EStop do Inc(Own);
      on E: Exception do Other := E.ClassName + ': ' + E.Message;
    end;
end;

{ Runs it, and expects an error of that class. }
procedure Raises(Kind: TClass; const Client: ICruxClient; Act: TAct);
begin
  try
    Act(Client);
  except
    on E: TObject do
    begin
      if E is Exception then Expect(E is Kind, E.ClassName + ': ' + Exception(E).Message)
      else Expect(E is Kind, E.ClassName);
      Exit;
    end;
  end;
  Expect(False, 'nothing was raised');
end;

procedure WhatAHookRaisesHurtsNoOtherThread;
var
  Client: ICruxClient;
  Bad: TBad;
  Stopping, Working: array[0..2] of TCaller;
  I: Integer;
begin
  Client := Login;
  Bad := TBad.Create;
  for I := 0 to 2 do
  begin
    Stopping[I] := TCaller.Create(Client, Bad, 60);
    Working[I] := TCaller.Create(Client, nil, 300);
  end;
  try
    for I := 0 to 2 do
    begin
      Stopping[I].WaitFor;
      Working[I].WaitFor;
      Expect(Stopping[I].Own = 60, 'only ' + IntToStr(Stopping[I].Own) + ' raised their own; ' + Stopping[I].Other);
      Expect(Working[I].Well = 300, 'only ' + IntToStr(Working[I].Well) + ' went well; ' + Working[I].Other);
    end;
  finally
    for I := 0 to 2 do
    begin
      Stopping[I].Free;
      Working[I].Free;
    end;
    Bad.Free;
  end;
end;

var
  Kept: ICruxCall;
  Page: ICruxResponse;
  Pages: ICruxPages;

procedure SendKept(const Client: ICruxClient); begin Kept.Send end;
procedure StartKept(const Client: ICruxClient); begin Kept.Start end;
procedure StreamKept(const Client: ICruxClient); begin Kept.Stream end;
procedure NextPage(const Client: ICruxClient); begin Pages.MoveNext end;
procedure AwaitPage(const Client: ICruxClient); begin Client.Await(Page) end;
procedure JobOfPage(const Client: ICruxClient); begin Client.Job(Page) end;
procedure FollowPage(const Client: ICruxClient); begin Page.Follow('/things/1/').Send end;
procedure Reset(const Client: ICruxClient); begin Client.ResetPassword('ada@example.com') end;
procedure Logout(const Client: ICruxClient); begin Client.Logout end;
procedure NewToken(const Client: ICruxClient); begin Client.SetToken('x') end;
procedure Upload(const Client: ICruxClient); begin Client.Upload('file') end;
procedure Download(const Client: ICruxClient); begin Client.Download('things/', '/nowhere/file') end;

procedure AClosedClientSendsNothing;
const
  Acts: array[0..11] of TAct = (SendKept, StartKept, StreamKept, NextPage, AwaitPage, JobOfPage, FollowPage, Reset, Logout,
    NewToken, Upload, Download);
var
  Client: ICruxClient;
  Requests: Int64;
  I: Integer;
begin
  Client := Login;
  Kept := Client.Call('GET', 'things/0/');
  Page := Client.Call('POST', 'jobs/').PutJson('', '{}').Send;
  Pages := Client.Call('GET', 'things/').Query('limit', '1').Pages;
  Pages.MoveNext;
  Requests := Client.Number('requests');
  Client.Close;
  for I := Low(Acts) to High(Acts) do Raises(ECruxArgument, Client, Acts[I]);
  Expect(Client.Number('requests') = Requests, 'something was sent');
  Expect(Page.Status = 202, 'status');
  Kept := nil;
  Page := nil;
  Pages := nil;
end;

procedure Slow(const Client: ICruxClient);
begin
  Client.Get('slow/');
end;

procedure ClosingEndsWhatOthersWaitFor;
var
  Client: ICruxClient;
  Never: TNever;
  Start: QWord;
  Round, Spin: Integer;
begin
  for Round := 1 to 40 do
  begin
    Client := CruxToken('custom', 'tok-7d1c', Base);
    Never := TNever.Create(Client, Slow);
    try
      for Spin := 1 to Round * 20 do ThreadSwitch;
      Start := GetTickCount64;
      Client.Close;
      Never.WaitFor;
      Expect(GetTickCount64 - Start < 300, 'it took ' + IntToStr(GetTickCount64 - Start) + ' ms');
      Expect((Never.Ended = ECruxCancelled) or (Never.Ended = ECruxArgument), 'it did not end as cancelled or refused');
    finally
      Never.Free;
    end;
  end;
end;

procedure ALibraryWithoutAFunctionIsRefused;
begin
  Expect(RunsWithout(GetEnvironmentVariable('CRUX_HALF_LIBRARY')) = 6, 'it does not name the function');
end;

procedure NilResponse(const Client: ICruxClient); begin Client.Await(nil) end;
procedure NilJob(const Client: ICruxClient); begin Client.Job(nil) end;
procedure NilBody(const Client: ICruxClient); begin Client.Call('POST', 'echo/').BodyFrom(nil) end;
procedure NilPart(const Client: ICruxClient); begin Client.Call('POST', 'echo/').Part('a', 'b', nil) end;
procedure NilCopy(const Client: ICruxClient); begin Client.Call('GET', 'drip/10').Stream.CopyTo(nil) end;

procedure NothingIsRefused;
const
  Acts: array[0..4] of TAct = (NilResponse, NilJob, NilBody, NilPart, NilCopy);
var
  Client: ICruxClient;
  I: Integer;
begin
  Client := Login(CruxOptions.OnLog(CRUX_LOG_TRACE, nil).OnProgress(nil).OnToken(nil));
  for I := Low(Acts) to High(Acts) do Raises(ECruxArgument, Client, Acts[I]);
  Expect(Client.Call('GET', 'things/0/').OnProgress(nil).Send.Status = 200, 'status');
end;

procedure NamesWithANulAreWhole;
var
  Response: ICruxResponse;
begin
  Answer('{"path":"/nul/","status":200,"body":"{\"a\\u0000b\":1,\"c\":{\"\\u0000\":2,\"\":3}}"}');
  Response := Login.Get('nul/');
  Expect(Response.JsonKey('', 0) = 'a'#0'b', Response.JsonKey('', 0));
  Expect(Response.JsonKey('', 1) = 'c', Response.JsonKey('', 1));
  Expect(Response.JsonKey('/c', 0) = #0, 'the inner name');
  Expect((Response.JsonKey('/c', 1) = '') and (Response.JsonKey('', 2) = ''), 'a name that is none');
  Expect((Response.JsonKey('', -1) = '') and (Response.JsonKey('/nothing', 0) = ''), 'a place that is none');
end;

procedure StartWithToken(const Client: ICruxClient);
begin
  Client.Call('GET', 'things/0/').Start.WaitFor(10000);
end;

procedure StartWithSource(const Client: ICruxClient);
var
  Broken: TBroken;
  Started: ICruxResponse;
begin
  Broken := TBroken.Create;
  try
    Started := Client.Call('POST', 'echo/').BodyFrom(Broken).Start;
    Started.WaitFor(10000);
    Started.Check;
  finally
    Broken.Free;
  end;
end;

procedure SendLies(const Client: ICruxClient);
var
  Liar: TLiar;
begin
  Liar := TLiar.Create;
  try
    Client.Call('POST', 'echo/').BodyFrom(Liar).Send;
  finally
    Liar.Free;
  end;
end;

procedure AStreamThatLiesIsFoundOut;
begin
  Raises(EReadError, Login, SendLies);
end;

procedure WhatWasRaisedBehindAStartedCallComesOutOfIt;
var
  Bad: TBad;
  Client: ICruxClient;
begin
  Bad := TBad.Create;
  try
    Client := CruxAnonymous('custom', Base, CruxOptions.OnToken(Bad.Locked));
    Raises(EStop, Client, StartWithToken);
    Raises(EStop, Client, StartWithToken);
    Client := nil;
    Client := Login;
    Raises(EStop, Client, StartWithSource);
    Expect(Client.Get('things/0/').Status = 200, 'status');
  finally
    Bad.Free;
  end;
end;

procedure ALogThatRaisesWhileThingsAreFreedIsDropped;
var
  Bad: TBad;
  Client: ICruxClient;
  I: Integer;
begin
  Bad := TBad.Create;
  try
    Client := CruxToken('custom', 'tok-7d1c', Base, CruxOptions.OnLog(CRUX_LOG_TRACE, Bad.Log));
    for I := 1 to 5 do Client.Call('GET', 'things/0/').Start;
    try
      Client.Get('things/0/');
    except
      on EStop do;
    end;
    Client := nil;
    Expect(Login.Get('things/0/').Status = 200, 'status');
  finally
    Bad.Free;
  end;
end;

procedure RaiseNoException(const Client: ICruxClient);
var
  Bad: TBad;
begin
  Bad := TBad.Create;
  try
    Client.Call('GET', 'slow/').OnProgress(Bad.RaisesNoException).Send;
  finally
    Bad.Free;
  end;
end;

procedure AskInVain(const Client: ICruxClient);
var
  Bad: TBad;
begin
  Bad := TBad.Create;
  try
    Bad.Client := Client;
    Client.Call('GET', 'slow/').OnProgress(Bad.AsksInVain).Send;
  finally
    Bad.Free;
  end;
end;

procedure AskAndCancel(const Client: ICruxClient);
var
  Bad: TBad;
begin
  Bad := TBad.Create;
  try
    Bad.Client := Client;
    Client.Call('GET', 'slow/').Option('tick.every_ms', '10').OnProgress(Bad.Asks).Send;
  finally
    Bad.Free;
  end;
end;

procedure HooksMayCallTheLibraryAndRaiseAnything;
var
  Client: ICruxClient;
begin
  Client := Login;
  Raises(TObject, Client, RaiseNoException);
  Raises(ECruxHttp, Client, AskInVain);
  Raises(ECruxCancelled, Client, AskAndCancel);
  Expect(Client.Get('things/0/').Status = 200, 'status');
end;

procedure CloseInProgress(const Client: ICruxClient);
var
  Bad: TBad;
begin
  Bad := TBad.Create;
  try
    Bad.Client := Client;
    Client.Call('GET', 'slow/').OnProgress(Bad.Closes).Send;
  finally
    Bad.Free;
  end;
end;

procedure AHookMayCloseItsClient;
var
  Bad: TBad;
begin
  Raises(ECruxCancelled, Login, CloseInProgress);
  Bad := TBad.Create;
  try
    Bad.Client := CruxToken('custom', 'tok-7d1c', Base, CruxOptions.OnLog(CRUX_LOG_TRACE, Bad.LogCloses));
    try
      Bad.Client.Get('things/0/');
    except
      on ECrux do;
    end;
    Raises(ECruxArgument, Bad.Client, Slow);
    Bad.Client := nil;
  finally
    Bad.Free;
  end;
end;

procedure ATokenThatIsNoneIsAnError;
var
  Bad: TBad;
  Client: ICruxClient;
  I: Integer;
begin
  Bad := TBad.Create;
  try
    Client := CruxAnonymous('custom', Base, CruxOptions.OnToken(Bad.Odd));
    for I := 1 to 4 do
      try
        Client.Get('things/0/');
        Expect(False, 'nothing was raised');
      except
        on E: ECrux do Expect((E is ECruxAuth) or (E is ECruxArgument), E.ClassName);
        on E: EArgumentException do Expect(I = 4, E.Message);
      end;
    Client := nil;
  finally
    Bad.Free;
  end;
end;

procedure ABodyMayBeEmpty;
var
  Client: ICruxClient;
  Empty: TMemoryStream;
begin
  Client := Login;
  Empty := TMemoryStream.Create;
  try
    Expect(Client.Post('echo/', '').JsonInt('/body_length', -1) = 0, 'a text');
    Expect(Client.Call('POST', 'echo/').BodyFrom(Empty).Send.JsonInt('/body_length', -1) = 0, 'a stream');
    Expect(Client.Call('POST', 'upload/').Part('file', 'name', Empty).Send.JsonInt('/size', -1) = 0, 'a part');
    Expect(Client.Call('GET', 'drip/0').Stream.CopyTo(Empty) = 0, 'a response');
  finally
    Empty.Free;
  end;
end;

procedure TwoLines(const Client: ICruxClient); begin Client.Call('GET', 'echo/').Header('x-a', 'b'#13#10'x-c: d').Send end;
procedure NoName(const Client: ICruxClient); begin Client.Call('GET', 'echo/').Header('', 'b').Send end;
procedure OwnToken(const Client: ICruxClient); begin Client.Call('GET', 'echo/').Header('Authorization', 'b').Send end;

procedure HeadersOfAnySizeAreSentOrRefused;
var
  Client: ICruxClient;
  Long: UTF8String;
begin
  Client := Login;
  Long := StringOfChar('x', 5000);
  Expect(Client.Call('GET', 'echo/').Header('x-long', Long).Send.JsonText('/headers/x-long') = Long, 'it came otherwise');
  Raises(ECruxArgument, Client, TwoLines);
  Raises(ECruxArgument, Client, NoName);
  Raises(ECruxArgument, Client, OwnToken);
  Long := StringOfChar('x', 1 shl 24);
  try
    Client.Call('GET', 'echo/').Header('x-huge', Long).Send;
  except
    on ECrux do;
  end;
  Expect(Client.Get('things/0/').Header('content-type', -1) = '', 'a header before the first');
  Expect(Client.Get('things/0/').Header('content-type', MaxInt) = '', 'a header after the last');
end;

var
  Broken: UTF8String;

procedure BrokenMethod(const Client: ICruxClient); begin Client.Call(Broken, 'x') end;
procedure BrokenQuery(const Client: ICruxClient); begin Client.Call('GET', 'x').Query('a', Broken) end;
procedure BrokenName(const Client: ICruxClient); begin Client.Call('GET', 'x').Query(Broken, 'a') end;
procedure BrokenFill(const Client: ICruxClient); begin Client.Call('GET', '{x}').Fill('x', Broken) end;
procedure BrokenOption(const Client: ICruxClient); begin Client.Call('GET', 'x').Option('accept', Broken) end;
procedure BrokenValue(const Client: ICruxClient); begin Client.Call('GET', 'x').Put('/a', Broken) end;
procedure BrokenPlace(const Client: ICruxClient); begin Client.Call('GET', 'x').Put('/' + Broken, 'a') end;
procedure BrokenJson(const Client: ICruxClient); begin Client.Call('GET', 'x').PutJson('/a', '{') end;
procedure BrokenPart(const Client: ICruxClient); begin Client.Call('GET', 'x').Part(Broken, 'a') end;
procedure BrokenFile(const Client: ICruxClient); begin Client.Upload(Broken) end;
procedure BrokenUser(const Client: ICruxClient); begin CruxLogin('custom', Base, Broken, 'x') end;
procedure BrokenBase(const Client: ICruxClient); begin CruxAnonymous('custom', Broken) end;
procedure BrokenToken(const Client: ICruxClient); begin Client.SetToken('a'#10'b') end;
procedure BrokenLink(const Client: ICruxClient); begin Client.Get('things/0/').Follow(Broken) end;
procedure Endless(const Client: ICruxClient); begin Client.Call('POST', 'x').PutFloat('/a', Infinity) end;
procedure NoNumber(const Client: ICruxClient); begin Client.Call('POST', 'x').PutFloat('/a', NaN) end;
procedure NoTime(const Client: ICruxClient); begin Client.Call('GET', 'x').Timeout(-1) end;
procedure NoOption(const Client: ICruxClient); begin Client.Call('GET', 'x').Option('no.such', '1') end;
procedure NoService(const Client: ICruxClient); begin CruxAnonymous('no such') end;

procedure WhatIsNoTextOrNumberIsRefused;
const
  Acts: array[0..18] of TAct = (BrokenMethod, BrokenQuery, BrokenName, BrokenFill, BrokenOption, BrokenValue, BrokenPlace,
    BrokenJson, BrokenPart, BrokenFile, BrokenUser, BrokenBase, BrokenToken, BrokenLink, Endless, NoNumber, NoTime, NoOption,
    NoService);
var
  Client: ICruxClient;
  Turn, I: Integer;
begin
  Client := Login;
  for Turn := 0 to 2 do
  begin
    case Turn of
      0: Broken := #$FF;
      1: Broken := #$ED#$A0#$80;
    else
      Broken := 'a'#0'b';
    end;
    SetCodePage(RawByteString(Broken), CP_UTF8, False);
    for I := Low(Acts) to High(Acts) do Raises(ECruxArgument, Client, Acts[I]);
  end;
  Broken := '';
end;

procedure ThingsMayBeDroppedAtAnyStep;
var
  Client: ICruxClient;
  Call: ICruxCall;
  Started, Stream: ICruxResponse;
  List: ICruxPages;
  Buffer: array[0..9] of Byte;
  I: Integer;
begin
  for I := 1 to 20 do
  begin
    Client := CruxToken('custom', 'tok-7d1c', Base);
    Call := Client.Call('GET', 'drip/1000000');
    Stream := Call.Stream;
    Started := Client.Call('GET', 'slow/').Start;
    List := Client.Call('GET', 'things/').Query('limit', '1').Pages;
    if I mod 2 = 0 then Client := nil;
    if I mod 3 = 0 then Call := nil;
    if I mod 5 = 0 then Started := nil;
    Expect(Stream.Read(Buffer, 0) = 0, 'no byte was asked for');
    Expect(Stream.Read(Buffer, 10) > 0, 'nothing came');
    Expect(List.MoveNext and List.MoveNext, 'a page');
    Client := nil;
    List := nil;
    Started := nil;
    Expect(Stream.Read(Buffer, 10) > 0, 'nothing came after that');
    Stream := nil;
    Call := nil;
  end;
end;

procedure LookOnce(const Client: ICruxClient); begin Client.Await(Page, 0) end;

procedure AWaitOfNothingLooksOnce;
var
  Client: ICruxClient;
  Started: ICruxResponse;
  Start: QWord;
begin
  Answer('{"path":"/endless/","status":202,"body":{"value":"/endless/progress/"}}');
  Answer('{"path":"/endless/progress/","status":200,"body":{"value":{"progress":10,"message":"working"}}}');
  Client := Login;
  Page := Client.Post('endless/', '{}');
  Start := GetTickCount64;
  Raises(ECruxTimeout, Client, LookOnce);
  Page := nil;
  Started := Client.Call('GET', 'slow/').Start;
  Expect(not Started.WaitFor(0), 'it has finished');
  Expect(Started.Check.Status = 0, 'it has a status');
  Started.Cancel;
  Expect(Started.WaitFor(1000), 'it was not cancelled');
  Expect(GetTickCount64 - Start < 1500, 'it took too long');
end;

procedure ACallMayBeSentAgain;
var
  Bad: TBad;
  Call: ICruxCall;
begin
  Bad := TBad.Create;
  try
    Call := Login.Call('GET', 'drip/3').OnProgress(Bad.Stops).Option('tick.every_ms', '10');
    Call.Cancel;
    try
      Call.Send;
      Expect(False, 'it was not cancelled');
    except
      on ECruxCancelled do;
      on EStop do;
    end;
    Call.OnProgress(nil);
    Expect(Call.Send.Status = 200, 'status');
    Expect(Call.Start.Check.WaitFor, 'it did not finish');
    Expect(Call.Send.Status = 200, 'status of the third');
    Call := nil;
  finally
    Bad.Free;
  end;
end;

const
  All: array[0..OddCount - 1] of TOdd = (
    (Name: 'what a hook raises hurts no other thread'; Run: WhatAHookRaisesHurtsNoOtherThread),
    (Name: 'a closed client sends nothing'; Run: AClosedClientSendsNothing),
    (Name: 'closing ends what others wait for'; Run: ClosingEndsWhatOthersWaitFor),
    (Name: 'a library without a function is refused'; Run: ALibraryWithoutAFunctionIsRefused),
    (Name: 'nothing in the place of something is refused'; Run: NothingIsRefused),
    (Name: 'names with a NUL are whole'; Run: NamesWithANulAreWhole),
    (Name: 'what was raised behind a started call comes out of it'; Run: WhatWasRaisedBehindAStartedCallComesOutOfIt),
    (Name: 'a stream that lies is found out'; Run: AStreamThatLiesIsFoundOut),
    (Name: 'a log that raises while things are freed is dropped'; Run: ALogThatRaisesWhileThingsAreFreedIsDropped),
    (Name: 'hooks may call the library and raise anything'; Run: HooksMayCallTheLibraryAndRaiseAnything),
    (Name: 'a hook may close its client'; Run: AHookMayCloseItsClient),
    (Name: 'a token that is none is an error'; Run: ATokenThatIsNoneIsAnError),
    (Name: 'a body may be empty'; Run: ABodyMayBeEmpty),
    (Name: 'headers of any size are sent or refused'; Run: HeadersOfAnySizeAreSentOrRefused),
    (Name: 'what is no text or number is refused'; Run: WhatIsNoTextOrNumberIsRefused),
    (Name: 'things may be dropped at any step'; Run: ThingsMayBeDroppedAtAnyStep),
    (Name: 'a wait of nothing looks once'; Run: AWaitOfNothingLooksOnce),
    (Name: 'a call may be sent again'; Run: ACallMayBeSentAgain));

function OddCase(I: Integer): TOdd;
begin
  Result := All[I];
end;

end.
