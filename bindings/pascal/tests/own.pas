{ The cases of bindings/cases.json that each language writes by hand. }
unit own;
{$mode delphi}{$h+}{$codepage utf8}

interface

uses
  Classes, crux;

type
  TJob = procedure(const Client: ICruxClient);

  { Something that never ends by itself, in a thread of its own. }
  TNever = class(TThread)
  private
    FClient: ICruxClient;
    FJob: TJob;
  public
    Ended: TClass;
    constructor Create(const Client: ICruxClient; Job: TJob);
    procedure Execute; override;
  end;

  TOwn = record
    Name: string;
    Run: procedure;
    { Why the case cannot be had; '' if it can. }
    Reason: string;
  end;

function OwnCase(const Name: string): TOwn;
{ Loads the library in another process, which has the file alone to choose from: the exit status of cases --load. }
function RunsWithout(const FileName: string): Integer;

implementation

uses
  SysUtils, Math, BaseUnix, cruxapi, data;

type
  EStop = class(Exception);

  { Hooks, and what they saw. }
  TWatch = class
    Lines: Integer;
    Loud: Integer;
    Said: UTF8String;
    Until_: QWord;
    procedure Log(Level: Integer; const Line: UTF8String);
    procedure Throw(Level: Integer; const Line: UTF8String);
    function ThrowToo(Received, Total: Int64): Boolean;
    function Limited(Received, Total: Int64): Boolean;
    function Token(const Refused: UTF8String): UTF8String;
    function NoToken(const Refused: UTF8String): UTF8String;
  end;

var
  Lock: TRTLCriticalSection;

function TWatch.Token(const Refused: UTF8String): UTF8String;
begin
  Said := Said + '[' + Refused + ']';
  if Refused = '' then Result := 'stale' else Result := 'tok-7d1c';
end;

function TWatch.NoToken(const Refused: UTF8String): UTF8String;
begin
  if Refused <> '' then raise EStop.Create('The keyring is locked.');
  Result := 'stale';
end;

procedure TWatch.Log(Level: Integer; const Line: UTF8String);
begin
  EnterCriticalSection(Lock);
  Inc(Lines);
  if Level > CRUX_LOG_INFO then Inc(Loud);
  Said := Said + Line + #10;
  LeaveCriticalSection(Lock);
end;

procedure TWatch.Throw(Level: Integer; const Line: UTF8String);
begin
  raise EStop.Create('stop');
end;

function TWatch.ThrowToo(Received, Total: Int64): Boolean;
begin
  Result := False;
  raise EStop.Create('stop');
end;

function TWatch.Limited(Received, Total: Int64): Boolean;
begin
  Result := GetTickCount64 < Until_;
end;

constructor TNever.Create(const Client: ICruxClient; Job: TJob);
begin
  FClient := Client;
  FJob := Job;
  inherited Create(False);
end;

procedure TNever.Execute;
begin
  Ended := nil;
  try
    FJob(FClient);
  except
    on E: Exception do Ended := E.ClassType;
  end;
end;

{ Runs it, cancels it once it is under way, and expects that it ends in time. }
procedure Cancelled(const Client: ICruxClient; Job: TJob);
var
  Never: TNever;
  Start: QWord;
begin
  Never := TNever.Create(Client, Job);
  try
    while (Client.Number('under_way') = 0) and not Never.Finished do ThreadSwitch;
    Start := GetTickCount64;
    Client.Cancel;
    Never.WaitFor;
    Expect(GetTickCount64 - Start < 300, 'it took ' + IntToStr(GetTickCount64 - Start) + ' ms');
    Expect(Never.Ended = ECruxCancelled, 'it did not end as cancelled');
  finally
    Never.Free;
  end;
end;

function Fresh(const Name: string): string;
begin
  Result := GetTempDir + 'crux-pascal-' + Name + '-' + IntToStr(GetProcessID);
  DeleteFile(Result);
end;

{ setenv of the C library, since Pascal reads its own copy only. }
function setenv(Name, Value: PAnsiChar; Overwrite: LongInt): LongInt; cdecl; external 'c';
function unsetenv(Name: PAnsiChar): LongInt; cdecl; external 'c';

procedure FromEnv;
var
  Client: ICruxClient;
  Options: ICruxOptions;
