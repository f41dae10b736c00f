{ Runs the cases of bindings/cases.json that are data, through the public face of crux.pas. }
unit data;
{$mode delphi}{$h+}{$codepage utf8}

interface

uses
  SysUtils, Classes, fpjson, crux;

type
  EFailed = class(Exception);

const
  { Stands for a NUL in the cases, which fpjson would lose. }
  NulMark: UTF8String = #$EE#$80#$80;

procedure Expect(Well: Boolean; const What: string);
function Base: UTF8String;
function User: UTF8String;
function Password: UTF8String;
function Login(const Options: ICruxOptions = nil): ICruxClient;
{ Sets an answer of the sandbox; see bindings/README.md. }
procedure Answer(const Json: UTF8String);
procedure Forget;
procedure RunData(Given: TJSONObject);

implementation

uses
  jsonparser, cruxapi;

{ Free Pascal 3.2 brings no SHA-256. }
function SHA256(Bytes: Pointer; Length: NativeUInt; Sum: Pointer): Pointer; cdecl; external 'crypto';

type
  TWatch = class
    Last: Int64;
    function Progress(Received, Total: Int64): Boolean;
  end;

function TWatch.Progress(Received, Total: Int64): Boolean;
begin
  Last := Received;
  Result := True;
end;

var
  None: TJSONObject;

procedure Expect(Well: Boolean; const What: string);
begin
  if not Well then raise EFailed.Create(What);
end;

function Base: UTF8String;
begin
  Result := GetEnvironmentVariable('CRUX_BASE');
end;

function User: UTF8String;
begin
  Result := GetEnvironmentVariable('CRUX_USER');
end;

function Password: UTF8String;
begin
  Result := GetEnvironmentVariable('CRUX_PASSWORD');
end;

function Login(const Options: ICruxOptions): ICruxClient;
begin
  Result := CruxLogin('custom', Base, User, Password, Options);
end;

procedure Answer(const Json: UTF8String);
begin
  CruxAnonymous('custom', Base).Post('_sandbox/answer', Json);
end;

procedure Forget;
begin
  CruxAnonymous('custom', Base).Post('_sandbox/forget', '{}');
end;

