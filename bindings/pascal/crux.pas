{ libcrux for Free Pascal and Delphi (since 0.2): log in once to a token-authenticated REST API, and call it.

      uses crux;
      ...
      Me := CruxLogin('crunch', '', 'ada@example.com', 'password');
      WriteLn(Me.Get('datasets/all/').Text);

  All objects are interfaces and end by themselves, in any order. Texts are UTF-8. What fails raises the ECrux of its
  kind. A client may be used by many threads at once, anything else by one at a time; Cancel by any, always.
  What a hook raises is raised again where the function that waits in its thread returns; of a started call, what its
  stream or OnToken raised in a thread of libcrux comes out of WaitFor or Check.
  The library is the file that the variable CRUX_LIBRARY names, else the one beside the program, else the system's. }
unit crux;
{$ifdef fpc}{$mode delphi}{$h+}{$codepage utf8}{$endif}

interface

uses
  SysUtils, Classes, cruxapi;

type
  ICruxClient = interface;
  ICruxCall = interface;
  ICruxResponse = interface;

  { Called while something waits, in the thread that waits: how much of how much (-1 = unknown); False cancels. }
  TCruxProgress = function(Received, Total: Int64): Boolean of object;
  { Takes a line of the log; Level is one of CRUX_LOG_... Several threads may call it at once. }
  TCruxLog = procedure(Level: Integer; const Line: UTF8String) of object;

  { Returns a token, '' if there is none; Refused is the one that the server refused, '' if none was. }
  TCruxTokens = function(const Refused: UTF8String): UTF8String of object;

  { What failed, in words. Its kind is its class. }
  ECrux = class(Exception)
  public
    { One of CRUX_ERR_...; the HTTP status, 0 if there was no response. }
    Code, Status: Integer;
    ServerMessage: UTF8String;
    { Whether the same call may succeed later, and whether this one may have reached the server. }
    Retryable, MaybeSent: Boolean;
    { How long the server asks to wait, in ms; -1 = it does not say. }
    RetryAfterMs: Int64;
    { What came, if anything did. }
    Response: ICruxResponse;
  end;
  ECruxArgument = class(ECrux);
  ECruxResolve = class(ECrux);
  ECruxConnect = class(ECrux);
  ECruxTls = class(ECrux);
  ECruxIo = class(ECrux);
  ECruxProtocol = class(ECrux);
  ECruxTimeout = class(ECrux);
  ECruxCancelled = class(ECrux);
  ECruxAuth = class(ECrux);
  ECruxHttp = class(ECrux);
  ECruxTooLarge = class(ECrux);
  ECruxJob = class(ECrux);
  ECruxFile = class(ECrux);
  ECruxInternal = class(ECrux);

  { What came of a call. Pointers are RFC 6901: '/results/0/name'; '' is the whole document. }
  ICruxResponse = interface
    ['{6E0F3B1C-7C55-4E0B-9B5C-2C9E6B0E5A01}']
    function Handle: Pointer;
    function Status: Integer;
    function Body: RawByteString;
    function Text: UTF8String;
    { '' if there is none. }
    function Header(const Name: UTF8String; Nth: Integer = 0): UTF8String;
    { A fact by its name: 'url', 'location', 'warning', 'server_message', ... '' if it is not known. }
    function Info(const Name: UTF8String): UTF8String;
    { -1 if it is not known. }
    function Number(const Name: UTF8String): Int64;
    function Url: UTF8String;
    function Location: UTF8String;
    { The address or the id of what was made. }
    function Made: UTF8String;
    function Warning: UTF8String;
    function Attempts: Integer;
    { One of CRUX_JSON_...; CRUX_JSON_NONE if nothing stands there. }
    function JsonType(const Pointer: UTF8String = ''): Integer;
    { The text of a string, else the JSON as it stands; '' if there is none. }
    function JsonText(const Pointer: UTF8String = ''): UTF8String;
    function JsonInt(const Pointer: UTF8String; Fallback: Int64 = 0): Int64;
    function JsonFloat(const Pointer: UTF8String; Fallback: Double = 0): Double;
    { Members of an object, elements of an array. }
    function JsonCount(const Pointer: UTF8String = ''): Integer;
    { The name of a member of an object. }
    function JsonKey(const Pointer: UTF8String; Index: Integer): UTF8String;
    { A call to a link as it stands in this response. }
    function Follow(const Link: UTF8String; const Method: UTF8String = 'GET'): ICruxCall;
    { Of a stream: how many bytes were read, 0 at the end. }
    function Read(var Buffer; Capacity: NativeInt): NativeInt;
    { Of a stream: all that is left, into another one; how much that was. }
    function CopyTo(Stream: TStream): Int64;
    { Of a started call: True once it has finished. -1 = no limit. Check raises what it ended with. }
    function WaitFor(LimitMs: Integer = -1): Boolean;
    function Check: ICruxResponse;
    procedure Cancel;
  end;

  { Pages, each fetched when it is reached: for Page in Call.Pages do. }
  ICruxPages = interface
    ['{6E0F3B1C-7C55-4E0B-9B5C-2C9E6B0E5A02}']
    function GetEnumerator: ICruxPages;
    function MoveNext: Boolean;
    function GetCurrent: ICruxResponse;
    property Current: ICruxResponse read GetCurrent;
  end;

  { A request in the making. Every setter returns the call itself. }
  ICruxCall = interface
    ['{6E0F3B1C-7C55-4E0B-9B5C-2C9E6B0E5A03}']
    function Handle: Pointer;
    function Query(const Name, Value: UTF8String): ICruxCall;
    function Header(const Name, Value: UTF8String): ICruxCall;
    { What stands for a placeholder of the path, percent-encoded. }
    function Fill(const Name, Value: UTF8String): ICruxCall;
    { An option by its key, such as 'timeout.total_ms'; docs/options.md lists them. }
    function Option(const Key, Value: UTF8String): ICruxCall;
    { A body of bytes; ContentType '' = the service's JSON. }
    function Body(const Bytes: RawByteString; const ContentType: UTF8String = ''): ICruxCall;
    { A body from a stream, from where it stands to its end. The stream must outlive the call. }
    function BodyFrom(Stream: TStream; const ContentType: UTF8String = 'application/octet-stream'): ICruxCall;
    { A member of the JSON body by its pointer. }
    function Put(const Pointer, Value: UTF8String): ICruxCall; overload;
    function Put(const Pointer: UTF8String; Value: Int64): ICruxCall; overload;
    function PutFloat(const Pointer: UTF8String; Value: Double): ICruxCall;
    { JSON as it stands: 'true', 'null', '[1, 2]'. }
    function PutJson(const Pointer, Json: UTF8String): ICruxCall;
    { A text part of a form; one from a stream that the server sees as a file; a file. }
    function Part(const Field, Value: UTF8String): ICruxCall; overload;
    function Part(const Field, FileName: UTF8String; Data: TStream; const ContentType: UTF8String = ''): ICruxCall; overload;
    function PartFile(const Field, FileName: UTF8String; const ContentType: UTF8String = ''): ICruxCall;
    { The file that the body goes to. }
    function Save(const FileName: UTF8String): ICruxCall;
    { Goes on until the job that the request starts has ended. }
    function Wait: ICruxCall;
    function Timeout(Ms: Int64): ICruxCall;
    function OnProgress(Hook: TCruxProgress): ICruxCall;
    { Sends, and waits for the whole response. }
    function Send: ICruxResponse;
    { Waits for the head alone; ICruxResponse.Read has the body. }
    function Stream: ICruxResponse;
    { Waits for nothing. }
    function Start: ICruxResponse;
    function Pages: ICruxPages;
    procedure Cancel;
  end;

  { How a client is made, beyond what the functions below say. }
  ICruxOptions = interface
    ['{6E0F3B1C-7C55-4E0B-9B5C-2C9E6B0E5A04}']
    function Handle: Pointer;
    function Option(const Key, Value: UTF8String): ICruxOptions;
    { What the environment says of an account; '' = the only one. }
    function FromEnv(const Account: UTF8String = ''): ICruxOptions;
    function OnLog(Level: Integer; Hook: TCruxLog): ICruxOptions;
    { For all that waits, the login too. }
    function OnProgress(Hook: TCruxProgress): ICruxOptions;
    { What fetches the token, instead of a password: out of a keyring, a vault, single sign-on. One call at a time asks, in
      the thread that needs it; for a started call that is one of libcrux. }
    function OnToken(Hook: TCruxTokens): ICruxOptions;
  end;

  { An account at a service. }
  ICruxClient = interface
    ['{6E0F3B1C-7C55-4E0B-9B5C-2C9E6B0E5A05}']
    function Handle: Pointer;
    function Call(const Method, Path: UTF8String): ICruxCall;
    function Get(const Path: UTF8String): ICruxResponse;
    function Post(const Path, Json: UTF8String): ICruxResponse;
    function Put(const Path, Json: UTF8String): ICruxResponse;
    function Patch(const Path, Json: UTF8String): ICruxResponse;
    function Delete(const Path: UTF8String): ICruxResponse;
    { Uploads a file; Path and Field '' = the service's own. }
    function Upload(const FileName: UTF8String; const Path: UTF8String = ''; const Field: UTF8String = ''): ICruxCall;
    { Downloads to a file, which has its name only once it is complete. }
    function Download(const Url, FileName: UTF8String): ICruxResponse;
    { The call that waits for the job of an accepted request, as long as its option job.timeout_ms says. }
    function Job(const Accepted: ICruxResponse): ICruxCall;
    { Waits until the job of an accepted request has ended. -1 = as the option job.timeout_ms says. }
    function Await(const Accepted: ICruxResponse; LimitMs: Integer = -1): ICruxResponse;
    procedure Logout;
    { Goes on with a token from elsewhere. }
    procedure SetToken(const Token: UTF8String);
    { Asks the service to mail a link for a new password. }
    procedure ResetPassword(const Email: UTF8String);
    function Number(const Name: UTF8String): Int64;
    { Ends all that is under way; the client stays usable. }
    procedure Cancel;
    { Ends all that is under way, and refuses what would send something from now on; responses stay good. }
    procedure Close;
  end;

function CruxOptions: ICruxOptions;
{ Logs in with a password. Base '' is the service's own address. }
function CruxLogin(const Service, Base, User, Secret: UTF8String; const Options: ICruxOptions = nil): ICruxClient;
{ Takes a ready token or API key; nothing is sent yet. }
function CruxToken(const Service, Token: UTF8String; const Base: UTF8String = ''; const Options: ICruxOptions = nil): ICruxClient;
function CruxAnonymous(const Service: UTF8String; const Base: UTF8String = ''; const Options: ICruxOptions = nil): ICruxClient;
function CruxFromEnv(const Account: UTF8String = ''; const Options: ICruxOptions = nil): ICruxClient;
{ The version of the library that is loaded. }
function CruxVersion: UTF8String;

implementation

uses
  {$ifdef fpc}DynLibs{$else}Windows{$endif}, SyncObjs;

{$i cruxhooks.inc}
{$i cruxobjects.inc}
{$i cruxresponse.inc}
{$i cruxcall.inc}
{$i cruxclient.inc}

initialization
  Guard := TCriticalSection.Create;

finalization
  Guard.Free;
end.