begin
  setenv('CRUX_API', PAnsiChar(Base), 1);
  setenv('CRUX_TOKEN', 'tok-7d1c', 1);
  Client := CruxFromEnv('', CruxOptions.Option('service', 'custom'));
  unsetenv('CRUX_API');
  unsetenv('CRUX_TOKEN');
  Expect(Client.Get('things/0/').Status = 200, 'status');
  { What a login has put into options is not for the next client. }
  Options := CruxOptions;
  CruxLogin('custom', Base, User, Password, Options);
  Client := CruxAnonymous('custom', Base, Options);
  Expect(Client.Get('echo/').JsonText('/headers/authorization') = '', 'anonymous');
end;

procedure ErrorTree;
begin
  try
    Login.Get('things/999/');
    Expect(False, 'nothing was raised');
  except
    on E: ECrux do Expect((E is ECruxHttp) and (E is Exception) and (E.Status = 404) and (E.Message <> ''), E.ClassName);
  end;
end;

procedure ErrorsHideSecrets;
var
  Watch: TWatch;
  Client: ICruxClient;
begin
  Answer('{"path":"/mirror/","status":400,"body":{"detail":"You sent tok-7d1c and пароль \"1\""}}');
  Watch := TWatch.Create;
  try
    Client := Login(CruxOptions.OnLog(CRUX_LOG_TRACE, Watch.Log));
    try
      Client.Get('mirror/');
    except
      on E: ECrux do Watch.Log(0, UTF8String(E.Message) + E.ServerMessage);
    end;
    Expect(Watch.Lines > 3, 'there is no log');
    Expect(Pos('tok-7d1c', Watch.Said) = 0, 'the token is said');
    Expect(Pos('пароль', Watch.Said) = 0, 'the password is said');
    Client := nil;
  finally
    Watch.Free;
  end;
end;

procedure TokenSource;
var
  Watch: TWatch;
  Client: ICruxClient;
begin
  Watch := TWatch.Create;
  try
    Client := CruxAnonymous('custom', Base, CruxOptions.OnToken(Watch.Token));
    Expect(Client.Get('things/0/').Status = 200, 'status');
    Expect(Client.Get('things/1/').Status = 200, 'status of the next');
    Expect(Watch.Said = '[][stale]', Watch.Said);
    Client := CruxAnonymous('custom', Base, CruxOptions.Option('reset.path', 'reset/'));
    Client.SetToken('tok-7d1c');
    Expect(Client.Get('things/1/').Status = 200, 'status with a token that was set');
    Answer('{"path":"/reset/","status":200,"body":{}}');
    Client.ResetPassword('ada@example.com');
    try
      Client.SetToken('');
      Expect(False, 'a token may be empty');
    except
      on ECruxArgument do;
    end;
    Client := nil;
  finally
    Watch.Free;
  end;
end;

procedure TokenSourceThrows;
var
  Watch: TWatch;
  Client: ICruxClient;
  Caught, Turn: Integer;
begin
  Watch := TWatch.Create;
  try
    Caught := 0;
    Client := CruxAnonymous('custom', Base, CruxOptions.OnToken(Watch.NoToken));
    for Turn := 1 to 2 do
      try
        Client.Get('things/0/');
      except
        on E: EStop do Inc(Caught);
      end;
    Expect(Caught = 2, 'what the source raised is lost');
    Client := nil;
  finally
    Watch.Free;
  end;
end;

procedure PagesLeftEarly;
var
  Client: ICruxClient;
  Page: ICruxResponse;
  Before: Int64;
begin
  Client := Login;
  Before := Client.Number('requests');
  for Page in Client.Call('GET', 'things/').Query('limit', '3').Pages do Break;
  Expect(Page.JsonCount('/results') = 3, 'the page');
  Expect(Client.Number('requests') = Before + 1, 'more than one request');
end;

procedure WaitLater;
var
  Client: ICruxClient;
  Accepted: ICruxResponse;
begin
  Client := Login;
  Accepted := Client.Post('jobs/', '{}');
  Expect(Accepted.Status = 202, 'status');
  Expect(Client.Await(Accepted).JsonInt('/value/progress') = 100, 'progress');
  Expect(Client.Job(Accepted).Send.JsonInt('/value/progress') = 100, 'progress of a call');
end;

procedure UploadFile;
var
  Name: string;
  Stream: TFileStream;
  Sent: ICruxResponse;
  Bytes: TBytes;