function Filled(const Text: UTF8String): UTF8String;
begin
  Result := StringReplace(Text, NulMark, #0, [rfReplaceAll]);
  Result := StringReplace(Result, '{base}', Base, [rfReplaceAll]);
  Result := StringReplace(Result, '{https}', GetEnvironmentVariable('CRUX_SANDBOX_HTTPS'), [rfReplaceAll]);
  Result := StringReplace(Result, '{ca}', GetEnvironmentVariable('CRUX_SANDBOX_CA'), [rfReplaceAll]);
end;

function Plain(Value: TJSONData): UTF8String;
begin
  if Value.JSONType = jtString then Result := Filled(Value.AsString) else Result := Value.AsJSON;
end;

{ The member, or an empty object. }
function Member(Given: TJSONObject; const Name: string): TJSONObject;
begin
  Result := Given.Get(Name, None);
end;

{ The key of an option as C has it: 'timeout_total_ms' is 'timeout.total_ms'. }
function Key(const Word: UTF8String): UTF8String;
begin
  Result := Word;
  if crux_option_info(PAnsiChar(Word), 'type') = nil then Result := StringReplace(Word, '_', '.', []);
  if crux_option_info(PAnsiChar(Result), 'type') = nil then Result := Word;
end;

function IsOfClient(Given: TJSONObject; const Word: string): Boolean;
begin
  Result := (Given.Strings['do'] = 'login') or (Word = 'tls_ca_file') or (Word = 'base_url');
end;

function ClientOf(Given: TJSONObject): ICruxClient;
var
  More: ICruxOptions;
  Where: UTF8String;
  Account: string;
  One: TJSONEnum;
begin
  More := CruxOptions;
  Where := Base;
  for One in Member(Given, 'options') do
    if One.Key = 'base_url' then Where := Plain(One.Value)
    else if IsOfClient(Given, One.Key) then More.Option(Key(One.Key), Plain(One.Value));
  Account := Given.Get('account', 'password');
  if Account = 'anonymous' then Result := CruxAnonymous('custom', Where, More)
  else if Account = 'token' then Result := CruxToken('custom', 'tok-7d1c', Where, More)
  else if Account = 'bad_token' then Result := CruxToken('custom', 'nope', Where, More)
  else Result := CruxLogin('custom', Where, User, Given.Get('secret', Password), More);
end;

function CallOf(const Client: ICruxClient; Given: TJSONObject): ICruxCall;
var
  One: TJSONEnum;
  Method: UTF8String;
  Bytes: RawByteString;
  Hex: string;
  I: Integer;
  Stream: TStringStream;
begin
  Method := 'GET';
  if Given.Strings['do'] = 'upload' then Method := 'POST';
  Result := Client.Call(Given.Get('method', Method), Filled(Given.Strings['path']));
  for One in Member(Given, 'query') do Result.Query(One.Key, Plain(One.Value));
  for One in Member(Given, 'fill') do Result.Fill(One.Key, Plain(One.Value));
  for One in Member(Given, 'headers') do Result.Header(One.Key, Filled(One.Value.AsString));
  for One in Member(Given, 'options') do
    if not IsOfClient(Given, One.Key) then Result.Option(Key(One.Key), Plain(One.Value));
  if Given.IndexOfName('json') >= 0 then Result.PutJson('', Given['json'].AsJSON);
  if Given.IndexOfName('body_hex') >= 0 then
  begin
    Hex := Given.Strings['body_hex'];
    SetLength(Bytes, Length(Hex) div 2);
    for I := 1 to Length(Bytes) do Bytes[I] := AnsiChar(StrToInt('$' + Copy(Hex, 2 * I - 1, 2)));
    Result.Body(Bytes, Given.Strings['type']);
  end;
  if Given.IndexOfName('data') >= 0 then
  begin
    Stream := TStringStream.Create(Given.Strings['data']);
    try
      Result.Part(Given.Strings['field'], Given.Strings['filename'], Stream);
    finally
      Stream.Free;
    end;
  end;
  if Given.Get('wait', False) then Result.Wait;
end;

procedure CheckResponse(const Response: ICruxResponse; Given, Want: TJSONObject);
var
  One: TJSONEnum;
  Found, Sent: TJSONData;
  Text, Hex: string;
  Sum: array[0..31] of Byte;
  I: Integer;
begin
  if Want.IndexOfName('status') >= 0 then Expect(Response.Status = Want.Integers['status'], 'status ' + IntToStr(Response.Status));
  if Want.IndexOfName('text') >= 0 then Expect(Response.Text = Want.Strings['text'], 'text ' + Response.Text);
  if (Want.IndexOfName('length') >= 0) and (Given.Strings['do'] <> 'stream') then
    Expect(Length(Response.Body) = Want.Integers['length'], 'length ' + IntToStr(Length(Response.Body)));
  if Want.IndexOfName('sha256') >= 0 then
  begin
    SHA256(PAnsiChar(Response.Body), Length(Response.Body), @Sum);
    Hex := '';
    for I := 0 to 31 do Hex := Hex + LowerCase(IntToHex(Sum[I], 2));
    Expect(Hex = Want.Strings['sha256'], 'sha256 ' + Hex);
  end;
  if Want.IndexOfName('url') >= 0 then Expect(Response.Url = Filled(Want.Strings['url']), Response.Url);
  if Want.IndexOfName('location') >= 0 then Expect(Response.Location = Filled(Want.Strings['location']), Response.Location);
  if Want.IndexOfName('attempts') >= 0 then Expect(Response.Attempts = Want.Integers['attempts'], 'attempts');
  for One in Member(Want, 'json') do
  begin
    Text := Response.JsonText(One.Key);
    if One.Value.JSONType = jtString then Expect(Text = One.Value.AsString, One.Key + ' is ' + Text)
    else if (One.Value is TJSONFloatNumber) then Expect(Response.JsonFloat(One.Key) = One.Value.AsFloat, One.Key + ' is ' + Text)
    else Expect(Text = One.Value.AsJSON, One.Key + ' is ' + Text);
    Expect(Response.JsonType(One.Key) <> CRUX_JSON_NONE, One.Key + ' is not there');
  end;
  if Want.IndexOfName('absent') >= 0 then
    for One in Want.Arrays['absent'] do Expect(Response.JsonType(One.Value.AsString) = CRUX_JSON_NONE, One.Value.AsString);
  if Want.Get('sent_json', False) then
  begin
    Found := GetJSON(Response.JsonText('/body'));
    Sent := Given['json'];
    try
      Expect(Found.AsJSON = Sent.AsJSON, Found.AsJSON);
    finally
      Found.Free;
    end;
  end;
  if Want.Get('json_fails', False) then
    Expect((Response.JsonType = CRUX_JSON_NONE) and (Response.Info('json_error') <> ''), 'it is JSON');
  for One in Member(Want, 'headers') do Expect(Response.Header(One.Key) = One.Value.AsString, One.Key);
end;

procedure CheckError(E: ECrux; Given, Want: TJSONObject);
var
  Rest: TJSONObject;
begin
  Expect(SameText('ECrux' + StringReplace(Want.Strings['error'], '_', '', [rfReplaceAll]), E.ClassName), E.ClassName + ': ' + E.Message);
  if Want.IndexOfName('status') >= 0 then Expect(E.Status = Want.Integers['status'], 'status ' + IntToStr(E.Status));
  if Want.IndexOfName('server_message') >= 0 then Expect(E.ServerMessage = Want.Strings['server_message'], E.ServerMessage);
  if Want.IndexOfName('retryable') >= 0 then Expect(E.Retryable = Want.Booleans['retryable'], 'retryable');
  if Want.IndexOfName('retry_after_s') >= 0 then Expect(E.RetryAfterMs = 1000 * Want.Integers['retry_after_s'], 'retry after');
  Rest := Want.Clone as TJSONObject;
  try
    Rest.Delete('status');
    if E.Response <> nil then CheckResponse(E.Response, Given, Rest)
    else Expect((Want.IndexOfName('json') < 0) and (Want.IndexOfName('attempts') < 0), 'no response');
  finally
    Rest.Free;
  end;
end;

procedure Download(const Client: ICruxClient; Given, Want: TJSONObject);
var
  Target: string;
  Watch: TWatch;
  Size: Int64;
  Search: TSearchRec;
begin
  Target := GetTempFileName;
  DeleteFile(Target);
  Watch := TWatch.Create;
  try
    try
      CallOf(Client, Given).Save(Target).OnProgress(Watch.Progress).Send;
    finally
      if Want.Get('no_file', False) then Expect(not FileExists(Target), 'there is a file');
    end;
    Size := -1;
    if FindFirst(Target, faAnyFile, Search) = 0 then Size := Search.Size;
    FindClose(Search);
    DeleteFile(Target);
    Expect(Size = Want.Integers['file_length'], 'file of ' + IntToStr(Size));
    Expect(Watch.Last = Want.Integers['progress_last'], 'progress ' + IntToStr(Watch.Last));
  finally
    Watch.Free;
  end;
end;

procedure Pages(const Client: ICruxClient; Given, Want: TJSONObject);
var
  Page: ICruxResponse;
  Found: TJSONArray;
  I: Integer;
begin
  Found := TJSONArray.Create;
  try
    for Page in CallOf(Client, Given).Pages do
      if Given.Strings['do'] = 'items' then
        for I := 0 to Page.JsonCount('/results') - 1 do
          Found.Add(string(Page.JsonText('/results/' + UTF8String(IntToStr(I)) + Want.Objects['items'].Strings['pointer'])))
      else if Want.IndexOfName('sizes') >= 0 then Found.Add(Page.JsonCount(Want.Objects['sizes'].Strings['pointer']));
    if Given.Strings['do'] = 'items' then Expect(Found.AsJSON = Want.Objects['items'].Arrays['are'].AsJSON, Found.AsJSON)
    else Expect(Found.AsJSON = Want.Objects['sizes'].Arrays['are'].AsJSON, Found.AsJSON);
  finally
    Found.Free;
  end;
end;

procedure Perform(Given, Want: TJSONObject);
var
  What: string;
  Client: ICruxClient;
  Response: ICruxResponse;
  Memory: TMemoryStream;
begin
  What := Given.Strings['do'];
  Client := ClientOf(Given);
  if What = 'login' then Exit;
  if What = 'download' then Download(Client, Given, Want)
  else if (What = 'pages') or (What = 'items') then Pages(Client, Given, Want)
  else if What = 'stream' then
  begin
    Memory := TMemoryStream.Create;
    try
      Response := CallOf(Client, Given).Stream;
      Expect(Response.CopyTo(Memory) = Want.Integers['length'], 'length ' + IntToStr(Memory.Size));
    finally
      Memory.Free;
    end;
    CheckResponse(Response, Given, Want);
  end
  else
  begin
    Response := CallOf(Client, Given).Send;
    if What = 'follow' then Response := Response.Follow(Given.Strings['link']).Send;
    CheckResponse(Response, Given, Want);
  end;
end;

procedure RunData(Given: TJSONObject);
var
  One: TJSONEnum;
  Want: TJSONObject;
  Failed: Boolean;
  Start: QWord;
begin
  Want := Given.Objects['expect'];
  if Given.IndexOfName('before') >= 0 then
    for One in Given.Arrays['before'] do Answer(One.Value.AsJSON);
  Start := GetTickCount64;
  Failed := False;
  try
    Perform(Given, Want);
  except
    on E: ECrux do
    begin
      if Want.IndexOfName('error') < 0 then raise;
      Failed := True;
      CheckError(E, Given, Want);
    end;
  end;
  Expect(Failed or (Want.IndexOfName('error') < 0), 'it did not fail');
  Expect(Int64(GetTickCount64 - Start) <= Given.Get('within_ms', 60000), 'it took too long');
end;

initialization
  TJSONData.CompressedJSON := True;
  None := TJSONObject.Create;

finalization
  None.Free;
end.