begin
  Name := Fresh('up.bin');
  Stream := TFileStream.Create(Name, fmCreate);
  SetLength(Bytes, 3 shl 20);
  Stream.WriteBuffer(Bytes[0], Length(Bytes));
  Stream.Free;
  Sent := Login.Upload(Name, 'upload/', 'file').Send;
  DeleteFile(Name);
  Expect(Sent.JsonInt('/size') = 3 shl 20, 'size');
  Expect(Sent.JsonText('/name') = UTF8String(ExtractFileName(Name)), 'name');
end;

{ Runs it, and expects an error of that class. }
procedure Raises(Kind: TClass; Job: TJob);
begin
  try
    Job(Login);
  except
    on E: Exception do
    begin
      Expect(E is Kind, E.ClassName + ': ' + E.Message);
      Exit;
    end;
  end;
  Expect(False, 'nothing was raised');
end;

procedure Missing(const Client: ICruxClient);
begin
  Client.Upload(Fresh('none'), 'upload/', 'file').Send;
end;

procedure UploadMissingFile;
begin
  Raises(ECruxFile, Missing);
end;

procedure IntoNoFolder(const Client: ICruxClient);
begin
  Client.Download('files/out.bin', Fresh('none') + '/out.bin');
end;

procedure DownloadIntoNoFolder;
begin
  Raises(ECruxFile, IntoNoFolder);
end;

procedure StreamLeftEarly;
var
  Client: ICruxClient;
  Stream: ICruxResponse;
  Buffer: array[0..99] of Byte;
begin
  Client := Login;
  Stream := Client.Call('GET', 'drip/100000000').Stream;
  Expect(Stream.Read(Buffer, SizeOf(Buffer)) > 0, 'nothing came');
  Stream := nil;
  Expect(Client.Number('under_way') = 0, 'it is still under way');
  Expect(Client.Get('things/0/').Status = 200, 'status');
end;

procedure StreamUp;
var
  Stream: TStringStream;
  Echo: ICruxResponse;
begin
  Stream := TStringStream.Create('piecepiecepiece');
  try
    Echo := Login.Call('POST', 'echo/').BodyFrom(Stream, 'text/plain').Send;
  finally
    Stream.Free;
  end;
  Expect(Echo.JsonText('/body') = 'piecepiecepiece', Echo.JsonText('/body'));
  Expect(Echo.JsonType('/headers/content-length') = CRUX_JSON_NONE, 'it has a length');
end;

procedure Slow(const Client: ICruxClient);
begin
  Client.Get('slow/');
end;

procedure CancelRequest;
begin
  Cancelled(Login, Slow);
end;

procedure CancelLogin;
var
  Watch: TWatch;
  Start: QWord;
begin
  Answer('{"path":"/login","status":200,"body":{"token":"x"},"delay_ms":5000}');
  Watch := TWatch.Create;
  try
    Start := GetTickCount64;
    Watch.Until_ := Start + 100;
    try
      Login(CruxOptions.OnProgress(Watch.Limited));
      Expect(False, 'it did not fail');
    except
      on ECruxCancelled do Expect(GetTickCount64 - Start < 400, 'it took too long');
    end;
  finally
    Watch.Free;
  end;
end;

procedure Endless(const Client: ICruxClient);
begin
  Client.Call('POST', 'endless/').PutJson('', '{}').Wait.Send;
end;

procedure CancelJob;
begin
  Answer('{"path":"/endless/","status":202,"body":{"value":"/endless/progress/"}}');
  Answer('{"path":"/endless/progress/","status":200,"body":{"value":{"progress":10,"message":"working"}}}');
  Cancelled(Login, Endless);
end;

procedure AllPages(const Client: ICruxClient);
var
  Page: ICruxResponse;
begin
  for Page in Client.Call('GET', 'list/').Pages do Expect(Page.Status = 200, 'status');
end;

procedure CancelPage;
begin
  Answer('{"path":"/list/","status":200,"body":{"results":[1],"next":"/slow/"}}');
  Cancelled(Login, AllPages);
end;

procedure Drip(const Client: ICruxClient);
begin
  Client.Call('GET', 'drip/100000000').Save(Fresh('drip')).Send;
end;

procedure CancelDownload;
begin
  Cancelled(Login, Drip);
  Expect(not FileExists(Fresh('drip')), 'there is a file');
end;

procedure ProgressThrows;
var
  Watch: TWatch;
begin
  Watch := TWatch.Create;
  try
    try
      Login.Call('GET', 'files/out.bin').OnProgress(Watch.ThrowToo).Option('tick.every_ms', '10').Save(Fresh('throws')).Send;
      Expect(False, 'nothing was raised');
    except
      on EStop do;
    end;
  finally
    Watch.Free;
  end;
end;

procedure LogLines;
var
  Watch: TWatch;
begin
  Watch := TWatch.Create;
  try
    Login(CruxOptions.OnLog(CRUX_LOG_INFO, Watch.Log));
    Expect((Watch.Lines > 0) and (Watch.Loud = 0), IntToStr(Watch.Lines) + ' lines');
  finally
    Watch.Free;
  end;
end;

procedure LogThrows;
var
  Watch: TWatch;
begin
  Watch := TWatch.Create;
  try
    try
      Login(CruxOptions.OnLog(CRUX_LOG_TRACE, Watch.Throw));
      Expect(False, 'nothing was raised');
    except
      on EStop do;
    end;
    Expect(Login.Get('things/0/').Status = 200, 'status');
  finally
    Watch.Free;
  end;
end;

procedure Closed;
var
  Client: ICruxClient;
begin
  Client := Login;
  Client.Close;
  Client.Close;
  try
    Client.Get('things/0/');
    Expect(False, 'nothing was raised');
  except
    on ECruxArgument do;
  end;
end;

procedure AnswerOutlivesClient;
var
  Client: ICruxClient;
  Kept: ICruxResponse;
begin
  Client := Login;
  Kept := Client.Get('things/0/');
  Client.Close;
  Client := nil;
  Expect(Kept.JsonInt('/id', -1) = 0, 'id');
  { One that was merely let go of is good for what comes of its responses. }
  Client := Login;
  Kept := Client.Get('things/0/');
  Client := nil;
  Expect(Kept.Follow('../1/').Send.JsonInt('/id') = 1, 'the next id');
end;

procedure Finalizers;
var
  Client: ICruxClient;
  Call: ICruxCall;
  Started, Stream: ICruxResponse;
begin
  Client := Login;
  Call := Client.Call('GET', 'things/0/');
  Started := Call.Start;
  Stream := Client.Call('GET', 'files/out.bin').Stream;
  Client := nil;
  Call := nil;
  Stream := nil;
  Expect(Started.WaitFor, 'it has not finished');
  Expect(Started.Check.Status = 200, 'status');
end;

procedure BrokenText;
var
  Client: ICruxClient;
  Broken: RawByteString;
  I: Integer;
begin
  Client := Login;
  for I := 0 to 1 do
    try
      Broken := 'things/'#$FF;
      SetCodePage(Broken, CP_UTF8, False);
      if I = 0 then Client.Call('GET', Broken) else Client.Call('GET', 'things/'#0'0/');
      Expect(False, 'nothing was raised');
    except
      on ECruxArgument do;
    end;
end;

procedure Threads;
var
  Client: ICruxClient;
  Never: TNever;
  I: Integer;
begin
  Client := Login;
  Never := TNever.Create(Client, Slow);
  try
    for I := 1 to 20 do Expect(Client.Get('things/0/').Status = 200, 'status');
    Expect(not Never.Finished, 'the slow one is over');
    Client.Cancel;
    Never.WaitFor;
  finally
    Never.Free;
  end;
end;

procedure HundredAtOnce;
var
  Client: ICruxClient;
  All: array[0..99] of ICruxResponse;
  I: Integer;
begin
  Client := Login;
  for I := 0 to 99 do All[I] := Client.Call('GET', 'things/' + UTF8String(IntToStr(I mod 7)) + '/').Start;
  for I := 0 to 99 do
  begin
    Expect(All[I].WaitFor(10000), 'it has not finished');
    Expect(All[I].Check.JsonInt('/id', -1) = I mod 7, 'id');
  end;
end;

procedure Fork;
var
  Client: ICruxClient;
  Child: TPid;
  Code: Integer;
begin
  Client := Login;
  Client.Get('things/0/');
  Child := FpFork;
  if Child = 0 then
  begin
    Code := 1;
    try
      if Client.Get('things/1/').JsonInt('/id') = 1 then Code := 0;
    except
    end;
    FpExit(Code);
  end;
  Expect(FpWaitPid(Child, Code, 0) = Child, 'the child is gone');
  Expect(WIFEXITED(Code) and (WEXITSTATUS(Code) = 0), 'the child failed');
  Expect(Client.Get('things/0/').Status = 200, 'status');
end;

{ The library is loaded once a process, so another process tries without one. }
function RunsWithout(const FileName: string): Integer;
var
  Child: TPid;
  Words, Environment: array[0..2] of PAnsiChar;
  Program_, Variable: AnsiString;
begin
  Program_ := ParamStr(0);
  Variable := 'CRUX_LIBRARY=' + FileName;
  Words[0] := PAnsiChar(Program_);
  Words[1] := '--load';
  Words[2] := nil;
  Environment[0] := PAnsiChar(Variable);
  Environment[1] := nil;
  Child := FpFork;
  if Child = 0 then
  begin
    FpExecve(Program_, @Words, @Environment);
    FpExit(99);
  end;
  FpWaitPid(Child, Result, 0);
  Result := WEXITSTATUS(Result);
end;

procedure LibraryMissing;
begin
  Expect(RunsWithout('/nowhere/libcrux.so') = 3, 'it does not say what was tried');
end;

procedure LibraryTooOld;
begin
  Expect(RunsWithout(GetEnvironmentVariable('CRUX_OLD_LIBRARY')) = 4, 'it does not name both editions');
end;

const
  All: array[0..29] of TOwn = (
    (Name: 'token_source'; Run: TokenSource; Reason: ''),
    (Name: 'token_source_throws'; Run: TokenSourceThrows; Reason: ''),
    (Name: 'from_env'; Run: FromEnv; Reason: ''),
    (Name: 'error_tree'; Run: ErrorTree; Reason: ''),
    (Name: 'errors_hide_secrets'; Run: ErrorsHideSecrets; Reason: ''),
    (Name: 'pages_left_early'; Run: PagesLeftEarly; Reason: ''),
    (Name: 'wait_later'; Run: WaitLater; Reason: ''),
    (Name: 'upload_file'; Run: UploadFile; Reason: ''),
    (Name: 'upload_missing_file'; Run: UploadMissingFile; Reason: ''),
    (Name: 'download_into_no_folder'; Run: DownloadIntoNoFolder; Reason: ''),
    (Name: 'stream_left_early'; Run: StreamLeftEarly; Reason: ''),
    (Name: 'stream_up'; Run: StreamUp; Reason: ''),
    (Name: 'cancel_request'; Run: CancelRequest; Reason: ''),
    (Name: 'cancel_login'; Run: CancelLogin; Reason: ''),
    (Name: 'cancel_job'; Run: CancelJob; Reason: ''),
    (Name: 'cancel_page'; Run: CancelPage; Reason: ''),
    (Name: 'cancel_download'; Run: CancelDownload; Reason: ''),
    (Name: 'progress_throws'; Run: ProgressThrows; Reason: ''),
    (Name: 'log'; Run: LogLines; Reason: ''),
    (Name: 'log_throws'; Run: LogThrows; Reason: ''),
    (Name: 'closed'; Run: Closed; Reason: ''),
    (Name: 'answer_outlives_client'; Run: AnswerOutlivesClient; Reason: ''),
    (Name: 'finalizers'; Run: Finalizers; Reason: ''),
    (Name: 'wrong_types'; Run: nil; Reason: 'the compiler refuses wrong types'),
    (Name: 'broken_text'; Run: BrokenText; Reason: ''),
    (Name: 'threads'; Run: Threads; Reason: ''),
    (Name: 'hundred_at_once'; Run: HundredAtOnce; Reason: ''),
    (Name: 'fork'; Run: Fork; Reason: ''),
    (Name: 'library_missing'; Run: LibraryMissing; Reason: ''),
    (Name: 'library_too_old'; Run: LibraryTooOld; Reason: ''));

function OwnCase(const Name: string): TOwn;
begin
  for Result in All do
    if Result.Name = Name then Exit;
  raise EFailed.Create('there is no such test');
end;

initialization
  InitCriticalSection(Lock);

finalization
  DoneCriticalSection(Lock);
end.
